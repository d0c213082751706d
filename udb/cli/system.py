"""``udb system``: the leverandørsystemer that may call, and their keys."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import groups, output

Id = Annotated[str, typer.Argument(metavar="ID", help="The system's id, its user name in HTTP Basic.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "system")
    commands.command()(opret)
    commands.command()(liste)
    commands.command()(spaer)


def opret(
    system_id: Id,
    navn: Annotated[str, typer.Option(help="What the system is called.")],
    noegle: Annotated[str | None, typer.Option(help="A key of your own; not given: a random one is made.")] = None,
    as_json: output.Json = False,
) -> None:
    """Make a system and print its key, this once."""
    from udb.callers import systems
    from udb.cli.database import opened
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        key = systems.create(connection, system_id, navn, noegle)
    if as_json:
        output.document({"id": system_id, "noegle": key})
    else:
        typer.echo(f"System: {system_id}\nKey:    {key}\nKeep the key: it is not stored and cannot be shown again.")


def liste(as_json: output.Json = False) -> None:
    """List the systems."""
    from udb.callers import systems
    from udb.cli.database import opened
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        found = systems.listed(connection)
    rows = [{"id": s.id, "navn": s.navn, "spaerret": s.spaerret, "oprettet": s.oprettet.isoformat()} for s in found]
    output.rows(("id", "navn", "spaerret", "oprettet"), rows, as_json=as_json)


def spaer(system_id: Id) -> None:
    """Let a system in no more."""
    from udb.callers import systems
    from udb.cli.database import opened
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        systems.block(connection, system_id)
    typer.echo(f"System {system_id} is blocked.")
