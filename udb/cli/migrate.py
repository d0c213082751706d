"""``udb migrate``: bring the database to this program's version."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import output


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(migrate)


def migrate(
    role: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Give this PostgreSQL role what the service needs; see docs/laeselog.md."),
    ] = None,
) -> None:
    """Make the database's tables, or bring them to this version."""
    from udb import settings
    from udb.imports.kodesaet import load_shipped
    from udb.store import migrate as migrations
    from udb.store import rights
    from udb.store.engine import make_engine, writing

    url = settings.load().url
    version = migrations.upgrade(url)
    engine = make_engine(url)
    try:
        with writing(engine) as connection:
            migrations.one_at_a_time(connection)
            added = load_shipped(connection)
        left = [] if role is None else rights.grant(engine, role)
    finally:
        engine.dispose()
    typer.echo(f"The database is at version {version}.")
    if added:
        typer.echo(f"The shipped code sets are loaded: {output.counted(added, 'row')}. See: udb kodesaet show")
    if role is not None:
        typer.echo(f"Role {role} may serve: it can add to the read log and not change it.")
    for line in left:
        typer.echo(line, err=True)
