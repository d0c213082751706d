"""``udb rules``: the rule book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from udb.cli import groups, output

if TYPE_CHECKING:
    from udb.rulebook.entry import Entry
    from udb.rulebook.examples import Example


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "rules").command(groups.BY_DEFAULT)(show)


def show(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="A rule, with its examples.")] = None,
    as_json: output.Json = False,
    write: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", file_okay=False, help="Write a Markdown page for each into a folder."),
    ] = None,
) -> None:
    """List the rules and refusals, or show one.

    With a code (udb rules 4003) the rule is shown with a right and a wrong message.
    """
    from udb.domain.errors import UnknownName
    from udb.rulebook import book

    if write is not None:
        _write(write)
        return
    found = book.entries() if code is None else tuple(filter(None, (book.entry_of(code),)))
    if not found:
        raise UnknownName(f"There is no rule {code}. See: udb rules")
    if code is not None and not as_json:
        _show(found[0])
    elif code is not None:
        output.document(found[0].to_json())
    elif as_json:
        output.document([entry.to_json() for entry in found])
    else:
        rows = [{"code": e.code, "alvor": e.alvor or "", "element": e.element or "", "name": e.name} for e in found]
        output.rows({"code": "code", "alvor": "alvor", "element": "element", "name": "name"}, rows, as_json=False)


def _write(folder: Path) -> None:
    from udb.rulebook import markdown

    pages = markdown.pages()
    folder.mkdir(parents=True, exist_ok=True)
    for old in (path for kind in ("[0-9]" * 4, "IPL*", "UDB*") for path in folder.glob(f"{kind}.md")):
        if old.name not in pages:
            old.unlink()
    for name, content in pages.items():
        (folder / name).write_text(content, encoding="utf-8")
    typer.echo(f"{output.counted(len(pages), 'page')} in {folder}.")


def _show(entry: Entry) -> None:
    from udb.rulebook.facts import facts
    from udb.rulebook.words import ENGLISH, EXAMPLES, WORDS
    from udb.rules.rule import Alvor

    lines = [f"{entry.code}  {entry.name}", "", entry.said(ENGLISH), "", f"Dansk: {entry.said('da')}", ""]
    lines += [f"{label}: {value}" for label, value in facts(entry, ENGLISH)]
    lines += ["", *(line.replace("``", "") for line in entry.explanation)]
    for heading, example in zip(EXAMPLES[entry.alvor or Alvor.HAARD], (entry.wrong, entry.right), strict=True):
        if example is not None:
            lines += ["", f"{WORDS[ENGLISH][heading]}:", "", *_lines(example)]
    typer.echo("\n".join(lines))


def _lines(example: Example) -> list[str]:
    from udb.rulebook.attempt import envelope
    from udb.rulebook.examples import readable
    from udb.rulebook.facts import answer
    from udb.rulebook.words import ENGLISH, WORDS

    story = [f"{number}. {line}" for number, line in enumerate(example.story(ENGLISH), 1)]
    message = readable(envelope(example.service, example.transaction, example.xml), ENGLISH)
    return [*story, "", message, f"{WORDS[ENGLISH]['answer']}: {answer(example, ENGLISH)}"]
