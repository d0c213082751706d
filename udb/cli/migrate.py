"""``udb migrate``: bring the database to this program's version."""

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(migrate)


def migrate() -> None:
    """Make the database's tables, or bring them to the version this program works on."""
    from udb import settings
    from udb.store import migrate as migrations

    version = migrations.upgrade(settings.load().url)
    typer.echo(f"The database is at version {version}.")
