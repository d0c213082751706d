"""The rule book as Markdown for the site: one page per code and an index."""

from collections.abc import Iterator
from itertools import groupby

from udb.rulebook.book import Entry, entries
from udb.rulebook.examples import Example
from udb.rulebook.facts import answer, facts
from udb.rulebook.sets_used import sets_used
from udb.rulebook.words import ENGLISH, EXAMPLES, GROUPS, WORDS

INDEX = "README.md"

_WORDS = WORDS[ENGLISH]
_MADE = "<!-- Made from the rules by `make site`; changes belong in `udb/rules/`. -->"


def pages() -> dict[str, str]:
    """Return the content of every page by file name."""
    return {INDEX: _index(), **{f"{entry.code}.md": _page(entry) for entry in entries()}}


def _index() -> str:
    parts = [f"# {_WORDS['title']}", _WORDS["intro"], _MADE]
    for group, members in groupby(entries(), key=lambda entry: entry.code[0]):
        rows = ["| code | severity | what is wrong |", "|---|---|---|"]
        rows += [f"| [{e.code}]({e.code}.md) | {e.alvor.value} | {_cell(e.summary(ENGLISH))} |" for e in members]
        parts += [f"## {GROUPS[ENGLISH][group]}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _page(entry: Entry) -> str:
    parts = [
        f"# {entry.code}: {entry.summary(ENGLISH)}",
        _MADE,
        f"[{_WORDS['all']}]({INDEX}).",
        f"**English:** {entry.text}",
        f"**Dansk:** {entry.tekst}",
        "\n".join(["| | |", "|---|---|", *(f"| {label} | {value} |" for label, value in _facts(entry))]),
    ]
    if entry.explanation:
        parts += [f"## {_WORDS['explanation']}", *(line.replace("``", "`") for line in entry.explanation)]
    for heading, example in zip(EXAMPLES[entry.alvor], (entry.wrong, entry.right), strict=True):
        if example is not None:
            parts += [f"## {_WORDS[heading]}", *_example(example)]
    return "\n\n".join(parts) + "\n"


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield from ((label, _cell(value)) for label, value in facts(entry, ENGLISH))
    if sets := sets_used(entry.code):
        yield _WORDS["sets"], ", ".join(f"[{saet}](../koder/{saet}.md)" for saet in sets)


def _example(example: Example) -> list[str]:
    parts = ["\n".join(f"{number}. {line}" for number, line in enumerate(example.story(ENGLISH), 1))]
    if example.transaction is not None:
        parts.append(f"{_WORDS['transaction']}: `{example.transaction}`")
    return [*parts, f"```xml\n{example.xml}\n```", f"{_WORDS['answer']}: {answer(example, ENGLISH)}"]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
