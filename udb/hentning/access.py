"""Who may see what: one function per clause of access.md, each a condition on the query; the feed and the look-up
use the same ones.

Every condition is about the tables ``person`` and ``haendelse`` of the query it becomes part of.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, not_, or_

from udb.rules.facts import RESIDENT
from udb.store.tables import haendelse, hentet, person


@dataclass(frozen=True, slots=True)
class Kommune:
    """A calling kommune on the day of the fetch."""

    kommunekode: str
    institution_nummer: str
    today: date


def a1_home_kommune(caller: Kommune) -> ColumnElement[bool]:
    """A1: the person lives in the kommune today, by a CPR status that means an address in Denmark (V 5, 7)."""
    return and_(person.c.kommunekode == caller.kommunekode, person.c.status.in_(sorted(RESIDENT)))


def a3_age(caller: Kommune) -> ColumnElement[bool]:
    """A3: the youth is 15 to 29 on the day of the fetch (V 5)."""
    return and_(person.c.turns_15 <= caller.today, person.c.turns_30 > caller.today)


def a4_after_25(caller: Kommune) -> ColumnElement[bool]:
    """A4: from the 25th birthday no event dated before it (V 5).

    A cancellation is not withheld from a kommune one of whose systems fetched the report (contract 5.1).
    """
    return or_(
        person.c.turns_25 > caller.today,
        haendelse.c.haendelse_dato >= person.c.turns_25,
        and_(haendelse.c.annullering, _fetched(caller, haendelse.c.annulleret_haendelse_nummer)),
    )


def a4_shield(turns_25: date, today: date) -> date | None:
    """A4, of what an event says of others: no date and no number from before this day is told; None: everything is."""
    return turns_25 if turns_25 <= today else None


def a7_standing() -> ColumnElement[bool]:
    """A7: a cancelled report is in no answer, nor is one whose repetition stands in its stead (V 5.1, 1.4)."""
    return and_(not_(haendelse.c.annulleret), not_(haendelse.c.gentaget))


def home_youths(caller: Kommune) -> ColumnElement[bool]:
    """The youths whose home kommune asks: A1 and A3."""
    return and_(a1_home_kommune(caller), a3_age(caller))


def home_events(caller: Kommune) -> ColumnElement[bool]:
    """The events the home kommune may see, cancellations among them: A1, A3, A4, A7."""
    return and_(home_youths(caller), a4_after_25(caller), a7_standing())


def _fetched(caller: Kommune, nummer: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(hentet.c.modtager == caller.institution_nummer, hentet.c.nummer == nummer)
