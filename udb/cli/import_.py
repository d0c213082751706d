"""``udb import``: take in what the registers around UDB deliver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from udb.cli import groups, output

if TYPE_CHECKING:
    from udb.imports.csv_file import RefusedLine
    from udb.imports.result import Progress

File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE", help="CSV in UTF-8."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "import")
    commands.command()(cpr)
    commands.command()(institutioner)
    commands.command()(kodesaet)
    commands.command()(eksamensbeviser)
    commands.command()(eindkomst)


def cpr(file: File, as_json: output.Json = False) -> None:
    """Persons of the CPR register: new ones, moves, changes of number."""
    _run("cpr", file, {}, as_json=as_json)


def institutioner(file: File, as_json: output.Json = False) -> None:
    """The whole of Institutionsregisteret, kommuner included: what the file does not name has left it."""
    _run("institutioner", file, {}, as_json=as_json)


def kodesaet(
    saet: Annotated[str, typer.Argument(metavar="SET", help="See: udb kodesaet vis")],
    file: File,
    as_json: output.Json = False,
) -> None:
    """Rows of a code set: each replaces the one with the same code, version and first day."""
    _run("kodesaet", file, {"saet": saet}, as_json=as_json)


def eksamensbeviser(
    file: File,
    til: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="All diplomas up to this day are delivered, with this file."),
    ] = None,
    as_json: output.Json = False,
) -> None:
    """Diplomas of Eksamensdatabasen; then every gennemført that should have one is judged again (5007)."""
    _run("eksamensbeviser", file, {} if til is None else {"til": til}, as_json=as_json)


def eindkomst(
    file: File,
    maaned: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="The file is the whole of this month.")] = None,
    rettelse: Annotated[bool, typer.Option("--rettelse", help="The file corrects delivered months.")] = False,
    as_json: output.Json = False,
) -> None:
    """SKAT's income lines; then every youth's employment and benefits are calculated. Give --maaned or --rettelse.

    A run that was stopped goes on when the same command is given again.
    """
    given = {"maaned": maaned, "rettelse": "" if rettelse else None}
    _run("eindkomst", file, {name: value for name, value in given.items() if value is not None}, as_json=as_json)


def _run(kind: str, file: Path, options: Mapping[str, str], *, as_json: bool) -> None:
    from udb.cli.database import opened
    from udb.domain.errors import UdbRefused, WrongUse
    from udb.imports import catalogue
    from udb.imports.file import refusal_file
    from udb.imports.result import FileRefused
    from udb.sandbox.mark import is_sandbox
    from udb.store.engine import reading

    with opened() as engine, file.open("rb") as stream, _bar(file.stat().st_size) as progress:
        if not stream.seekable():
            raise WrongUse(f"{file} is read twice, so it must be a file and no pipe.")
        with reading(engine) as connection:
            invented_allowed = is_sandbox(connection)
        try:
            result = catalogue.run(kind, catalogue.Job(engine, stream, options, invented_allowed, progress))
        except FileRefused as refusal:
            target = _written(file, refusal.result.refused)
            if as_json:
                output.document(refusal.result.to_json())
            first = refusal.result.refused[0]
            at = f"linje {first.number}" + (f", kolonne {first.column}" if first.column else "")
            raise UdbRefused(f"{refusal}\nFørste fejl: {at}: {first.reason}\n{target}") from None
    with suppress(OSError):
        refusal_file(file).unlink(missing_ok=True)
    if as_json:
        output.document(result.to_json())
    else:
        text = f"{result.read} linjer: {result.added} nye, {result.changed} ændrede, {result.unchanged} uændrede"
        skipped = "" if result.skipped is None else f", {result.skipped} sprunget over"
        events = "" if result.events is None else f" {result.events} hændelser."
        typer.echo(f"{text}{skipped}.{events}")


def _written(file: Path, refused: Iterable[RefusedLine]) -> str:
    """Write the file of refused lines; gives the line that says where it is, or why it is not."""
    from udb.imports.file import write_refusals

    try:
        return f"Alle fejl: {write_refusals(file, refused)}"
    except OSError as error:
        return f"Filen med alle fejl kunne ikke skrives: {error}"


@contextmanager
def _bar(size: int) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=max(size, 1))
            bar.update(tasks[step], completed=done)

        yield show
