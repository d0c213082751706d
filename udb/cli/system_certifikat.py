"""``udb system certifikat``: what the systems may call with outside the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from udb.cli import groups, output
from udb.cli.system import Id


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(groups.group(app, "system"), "certifikat")
    commands.command()(tilfoej)
    commands.command()(liste)
    commands.command()(spaer)


def tilfoej(
    system_id: Id,
    file: Annotated[Path, typer.Argument(metavar="FIL", help="The certificate, PEM or DER; the key is not needed.")],
) -> None:
    """Let a system call with a certificate too. It may have several: add the new one before the old one ends."""
    from udb.callers import certificates, x509
    from udb.cli.database import opened
    from udb.domain.errors import WrongUse
    from udb.store.engine import writing

    try:
        content = file.read_bytes()
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}") from None
    found = x509.read_usable(content)
    with opened() as engine, writing(engine) as connection:
        certificates.register(connection, system_id, found)
    typer.echo(f"System {system_id} may call with {found.fingerprint} until {found.valid_to:%Y-%m-%d}.")


def liste(
    system: Annotated[str | None, typer.Option(help="Only this system's.")] = None, as_json: output.Json = False
) -> None:
    """List the certificates, and say which systems will soon be left without one (UDB_CERTIFIKAT_VARSEL)."""
    from datetime import timedelta

    from udb import settings
    from udb.callers import certificates
    from udb.cli.database import opened
    from udb.domain.clock import system_time
    from udb.store.engine import reading

    now = system_time()
    with opened() as engine, reading(engine) as connection:
        found = certificates.listed(connection, system)
        soon = certificates.ending(connection, now, timedelta(days=settings.load().certifikat_varsel))
    rows = [
        output.told(
            {
                "system": one.system_id,
                "fingeraftryk": one.fingerprint,
                "subjekt": one.subject,
                "gyldig_fra": one.valid_from,
                "gyldig_til": one.valid_to,
                "dage": one.days_left(now),
                "spaerret": one.blocked,
            }
        )
        for one in found
    ]
    columns = ("system", "fingeraftryk", "subjekt", "gyldig_fra", "gyldig_til", "dage", "spaerret")
    output.rows(columns, rows, as_json=as_json)
    for one in soon:
        if system in {None, one.system_id}:
            typer.echo(f"{one.system_id}: its last certificate has {one.days_left(now)} days left.", err=True)


def spaer(
    fingerprint: Annotated[str, typer.Argument(metavar="FINGERAFTRYK", help="The fingerprint, or how it begins.")],
) -> None:
    """Let nobody call with a certificate any more, at once: when its key is lost or known to others."""
    from udb.callers import certificates
    from udb.cli.database import opened
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        blocked = certificates.block(connection, fingerprint)
    typer.echo(f"Certificate {blocked} is blocked.")
