"""The rule book as Markdown for the site: one page per code and an index."""

from collections.abc import Iterator
from itertools import groupby
from textwrap import indent

from udb.domain.services import SERVICES
from udb.rulebook.attempt import envelope, script
from udb.rulebook.book import entries
from udb.rulebook.entry import Entry
from udb.rulebook.examples import Example, readable
from udb.rulebook.facts import answer, difference, facts, paragraphs, what_to_do
from udb.rulebook.sets_used import sets_used
from udb.rulebook.words import ENGLISH, EXAMPLES, GROUPS, WORDS
from udb.rules.rule import Alvor

INDEX = "README.md"

_WORDS = WORDS[ENGLISH]
_MADE = "<!-- Made from the rules by `make site`; changes belong in `udb/rules/`. -->"


def pages() -> dict[str, str]:
    """Return the content of every page by file name."""
    return {INDEX: _index(), **{f"{entry.code}.md": _page(entry) for entry in entries()}}


def _index() -> str:
    parts = [f"# {_WORDS['title']}", _WORDS["intro"], _MADE]
    for group, members in groupby(entries(), key=lambda entry: entry.code[0]):
        rows = ["| code | severity | name | what is wrong |", "|---|---|---|---|"]
        rows += [f"| {' | '.join(_row(entry))} |" for entry in members]
        parts += [f"## {GROUPS[ENGLISH][group]}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _row(entry: Entry) -> tuple[str, str, str, str]:
    severity = entry.alvor.value if entry.alvor else ""
    return f"[{entry.code}]({entry.code}.md)", severity, _cell(entry.name), _cell(entry.summary(ENGLISH))


def _page(entry: Entry) -> str:
    parts = [
        f"# {entry.code} {entry.name}",
        _MADE,
        f"[{_WORDS['all']}]({INDEX}).",
        f"**English:** {entry.text}",
        f"**Dansk ({entry.navn}):** {entry.tekst}",
        f"## {_WORDS['do']}",
        *what_to_do(entry, ENGLISH),
    ]
    if entry.explanation:
        text, listed = paragraphs(entry, ENGLISH)
        parts += [f"## {_WORDS['explanation']}", *map(_with_code, text)]
        parts += ["\n".join(f"- {_with_code(line)}" for line in listed)] if listed else []
    if entry.wrong is not None and entry.right is not None:
        parts.append(difference(entry.wrong, entry.right, ENGLISH))
    for heading, example in zip(EXAMPLES[entry.alvor or Alvor.HAARD], (entry.wrong, entry.right), strict=True):
        if example is not None:
            parts += [f"## {_WORDS[heading]}", *_example(example)]
    rows = (f"| **{label}** | {value} |" for label, value in _facts(entry))
    parts += [f"## {_WORDS['facts']}", "\n".join(["| | |", "|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield from ((label, _cell(value)) for label, value in facts(entry, ENGLISH))
    if sets := sets_used(entry.code):
        yield _WORDS["sets"], ", ".join(f"[{saet}](../koder/{saet}.md)" for saet in sets)


def _example(example: Example) -> list[str]:
    message = readable(envelope(example.service, example.transaction, example.xml), ENGLISH)
    return [
        "\n".join(f"{number}. {line}" for number, line in enumerate(example.story(ENGLISH), 1)),
        f"{_WORDS['send_to']} `{SERVICES[example.service].path}`",
        f"```xml\n{message}```",
        f"{_WORDS['answer']}: {answer(example, ENGLISH)}",
        f'??? note "{_WORDS["try"]}"',
        f"    {_WORDS['try_text']}",
        indent(f"```sh\n{script(example)}```", "    "),
    ]


def _with_code(line: str) -> str:
    return line.replace("``", "`")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
