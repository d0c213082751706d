"""``udb opbevaring``: delete what is not to be kept any longer."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("opbevaring")(opbevaring)


def opbevaring() -> None:
    """Delete youths' data, call keys and read-log rows whose time is over, and note it in the deletion log
    (UDB_SLETTELOG). Run it daily, as the role that owns the tables.
    """
    from udb import settings
    from udb.cli.database import opened
    from udb.retention import read_log, used_keys, youths
    from udb.retention.deletion_log import DeletionLog

    found = settings.load()
    log = DeletionLog(found.sletteloggen)
    with opened() as engine:
        persons = youths.remove_old(engine, log, found.opbevaring_aar)
        removed = used_keys.remove_old(engine, log, found.noegler_dage)
        blocks, rows = read_log.remove_old(engine, log, found.laeselog_aar)
    typer.echo(
        f"The data of {persons} youths, {removed} call keys and {rows} rows of {blocks} read-log blocks are deleted."
    )
