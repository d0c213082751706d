"""``udb retention``: delete the data whose time is over."""

from __future__ import annotations

import typer

from udb.cli import output


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("retention")(retention)


def retention() -> None:
    """Delete the data whose time is over.

    Youths' data, call keys, judged reports and rows of the read log. The counts of years that are over are kept first
    (udb statistics run). The deletion log (UDB_SLETTELOG) notes it. Run it daily, as the
    role that owns the tables. Nothing is deleted when this host's clock cannot be trusted (udb clock show).
    """
    from udb import settings
    from udb.cli.database import opened
    from udb.cli.log import name_kept
    from udb.domain.clocks import SILENT_WHILE_SERVED
    from udb.retention import read_log, received, used_keys, youths
    from udb.retention.deletion_log import DeletionLog
    from udb.statistics.frozen_contacts import freeze_contacts
    from udb.store.engine import writing

    found = settings.load()
    log = DeletionLog(found.sletteloggen)
    with opened(SILENT_WHILE_SERVED) as engine:
        with writing(engine) as connection:
            freeze_contacts(connection)
        persons = youths.remove_old(engine, log, found.opbevaring_aar)
        removed = used_keys.remove_old(engine, log, found.noegler_dage)
        reports = received.remove_old(engine, log)
        read = read_log.remove_old(engine, log, found.laeselog_aar)
    deleted = (
        f"the data of {output.counted(persons, 'youth')}",
        output.counted(removed, "call key"),
        output.counted(reports, "report"),
        f"{output.counted(read.rows, 'row')} of {output.counted(read.blocks, 'read-log block')}",
    )
    typer.echo(f"Deleted: {', '.join(deleted)}.")
    name_kept(read.kept)
