"""``udb import``: take in what the registers around UDB deliver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from udb.cli import groups, output, values

if TYPE_CHECKING:
    from rich.progress import TaskID

    from udb.imports.csv_file import RefusedLine
    from udb.imports.result import ImportResult, Progress

File = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        readable=True,
        metavar="FILE",
        help="CSV in UTF-8 or Windows-1252. Refused lines are listed in FILE.afvist.csv.",
    ),
]


class Unknown(StrEnum):
    """What becomes of lines with an unknown code, if not a refusal."""

    SKIP = "skip"


Fewer = Annotated[
    int | None,
    typer.Option("--fewer", min=0, metavar="N", help="So many may be taken away: the number that a refusal names."),
]
UnknownCodes = Annotated[
    Unknown | None,
    typer.Option("--unknown", help="Leave out the lines with a code that the code set does not have, and count them."),
]
Merged = Annotated[
    list[str] | None,
    typer.Option(
        "--merged-kommune", metavar="KODE", help="Several kommuner may have this kommunekode, while they are merged."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "import")
    for command in (cpr, egne_kontakter, institutioner, institutionsregister, kodesaet, eksamensbeviser, eindkomst):
        commands.command()(command)


def cpr(file: File, fewer: Fewer = None, as_json: output.Json = False) -> None:
    """Import persons of the CPR register.

    New ones, moves, and changes of number.
    """
    _run("cpr", file, _words(fewer=fewer), as_json=as_json)


def egne_kontakter(file: File, as_json: output.Json = False) -> None:
    """Import the youths' own mail and telephone, as KMD Elev has them.

    Of several registers the newest is returned. A youth that the file does not name keeps what is known.
    """
    _run("egne-kontakter", file, {}, as_json=as_json)


def institutioner(
    file: File,
    edition: Annotated[
        str | None,
        typer.Option(
            metavar="EDITION",
            help="The edition of institutionstyper that the file's types are of: register or vejledning. It holds from "
            "now on. Not given: the one that holds.",
        ),
    ] = None,
    unknown: UnknownCodes = None,
    fewer: Fewer = None,
    merged: Merged = None,
    as_json: output.Json = False,
) -> None:
    """Import the whole of Institutionsregisteret, in UDB's columns.

    Kommuner are in it too. An institution that the file does not name has left the register.
    """
    options = {} if edition is None else {"udgave": edition}
    _run("institutioner", file, options | _words(fewer=fewer, merged=merged, unknown=unknown), as_json=as_json)


def institutionsregister(
    file: File,
    unknown: UnknownCodes = None,
    fewer: Fewer = None,
    merged: Merged = None,
    as_json: output.Json = False,
) -> None:
    """Import the whole of Institutionsregisteret as it is downloaded.

    Its own columns, with kommuner by name. STAR, which it does not have, stays although the file does not name it. The
    edition register of institutionstyper holds from now on.
    """
    _run("institutionsregister", file, _words(fewer=fewer, merged=merged, unknown=unknown), as_json=as_json)


def kodesaet(
    saet: Annotated[str, typer.Argument(parser=values.code_set, metavar="SET", help="See: udb kodesaet show")],
    file: File,
    as_json: output.Json = False,
) -> None:
    """Import rows of a code set.

    Each replaces the one with the same code, version and first day.
    """
    _run("kodesaet", file, {"saet": saet}, as_json=as_json)


def eksamensbeviser(
    file: File,
    until: Annotated[
        date | None,
        typer.Option(
            parser=values.day, metavar="YYYY-MM-DD", help="All diplomas up to this day are delivered, with this file."
        ),
    ] = None,
    as_json: output.Json = False,
) -> None:
    """Import diplomas of Eksamensdatabasen.

    Then every gennemført that should have a diploma is judged again (5007).
    """
    _run("eksamensbeviser", file, {} if until is None else {"til": until.isoformat()}, as_json=as_json)


def eindkomst(
    file: File,
    month: Annotated[
        str | None, typer.Option(parser=values.month, metavar="YYYY-MM", help="The file is the whole of this month.")
    ] = None,
    correction: Annotated[bool, typer.Option("--correction", help="The file corrects delivered months.")] = False,
    unknown: UnknownCodes = None,
    fewer: Fewer = None,
    as_json: output.Json = False,
) -> None:
    """Import SKAT's income lines. Give either --month or --correction.

    Then every youth's employment and benefits are calculated. A run that was stopped goes on when the same command is
    given again.
    """
    given = {"maaned": month, "rettelse": "" if correction else None}
    options = {name: value for name, value in given.items() if value is not None}
    _run("eindkomst", file, options | _words(fewer=fewer, unknown=unknown), as_json=as_json)


def _words(fewer: int | None = None, merged: list[str] | None = None, unknown: Unknown | None = None) -> dict[str, str]:
    from udb.imports.options import FEWER, MERGED, SKIP, UNKNOWN

    given = {
        FEWER.da: None if fewer is None else str(fewer),
        MERGED.da: ",".join(merged) if merged else None,
        UNKNOWN.da: SKIP.da if unknown else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _run(kind: str, file: Path, options: Mapping[str, str], *, as_json: bool) -> None:
    from udb import settings
    from udb.cli.database import opened
    from udb.domain.clocks import SILENT_WHILE_STOPPED
    from udb.domain.errors import FileUnusable
    from udb.domain.text import ENGLISH
    from udb.imports import catalogue
    from udb.imports.file import refusal_file
    from udb.imports.result import FileRefused
    from udb.sandbox.mark import is_sandbox
    from udb.store.engine import reading

    catalogue.require_options(kind, options)
    with opened(SILENT_WHILE_STOPPED) as engine, file.open("rb") as stream, _bar(file.stat().st_size) as progress:
        if not stream.seekable():
            raise FileUnusable(f"{file} is read twice, so it must be a file and not a pipe.")
        with reading(engine) as connection:
            sandbox = is_sandbox(connection)
        try:
            result = catalogue.run(kind, catalogue.Job(engine, stream, options, sandbox, settings.load(), progress))
        except FileRefused as refusal:
            target = _written(file, refusal.result.refused)
            if as_json:
                output.document(refusal.result.to_json(ENGLISH))
            first = refusal.result.refused[0]
            at = f"line {first.number}" + (f", column {first.column}" if first.column else "")
            lines = (refusal.said(ENGLISH), f"First fault: {at}: {first.reason.en}", target)
            raise FileUnusable("\n".join(lines)) from None
    with suppress(OSError):
        refusal_file(file).unlink(missing_ok=True)
    if as_json:
        output.document(result.to_json(ENGLISH))
    else:
        typer.echo(_summary(result))


def _summary(result: ImportResult) -> str:
    counts = [f"{result.added} new", f"{result.changed} changed", f"{result.unchanged} unchanged"]
    if result.skipped is not None:
        counts.append(f"{result.skipped} skipped")
    events = "" if result.events is None else f" {output.counted(result.events, 'event')}."
    unknown = (
        ""
        if result.unknown_kommune is None
        else f" {output.counted(result.unknown_kommune, 'line')} in no kommune, with an unknown kommunekode."
    )
    left_out = "".join(
        f" Left out: {output.counted(count, 'line')} with the unknown code {code}."
        for code, count in (result.unknown_codes or {}).items()
    )
    encoding = "" if result.encoding is None else f" Not UTF-8: read as {result.encoding.capitalize()}."
    return f"{output.counted(result.read, 'line')}: {', '.join(counts)}.{events}{unknown}{left_out}{encoding}"


def _written(file: Path, refused: Iterable[RefusedLine]) -> str:
    """Write the file of refused lines; return the line that says where it is, or why it is not."""
    from udb.domain.text import ENGLISH
    from udb.imports.file import write_refusals

    try:
        return f"All faults: {write_refusals(file, refused, ENGLISH)}"
    except OSError as error:
        return f"The file of all faults, {error.filename}, cannot be written: {error.strerror}."


@contextmanager
def _bar(size: int) -> Iterator[Progress]:
    with output.bar() as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=max(size, 1))
            bar.update(tasks[step], completed=done)

        yield show
