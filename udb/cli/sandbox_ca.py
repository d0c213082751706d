"""``udb sandbox ca``: certificates to try mutual TLS and signatures with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from udb.cli import groups


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "sandbox").command()(ca)


def ca(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the authority and its files.")],
    system: Annotated[
        str | None, typer.Option(metavar="ID", help="Issue a certificate for this system and register it.")
    ] = None,
    organisation: Annotated[
        str, typer.Option(metavar="NAME", help="The certificate's organisation.")
    ] = "Afprøvning ApS",
    server: Annotated[
        list[str] | None, typer.Option(metavar="HOST", help="Issue a certificate for the service under this name.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, metavar="N", help="For how many days it is valid.")] = 365,
) -> None:
    """Make an authority of your own, and certificates of it.

    With --system an organisation certificate, registered in the database so that the system can call with it at once;
    with --server one for the service. Only those who trust the authority's ca.pem accept them.
    """
    from udb.sandbox import ca as authority

    if authority.make(folder):
        typer.echo(f"Authority:   {folder / 'ca.pem'}")
    if server:
        typer.echo(f"Service:     {authority.issue_server(folder, server, days)}")
    if system is not None:
        file = _issue_and_register(folder, system, organisation, days)
        typer.echo(f"Certificate: {file}\nKey:         {file.with_suffix('.key')}")
        typer.echo(f"Both:        {file.with_suffix('.p12')} (password: {authority.P12_PASSWORD})")


def _issue_and_register(folder: Path, system: str, organisation: str, days: int) -> Path:
    from udb.callers import certificates, systems, x509
    from udb.cli.database import opened
    from udb.sandbox import ca as authority
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        systems.require(connection, system)
        file = authority.issue_organisation(folder, system, organisation, days)
        certificates.register(connection, system, x509.read_usable(file.read_bytes()))
    return file
