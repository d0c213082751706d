"""``udb sandbox idp``: the test provider of log-in, in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from udb.cli.groups import group


def register(app: typer.Typer) -> None:
    """Add the command."""
    group(app, "sandbox").command("idp")(idp)


def idp(
    secret: Annotated[Path, typer.Option("--secret", metavar="FILE", help="The file with the client's secret.")],
    bind: Annotated[
        str, typer.Option(metavar="ADDRESS:PORT", help="Where to answer, on this machine alone.")
    ] = "127.0.0.1:8081",
    service: Annotated[
        str, typer.Option(metavar="URL", help="The service whose pages people log in to.")
    ] = "http://127.0.0.1:8080",
) -> None:
    """Serve the test log-in of a sandbox: a page of invented users, no password. Ctrl-C stops it.

    udb sandbox start runs it beside the service.
    """
    from udb.cli.database import opened
    from udb.sandbox.idp.serve import serve

    with opened() as engine:
        serve(engine, bind=bind, service=service, secret=secret)
