"""``udb restore``: fill an empty database from a backup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from udb.cli import output

if TYPE_CHECKING:
    from udb.backup.restore import Restored
    from udb.retention.doubt import Word


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("restore")(restore)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file that udb backup wrote.")],
    after: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="The highest HaendelseNummer that a reader is known to have.")
    ] = None,
    without_deletion_log: Annotated[
        bool, typer.Option("--without-deletion-log", help="There is no deletion log: nothing was ever deleted.")
    ] = False,
    carry_out: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LINE", help="Delete by this line of the deletion log, though it does not verify (7, 7-9)."
        ),
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(metavar="LINE", help="Delete nothing by this line, which does not verify (7, 7-9)."),
    ] = None,
) -> None:
    """Fill an empty database from a backup: all of it, or nothing.

    What the deletion log (UDB_SLETTELOG) says is deleted again, and the result is verified. Numbers go on after every
    number that was drawn before. A line that does not verify deletes nothing without your word (--carry-out).
    """
    from udb import settings
    from udb.backup.archive import Reader
    from udb.backup.restore import restore as fill
    from udb.domain.errors import WrongUse
    from udb.domain.identifiers import is_event_number
    from udb.retention.deletion_log import DeletionLog

    word = _word(carry_out, leave_out)
    if after is not None and not is_event_number(after):
        raise WrongUse(f"{after} is not a HaendelseNummer: write UDB- and 23 digits.")
    # A wrong file is named before the question of the deletion log.
    Reader(file).close()
    found = settings.load()
    _require_log(found.sletteloggen, without=without_deletion_log)
    done = fill(
        found.url,
        file,
        None if without_deletion_log else DeletionLog(found.sletteloggen),
        aar=found.laeselog_aar,
        after=after,
        limit=found.ur_afvigelse,
        opbevaring_aar=found.opbevaring_aar,
        noegler_dage=found.noegler_dage,
        word=word,
    )
    _show(done)
    if done.verdict.faults:
        raise typer.Exit(1)


def _word(carry_out: list[str] | None, leave_out: list[str] | None) -> Word:
    from udb.domain.errors import WrongUse
    from udb.retention.doubt import Word

    word = Word(_lines(carry_out), _lines(leave_out))
    for one in word.carried_out:
        for other in word.left_out:
            if max(one.start, other.start) < min(one.stop, other.stop):
                raise WrongUse(f"Line {max(one.start, other.start)} is either carried out or left out.")
    return word


def _require_log(log: Path, *, without: bool) -> None:
    from udb.domain.errors import WrongUse

    if without == log.exists():
        raise WrongUse(
            f"There is a deletion log at {log}: leave out --without-deletion-log."
            if without
            else f"There is no deletion log at {log} (UDB_SLETTELOG), so deleted data would be restored. "
            "If nothing was ever deleted: --without-deletion-log"
        )


def _show(done: Restored) -> None:
    rows = output.counted(sum(content.raekker for content in done.manifest.tabeller.values()), "row")
    typer.echo(
        f"Restored: {rows} of {output.counted(len(done.manifest.tabeller), 'table')}, as of {done.manifest.tid}."
    )
    if done.left_out:
        typer.echo(f"Not restored, because they are not this program's tables: {', '.join(done.left_out)}.", err=True)
    for number in done.broken_off:
        typer.echo(f"Line {number} of the deletion log broke off before anything was deleted: skipped.", err=True)
    again = ", ".join(f"{art} {count}" for art, count in sorted(done.deleted_again.items())) or "nothing"
    typer.echo(f"Deleted again, by lines of the deletion log: {again}.")
    typer.echo(f"Numbers go on after UDB-{done.nummer}.")
    blocks, read = output.counted(done.verdict.blocks, "block"), output.counted(done.verdict.rows, "row")
    typer.echo(f"The read log has {blocks} with {read}.")
    for fault in done.verdict.faults:
        typer.echo(fault, err=True)


def _lines(given: list[str] | None) -> list[range]:
    from udb.domain.errors import WrongUse

    found = []
    for one in given or ():
        match = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", one)
        if match is None:
            raise WrongUse(f"{one} is no line of the deletion log: write 7, or 7-9.")
        found.append(range(int(match[1]), int(match[2] or match[1]) + 1))
    return found
