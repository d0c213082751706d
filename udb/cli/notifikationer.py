"""``udb notifikationer``: what kommuner have fetched, and what waits for them."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import output


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(notifikationer)


def notifikationer(
    nummer: Annotated[
        str | None, typer.Argument(metavar="[HAENDELSENUMMER]", help="An event, to see who has fetched it and when.")
    ] = None,
    as_json: output.Json = False,
) -> None:
    """Tell for each recipient and system: its position, what it fetched last, and the oldest event that it may see and
    has not fetched; or whether and when one event was fetched.
    """
    from dataclasses import asdict

    from udb.cli.database import opened
    from udb.domain.errors import WrongUse
    from udb.domain.identifiers import is_event_number
    from udb.hentning.deliveries import Fetched, Status, fetches, statuses
    from udb.sandbox import clock
    from udb.store.engine import reading

    if nummer is not None and not is_event_number(nummer):
        raise WrongUse("HAENDELSENUMMER is UDB- and 23 digits, as in the receipt.")
    columns = (Status if nummer is None else Fetched).__dataclass_fields__
    with opened() as engine, reading(engine) as connection:
        today = clock.now(connection).date()
        found = statuses(connection, today) if nummer is None else fetches(connection, nummer, today)
        output.rows(tuple(columns), [output.told(asdict(row)) for row in found], as_json=as_json)
