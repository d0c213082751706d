"""``udb conformance afsender``: does a sender report as it should?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from udb.cli import groups, output
from udb.cli.conformance_service import Kun, Rapport, finish, require_folder

BIND = "127.0.0.1:8090"
Bind = Annotated[str, typer.Option(help="Where the system under test is to call.")]
Minutter = Annotated[float, typer.Option(min=0.01, metavar="M", help="How long to wait for the system under test.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "conformance").command("afsender")(afsender)


def afsender(
    bind: Bind = BIND,
    kun: Kun = None,
    rapport: Rapport = Path("konformitet"),
    minutter: Minutter = 60,
    as_json: output.Json = False,
) -> None:
    """Give a sender a workbook of tasks, watch what it reports to a sandbox, and judge it. Ends when all is well, when
    time is up, or with Ctrl-C.
    """
    from udb.conformance import session
    from udb.conformance.shared import places
    from udb.conformance.shared.local_sandbox import sandbox
    from udb.sandbox.running import require_free

    require_folder(rapport)
    require_free(bind)
    typer.echo("Starting a sandbox with invented youths of its own ...", err=True)
    with sandbox() as url:
        result = session.of_sender(
            url, places.read(), bind=bind, only=tuple(kun or ()), folder=rapport, seconds=minutter * 60
        )
    finish(result, rapport, as_json=as_json)
