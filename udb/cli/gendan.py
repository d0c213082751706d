"""``udb gendan``: an empty database becomes what a backup holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("gendan")(gendan)


def gendan(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What udb backup wrote.")],
    efter: Annotated[
        str | None, typer.Option(metavar="NUMMER", help="The highest HaendelseNummer that a reader is known to have.")
    ] = None,
    uden_slettelog: Annotated[
        bool, typer.Option("--uden-slettelog", help="There is no deletion log: nothing was ever deleted.")
    ] = False,
) -> None:
    """Fill an empty database from a backup, delete again what the deletion log (UDB_SLETTELOG) says, and verify it.

    All or nothing. Numbers go on after every number that was drawn before.
    """
    from udb import settings
    from udb.backup.restore import restore
    from udb.domain.errors import UdbRefused, WrongUse
    from udb.domain.identifiers import is_event_number
    from udb.retention.deletion_log import DeletionLog

    if efter is not None and not is_event_number(efter):
        raise WrongUse(f"{efter} is no HaendelseNummer: UDB- and 23 digits.")
    found = settings.load()
    log = found.sletteloggen
    if uden_slettelog == log.exists():
        raise UdbRefused(
            f"There is a deletion log at {log}: leave out --uden-slettelog."
            if uden_slettelog
            else f"There is no deletion log at {log} (UDB_SLETTELOG), so what was deleted would be back. If "
            "nothing was ever deleted, say --uden-slettelog."
        )
    done = restore(found.url, file, None if uden_slettelog else DeletionLog(log), after=efter)
    rows = sum(content.raekker for content in done.manifest.tabeller.values())
    typer.echo(f"{rows} rows of {len(done.manifest.tabeller)} tables are restored, as of {done.manifest.tid}.")
    again = ", ".join(f"{art} {count}" for art, count in sorted(done.deleted_again.items())) or "nothing"
    typer.echo(f"Deleted again, by lines of the deletion log: {again}.")
    typer.echo(f"Numbers go on after UDB-{done.nummer}.")
    typer.echo(f"The read log has {done.verdict.blocks} blocks with {done.verdict.rows} rows.")
    for fault in done.verdict.faults:
        typer.echo(fault, err=True)
    if done.verdict.faults:
        raise typer.Exit(1)
