"""``udb migrate``: bring the database to this program's version."""

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(migrate)


def migrate() -> None:
    """Make the database's tables, or bring them to the version this program works on."""
    from udb import settings
    from udb.kilder.kodesaetimport import load_shipped
    from udb.store import migrate as migrations
    from udb.store.engine import make_engine, writing

    url = settings.load().url
    version = migrations.upgrade(url)
    engine = make_engine(url)
    with writing(engine) as connection:
        added = load_shipped(connection)
    engine.dispose()
    typer.echo(f"The database is at version {version}.")
    if added:
        typer.echo(f"It had no code sets: the shipped ones are in ({added} rows). See: udb kodesaet vis")
