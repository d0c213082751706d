"""``udb deliveries``: the events that kommuner have fetched, and those that wait for them."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import output


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(deliveries)


def deliveries(
    nummer: Annotated[
        str | None, typer.Argument(metavar="[HAENDELSENUMMER]", help="An event, to see who has fetched it and when.")
    ] = None,
    as_json: output.Json = False,
) -> None:
    """Show what each recipient has fetched and what waits.

    For each recipient and system: its position, its last fetch, and the oldest event that it may see and has not
    fetched. With a number: whether and when this event was fetched. Times are those of the events' clock, which the
    sandbox can set; system time, as in the logs, is beside them.
    """
    from dataclasses import asdict

    from udb.cli.database import opened
    from udb.domain.errors import WrongUse
    from udb.domain.identifiers import is_event_number
    from udb.hentning.deliveries import fetches, statuses
    from udb.sandbox import clock
    from udb.store.engine import reading

    if nummer is not None and not is_event_number(nummer):
        raise WrongUse("HAENDELSENUMMER is UDB- and 23 digits, as in the receipt.")
    with opened() as engine, reading(engine) as connection:
        today = clock.now(connection).date()
        found = statuses(connection, today) if nummer is None else fetches(connection, nummer, today)
        rows = [asdict(row) for row in found]
    output.rows(_STATUS if nummer is None else _FETCHED, rows, as_json=as_json)


_STATUS = {
    "modtager": "recipient",
    "system_id": "system",
    "position": "position",
    "hoejeste_hentet": "highest fetched",
    "seneste_hentning": "last fetch",
    "seneste_system": "in system time",
    "aeldste_ikke_hentet": "oldest not fetched",
    "venter": "waiting",
}
_FETCHED = {
    "modtager": "recipient",
    "ser": "may see it",
    "system_id": "system",
    "hentet": "first fetched",
    "hentet_system": "in system time",
    "givet": "first in a feed",
}
