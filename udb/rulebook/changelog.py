"""Entries of REGELAENDRINGER.md: their dates and what they name."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from udb.paths import ROOT

CHANGELOG: Final = ROOT / "REGELAENDRINGER.md"

_HEADING: Final = re.compile(r"^## (\d{4}-\d{2}-\d{2})$", re.MULTILINE)
_RANGE: Final = re.compile(r"\b(\d{4})-(\d{4})\b(?!-)")
_WORD: Final = re.compile(r"\w+")


def entries(file: Path = CHANGELOG) -> list[tuple[date, str]]:
    """Return date and text of each entry, in the file's order. Raises ValueError for a date that is none."""
    _, *parts = _HEADING.split(file.read_text(encoding="utf-8"))
    return [(date.fromisoformat(day), text) for day, text in zip(parts[::2], parts[1::2], strict=True)]


def named(text: str, names: Iterable[str]) -> set[str]:
    """Return those of some codes and code sets that an entry names, by name or in a range such as 1001-1006."""
    words = set(_WORD.findall(text))
    ranges = _RANGE.findall(text)
    return {
        name
        for name in names
        if name in words or (name.isdecimal() and any(first <= name <= last for first, last in ranges))
    }
