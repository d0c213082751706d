"""``udb backup``: the whole database in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from udb.cli import output


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backup")(backup)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="Also restore the file into a scratch database beside it, compare, and remove that."
        ),
    ] = False,
) -> None:
    """Write the whole database to a file that only you may read.

    It is the database of one moment; the service may go on. The file holds personal data, and not the deletion log
    (UDB_SLETTELOG): keep that somewhere else.
    """
    import hashlib

    from udb import settings
    from udb.backup.make import backup as make
    from udb.backup.restore import try_restore
    from udb.cli.database import opened
    from udb.cli.signals import ending_in_order

    found = settings.load()
    with ending_in_order(), opened() as engine:
        manifest = make(engine, file, has_deletion_log=found.sletteloggen.exists())
    with file.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    rows = output.counted(sum(content.raekker for content in manifest.tabeller.values()), "row")
    tables = output.counted(len(manifest.tabeller), "table")
    typer.echo(f"{rows} of {tables}, version {manifest.version}, as of {manifest.tid}.")
    typer.echo(f"sha256 {digest}")
    if manifest.udeladt:
        names = ", ".join(manifest.udeladt)
        typer.echo(f"Not in the backup, because they are not this program's tables: {names}.", err=True)
    if verify:
        with ending_in_order():
            try_restore(file, aar=found.laeselog_aar)
        typer.echo("Restored into a scratch database: every table is the same.")
