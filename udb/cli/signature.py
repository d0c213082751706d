"""``udb signature explain``: a captured request, check by check."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from udb.cli import groups, output, values


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "signature").command()(explain)


def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The request's XML, byte for byte as it was sent.")],
    time: Annotated[
        datetime | None,
        typer.Option(
            parser=values.instant,
            metavar="TIME",
            help="When it was sent, as 2026-08-10T08:00:00+0200; without it: now.",
        ),
    ] = None,
    system: Annotated[
        str | None, typer.Option(metavar="ID", help="Check that the certificate is registered to this system.")
    ] = None,
    as_json: output.Json = False,
) -> None:
    """Check the signature of a captured request, step by step.

    For each check: whether it passes, what was found and what is expected. Nothing of the request's content is printed.
    Exit code 1: a check failed.
    """
    from udb import settings
    from udb.domain.clock import system_time
    from udb.wsdl.signature.account import account

    known = None if system is None else _known
    lines = account(
        values.content(file),
        now=time or system_time(),
        sha1=settings.load().signatur_sha1,
        system_id=system or "",
        known=known,
    )
    if as_json:
        output.document([line.row for line in lines])
    else:
        for line in lines:
            typer.echo(f"{line.row['trin']}: {line.row['resultat']}")
            for name, value in (("found", line.row["fundet"]), ("expected", line.row["forventet"])):
                if value:
                    typer.echo(f"    {name}: {value}")
    if any(line.failed for line in lines):
        raise typer.Exit(1)


def _known(fingerprint: str) -> object:
    from udb.callers import certificates
    from udb.cli.database import opened
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        return certificates.find(connection, fingerprint)
