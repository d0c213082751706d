"""``udb system-change``: changes of source system, their checks, and the file of numbers for the new system."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from udb.cli import groups, output, values

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from udb.statistics.system_change.announced import Change

_Id = Annotated[int, typer.Argument(metavar="NUMBER", help="The number of the change, as in the list.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "system-change")
    commands.command("announce")(announce)
    commands.command("list")(list_)
    commands.command("check")(check)
    commands.command("numbers")(numbers)


def announce(
    institution: Annotated[
        str, typer.Argument(metavar="INSTITUTION", help="The number of the main institution or kommune.")
    ],
    old: Annotated[
        str,
        typer.Option(metavar="TEXT", help="The old system: id or name, or its KildeLeverandoer if it is unknown here."),
    ],
    new: Annotated[str, typer.Option(metavar="TEXT", help="The new system: id or name.")],
    day: Annotated[
        date,
        typer.Option(parser=values.day, metavar="YYYY-MM-DD", help="The first day on which the new one reports."),
    ],
    contact: Annotated[str, typer.Option(metavar="TEXT", help="Where to ask: a mailbox or a telephone.")],
) -> None:
    """Announce a change of source system.

    A day more than two years away is refused, and nothing is stored.
    """
    from udb.cli.database import opened
    from udb.domain.errors import WrongUse
    from udb.domain.text import ENGLISH
    from udb.readlog.lookup import operator
    from udb.statistics.system_change import announced
    from udb.store import state
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        wanted = announced.Announcement(institution, old, new, day, contact)
        made, wrong = announced.announce(connection, wanted, operator(), state.now(connection))
    if made is None:
        raise WrongUse(" ".join(one.text.said(ENGLISH) for one in wrong))
    typer.echo(f"Change {made} of {institution} on {day}")


def list_(
    institution: Annotated[
        str | None, typer.Option(metavar="INSTITUTION", help="Only this main institution's or kommune's.")
    ] = None,
    as_json: output.Json = False,
) -> None:
    """List the announced changes, the latest day first, with when their checklists were closed."""
    from dataclasses import asdict

    from udb.cli.database import opened
    from udb.statistics.system_change.announced import changes
    from udb.statistics.system_change.points import closed_at
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        found = [asdict(one) | {"lukket": closed_at(one)} for one in changes(connection, institution)]
    output.rows(_COLUMNS, found, as_json=as_json)


def check(number: _Id, as_json: output.Json = False) -> None:
    """Run all checks of a change. Counts only: no row is about a youth.

    A check without a count looks at days that are not over.
    """
    from udb import settings
    from udb.cli.database import opened
    from udb.sandbox.mark import is_sandbox
    from udb.statistics.system_change.checks import checked
    from udb.store import state
    from udb.store.codes import load_codes
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        change = _change(connection, number)
        invented = is_sandbox(connection) or settings.load().sandbox
        found = checked(
            connection,
            change,
            state.now(connection).date(),
            load_codes(connection),
            invented_cpr_allowed=invented,
        )
    rows = [
        {
            "tjek": one.check.name,
            "fund": one.antal if one.computed else None,
            "nedre_graense": one.lower_bound,
            "endelig_efter": one.ready,
        }
        for one in found.results.values()
    ]
    output.rows(_CHECKED, rows, as_json=as_json)


def numbers(
    number: _Id,
    institution: Annotated[
        str | None, typer.Option(metavar="INSTITUTION", help="Only of this institution under the main institution.")
    ] = None,
) -> None:
    """Print the file of numbers for the new system as CSV: what a cancellation needs, for each report that stands.

    It has CPR numbers. Your question is logged in the read log.
    """
    import csv
    import sys

    from udb.cli.database import opened
    from udb.domain.errors import WrongUse
    from udb.readlog.lookup import log_command
    from udb.statistics.system_change.numbers import COLUMNS, MOST
    from udb.statistics.system_change.numbers import numbers as found_numbers
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        change = _change(connection, number)
        found = found_numbers(connection, change, institution)
        log_command(connection, "udb system-change numbers", found.persons, change.institution_nummer)
    if found.too_many:
        raise WrongUse(f"There are more than {MOST} lines. Name one institution: --institution INSTITUTION")
    writer = csv.writer(sys.stdout, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows(found.lines)


def _change(connection: Connection, number: int) -> Change:
    from udb.domain.errors import UnknownName
    from udb.statistics.system_change.announced import change_of

    found = change_of(connection, number)
    if found is None:
        raise UnknownName(f"There is no change {number}. See: udb system-change list")
    return found


_COLUMNS = {
    "id": "number",
    "institution_nummer": "institution",
    "gammelt": "from",
    "nyt": "to",
    "dag": "day",
    "kontakt": "contact",
    "meldt_af": "announced by",
    "meldt": "announced",
    "lukket": "closed",
}
_CHECKED = {
    "tjek": "check",
    "fund": "findings",
    "nedre_graense": "at least",
    "endelig_efter": "final after",
}
