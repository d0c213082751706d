"""``udb system``: the leverandørsystemer that may call, and their keys."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import groups, output

Id = Annotated[str, typer.Argument(metavar="ID", help="The system's id, its user name in HTTP Basic.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "system")
    commands.command()(create)
    commands.command("list")(list_)
    commands.command()(block)


def create(
    system_id: Id,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What the system is called.")],
    key: Annotated[str | None, typer.Option(metavar="KEY", help="A key of your own; without it: a random one.")] = None,
    as_json: output.Json = False,
) -> None:
    """Create a system and print its key, this once."""
    from udb import settings
    from udb.callers import systems
    from udb.cli.database import opened
    from udb.sandbox.mark import is_sandbox
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        made = systems.create(connection, system_id, name, key)
        key_opens = is_sandbox(connection) or settings.load().sandbox
    if as_json:
        output.document({"id": system_id, "noegle": made})
        return
    typer.echo(f"System: {system_id}\nKey:    {made}")
    if key_opens:
        typer.echo("Keep the key: it is not stored and cannot be shown again.")
    else:
        typer.echo(
            "Outside a sandbox systems call with a certificate: udb system certificate add. The key opens nothing."
        )


def list_(as_json: output.Json = False) -> None:
    """List the systems."""
    from udb.callers import systems
    from udb.cli.database import opened
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        found = systems.listed(connection)
    rows = [{"id": s.id, "navn": s.navn, "spaerret": s.spaerret, "oprettet": s.oprettet} for s in found]
    columns = {"id": "id", "navn": "name", "spaerret": "blocked", "oprettet": "created"}
    output.rows(columns, rows, as_json=as_json)


def block(system_id: Id) -> None:
    """Block a system: no call of it is accepted any more."""
    from udb.callers import systems
    from udb.cli.database import opened
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        systems.block(connection, system_id)
    typer.echo(f"System {system_id} is blocked.")
