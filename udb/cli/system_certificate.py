"""``udb system certificate``: the certificates that systems call with outside the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from udb.cli import groups, output, values
from udb.cli.system import Id


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(groups.group(app, "system"), "certificate")
    commands.command()(add)
    commands.command("list")(list_)
    commands.command()(block)


def add(
    system_id: Id,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The certificate, PEM or DER; the key is not needed.")],
) -> None:
    """Let a system call with a certificate.

    It may have several: add the new one before the old one ends.
    """
    from udb.callers import certificates, x509
    from udb.cli.database import opened
    from udb.store.engine import writing

    found = x509.read_usable(values.content(file))
    with opened() as engine, writing(engine) as connection:
        certificates.register(connection, system_id, found)
    typer.echo(f"System {system_id} may call with {found.fingerprint} until {found.valid_to:%Y-%m-%d}.")


def list_(
    system: Annotated[str | None, typer.Option(metavar="ID", help="Only this system's.")] = None,
    as_json: output.Json = False,
) -> None:
    """List the certificates.

    Warns on standard error of systems whose last certificate ends soon (UDB_CERTIFIKAT_VARSEL).
    """
    from datetime import timedelta

    from udb import settings
    from udb.callers import certificates, systems
    from udb.cli.database import opened
    from udb.domain.clock import system_time
    from udb.store.engine import reading

    now = system_time()
    with opened() as engine, reading(engine) as connection:
        if system is not None:
            systems.require(connection, system)
        found = certificates.listed(connection, system)
        soon = certificates.ending(connection, now, timedelta(days=settings.load().certifikat_varsel))
    rows = [
        {
            "system": one.system_id,
            "fingeraftryk": one.fingerprint,
            "subjekt": one.subject,
            "gyldig_fra": one.valid_from,
            "gyldig_til": one.valid_to,
            "dage": one.days_left(now),
            "spaerret": one.blocked,
        }
        for one in found
    ]
    output.rows(_COLUMNS, rows, as_json=as_json)
    for one in soon:
        if system in {None, one.system_id}:
            left = output.counted(one.days_left(now), "day")
            typer.echo(f"{one.system_id}: its last certificate has {left} left.", err=True)


_COLUMNS = {
    "system": "system",
    "fingeraftryk": "fingerprint",
    "subjekt": "subject",
    "gyldig_fra": "valid from",
    "gyldig_til": "valid to",
    "dage": "days left",
    "spaerret": "blocked",
}


def block(
    fingerprint: Annotated[str, typer.Argument(metavar="FINGERPRINT", help="The fingerprint, or its beginning.")],
) -> None:
    """Block a certificate at once.

    Do so when its key is lost or known to others.
    """
    from udb.callers import certificates
    from udb.cli.database import opened
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        blocked = certificates.block(connection, fingerprint)
    typer.echo(f"Certificate {blocked} is blocked.")
