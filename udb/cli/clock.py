"""``udb clock``: whether this host's clock can be trusted, and the operator's word that it can."""

from __future__ import annotations

import typer

from udb.cli import groups, output


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "clock")
    for command in (show, accept):
        commands.command()(command)


def show(as_json: output.Json = False) -> None:
    """Show the clocks. Exit code 1: this host's cannot be trusted; the last line says why and what to do."""
    from udb import settings
    from udb.cli.database import opened
    from udb.domain.clocks import SILENT_WHILE_SERVED, disagreement
    from udb.store import clocks
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        found = clocks.read(connection)
    wrong = disagreement(found, limit=settings.load().ur_afvigelse, silence=SILENT_WHILE_SERVED)
    rows = [("this host", found.host), ("the database", found.database or found.host)]
    rows += [(seen.what, seen.at) for seen in found.seen]
    shown = [{"ur": what, "tid": at} for what, at in rows]
    if as_json:
        output.document({"ure": [output.plain(row) for row in shown], "fejl": wrong})
    else:
        output.rows({"ur": "clock", "tid": "time"}, [output.plain(row) for row in shown], as_json=False)
    if wrong is not None:
        typer.echo(wrong, err=True)
        raise typer.Exit(1)


def accept() -> None:
    """Say that this host's clock is right, whatever numbers and blocks are on record.

    For a long silence, or numbers that a wrong clock drew. Look at another clock first: what is done by a wrong one
    cannot be taken back.
    """
    from udb import settings
    from udb.cli.database import opened
    from udb.domain.clocks import SILENT_WHILE_SERVED
    from udb.store import clocks
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        clocks.accept(connection)
        # The database's clock is no matter of opinion.
        found = clocks.require(connection, limit=settings.load().ur_afvigelse, silence=SILENT_WHILE_SERVED)
    typer.echo(f"Accepted: it is {found.host:%Y-%m-%d %H:%M} UTC.")
