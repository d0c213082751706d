"""``udb backup``: the whole database in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backup")(backup)


def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")]) -> None:
    """Write the whole database, as it is at one moment, to a file that only you may read. The service may go on.

    It holds personal data. Keep the deletion log (UDB_SLETTELOG) somewhere else: it is not in it.
    """
    import hashlib

    from udb import settings
    from udb.backup.make import backup as make
    from udb.cli.database import opened

    log = settings.load().sletteloggen
    with opened() as engine:
        manifest = make(engine, file, has_deletion_log=log.exists())
    with file.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    rows = sum(content.raekker for content in manifest.tabeller.values())
    typer.echo(f"{rows} rows of {len(manifest.tabeller)} tables, version {manifest.version}, as of {manifest.tid}.")
    typer.echo(f"sha256 {digest}")
