"""``udb signatur forklar``: a captured request, check by check."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from udb.cli import groups, output


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "signatur").command()(forklar)


def forklar(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="The request's XML, byte for byte as it was sent.")],
    tid: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z"], help="When it was sent (2026-08-10T08:00:00+0200); else now."),
    ] = None,
    system: Annotated[str | None, typer.Option(help="Is the certificate registered to this system, here?")] = None,
    as_json: output.Json = False,
) -> None:
    """Tell of every check of a signature whether it passes, what is expected and what was found (exit 1: one fails).

    In Danish, as the service's faults. Nothing of the request's content is printed.
    """
    from udb import settings
    from udb.domain.clock import system_time
    from udb.domain.errors import WrongUse
    from udb.wsdl.signature.account import account

    try:
        content = file.read_bytes()
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}") from None
    known = None if system is None else _known
    told = account(
        content, now=tid or system_time(), sha1=settings.load().signatur_sha1, system_id=system or "", known=known
    )
    columns = ("trin", "resultat", "fundet", "forventet")
    output.rows(columns, [line.row for line in told], as_json=as_json)
    if any(line.failed for line in told):
        raise typer.Exit(1)


def _known(fingerprint: str) -> object:
    from udb.callers import certificates
    from udb.cli.database import opened
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        return certificates.find(connection, fingerprint)
