"""Docstrings and comments are written in plain English (CONTRIBUTING.md, Style)."""

import re
import tokenize
from collections import Counter
from collections.abc import Iterator

from udb.paths import ROOT

FOLDERS = ("udb", "tests", "benchmarks", "migrations", "clients", "docs")
OLD_VOICE = {"told", "stands", "nobody", "whoever", "anew", "whom", "somebody"}
"""Words that hide who does what."""
MOST = 2
"""Of each word, per 10,000 words."""


def words() -> Iterator[str]:
    """Yield every word of every docstring and comment, in lower case."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            with file.open("rb") as source:
                for token in tokenize.tokenize(source.readline):
                    is_docstring = token.type == tokenize.STRING and token.string.lstrip("rRbBuUfF").startswith('"""')
                    # This file names the words themselves.
                    if (token.type == tokenize.COMMENT or is_docstring) and file.name != "test_language.py":
                        yield from re.findall(r"[a-zæøå']+", token.string.lower())


def test_docstrings_and_comments_are_plain() -> None:
    counted = Counter(words())
    assert counted.total() > 50_000
    often = {word: counted[word] for word in OLD_VOICE if counted[word] * 10_000 > MOST * counted.total()}
    assert often == {}
