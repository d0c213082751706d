"""``udb conformance henter``: does a kommune's system fetch as it should?"""

from __future__ import annotations

from pathlib import Path

import typer

from udb.cli import groups, output
from udb.cli.conformance_afsender import BIND, Bind, Minutter
from udb.cli.conformance_service import Kun, Rapport, finish, require_folder

PAGE = "3"
"""How many events a page holds, so that a few youths make several pages."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "conformance").command("henter")(henter)


def henter(
    bind: Bind = BIND,
    kun: Kun = None,
    rapport: Rapport = Path("konformitet"),
    minutter: Minutter = 10,
    as_json: output.Json = False,
) -> None:
    """Put a fetcher before pages, a cut connection, a repeated page, a cancellation, a youth who moves in, a fault and
    a slow answer, and judge the calls it makes. Each may take so many minutes.
    """
    from udb.conformance import session
    from udb.conformance.shared import places
    from udb.conformance.shared.local_sandbox import sandbox
    from udb.sandbox.running import require_free

    require_folder(rapport)
    require_free(bind)
    typer.echo("Starting a sandbox with invented youths of its own ...", err=True)
    with sandbox({"UDB_SIDESTOERRELSE": PAGE}) as url:
        result = session.of_fetcher(url, places.read(), bind=bind, only=tuple(kun or ()), seconds=minutter * 60)
    finish(result, rapport, as_json=as_json)
