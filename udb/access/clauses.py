"""The clauses of access.md: one function for each, which returns a condition of the query; the feed and the look-up
use the same functions.

Every condition uses the tables ``person`` and ``haendelse`` of the query that it becomes part of. A condition on an
event judges a cancellation by the report it cancels.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true, tuple_

from udb.domain.completion import VOCATIONAL
from udb.domain.haendelse import UDDANNELSE
from udb.domain.kodesaet import COSA
from udb.domain.persons import LEFT_FOR_GOOD, RESIDENT
from udb.domain.services import EDUCATION, KOMMUNE_AKTIVITET
from udb.store.codes import is_efterskole
from udb.store.sql.planner_hints import there_is
from udb.store.tables import abonnement, haendelse, hentet, institution, opslag, person

HOME_CLAUSES: Final = ("A1", "A1 A2")
"""How the read log names the clauses of an answer that gave the home kommune something of a youth."""
TABLES: Final = haendelse.join(person, person.c.id == haendelse.c.person_id)
"""The tables that a query of events with these conditions selects from."""

Clauses = Mapping[str, ColumnElement[bool]]
"""Conditions by the clause's name in access.md."""

_JUDGED: Final = func.coalesce(haendelse.c.annulleret_haendelse_nummer, haendelse.c.nummer)
_RESIDENT: Final = person.c.status.in_(sorted(RESIDENT))
# Made once: an alias copies all columns of its table, which takes most of the time of building a condition.
_DONE: Final = haendelse.alias()
_HERE: Final = haendelse.alias()
_NAMED: Final = haendelse.alias()
_FIRST: Final = haendelse.alias()
_REPORT: Final = haendelse.alias()
_UNDER: Final = haendelse.alias()
_STANDS_HERE: Final = not_(or_(_HERE.c.annullering, _HERE.c.annulleret, _HERE.c.gentaget))
_REPORTER: Final = institution.alias()


@dataclass(frozen=True, slots=True)
class Recipient:
    """The caller of a fetch, on its day: a kommune with its code, or another caller (STAR, an institution) without one.

    ``hovedinstitution``: the caller's main institution, by today's register.
    """

    institution_nummer: str
    today: date
    kommunekode: str | None = None
    hovedinstitution: str | None = None


def a1_home_kommune(caller: Recipient) -> ColumnElement[bool]:
    """A1: the person lives in the kommune today, by a CPR status that means an address in Denmark (V 5, 7)."""
    return and_(person.c.kommunekode == caller.kommunekode, _RESIDENT)


def a2_school_kommune(caller: Recipient) -> ColumnElement[bool]:
    """A2: the school that reported is in the kommune, the youth lives in another kommune, and the event is of the 10th
    grade at most; it is not reported by a kommune or by an efterskole (V 7), which the code set ``institutionstyper``
    flags.
    """
    return and_(
        person.c.kommunekode != caller.kommunekode,
        _RESIDENT,
        haendelse.c.service != KOMMUNE_AKTIVITET,
        haendelse.c.til_10,
        _reported_in(caller),
    )


def _reported_in(caller: Recipient) -> ColumnElement[bool]:
    """Return the condition that the event's reporter is a school in the kommune by today's register, no efterskole."""
    # Not a join: a page of the home kommune's events then reads no institution.
    school = (
        _REPORTER.c.nummer == haendelse.c.institution_nummer,
        _REPORTER.c.beliggenhedskommune == caller.kommunekode,
        not_(is_efterskole(_REPORTER.c.type3)),
    )
    return there_is(select(_REPORTER.c.nummer).where(*school).correlate(haendelse))


def a3_age(caller: Recipient) -> ColumnElement[bool]:
    """A3: the youth is 15 to 29 on the day of the fetch (V 5)."""
    return and_(person.c.turns_15 <= caller.today, person.c.turns_30 > caller.today)


def a4_after_25(caller: Recipient) -> ColumnElement[bool]:
    """A4: from the 25th birthday on, no event dated before that birthday is sent (V 5)."""
    return or_(person.c.turns_25 > caller.today, haendelse.c.haendelse_dato >= person.c.turns_25)


def a4_tells(caller: Recipient, day: ColumnElement[date]) -> ColumnElement[bool]:
    """A4, for a day that an event mentions: from the 25th birthday on, none before that birthday is sent."""
    return or_(person.c.turns_25 > caller.today, day >= person.c.turns_25)


def a4_names(caller: Recipient, nummer: ColumnElement[str]) -> ColumnElement[bool]:
    """A4, for a number that an event mentions: from the 25th birthday on, none of an event dated before it is sent."""
    other = (
        _NAMED.c.nummer == nummer,
        _NAMED.c.person_id == person.c.id,
        _NAMED.c.haendelse_dato < person.c.turns_25,
    )
    before = there_is(select(_NAMED.c.nummer).where(*other).correlate(person, haendelse))
    return or_(person.c.turns_25 > caller.today, nummer.is_(None), not_(before))


def a5_vocational(caller: Recipient) -> ColumnElement[bool]:
    """A5: from the 25th birthday, no event later than a completed erhvervskompetencegivende education is sent (V 5)."""
    return or_(person.c.turns_25 > caller.today, not_(_later_than_completion(*VOCATIONAL)))


def a6_feed(caller: Recipient) -> ColumnElement[bool]:
    """A6: under 25 with a completed youth or higher education, only completed forloeb are sent in the feed (V 5)."""
    return or_(person.c.turns_25 <= caller.today, haendelse.c.i_fuldfoert, not_(_completion()))


def a6_look_up(caller: Recipient) -> ColumnElement[bool]:
    """A6: under 25, the look-up returns all history up to the first completion, and after it only completed forloeb
    (V 5, 7).
    """
    return or_(person.c.turns_25 <= caller.today, haendelse.c.i_fuldfoert, not_(_later_than_completion()))


def a7_standing() -> ColumnElement[bool]:
    """A7: a cancelled report is never sent, nor is one that a repetition has replaced (V 5.1, 1.4)."""
    return and_(not_(haendelse.c.annulleret), not_(haendelse.c.gentaget))


def a7_feed(caller: Recipient) -> ColumnElement[bool]:
    """A7, in the feed: the home kommune alone is sent a cancelled report too, if an institution has looked the youth up
    under it (A11).
    """
    if caller.kommunekode is None:
        return a7_standing()
    under = and_(haendelse.c.annulleret, a1_home_kommune(caller), _looked_up(haendelse.c.nummer))
    return or_(a7_standing(), and_(not_(haendelse.c.gentaget), under))


def cancels_looked_up(caller: Recipient) -> ColumnElement[bool]:
    """Return the condition that the event cancels a report which the feed shows the home kommune although it is
    cancelled (A7).
    """
    if caller.kommunekode is None:
        return false()
    # A cancellation has the computed fields of its report, so A4-A6 and A9 hold for both or for neither.
    return and_(
        haendelse.c.annullering,
        a1_home_kommune(caller),
        _looked_up(haendelse.c.annulleret_haendelse_nummer),
        *feed_history(caller).values(),
    )


def _looked_up(nummer: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that an institution looked the youth up under a report, or under one that it repeats, and
    that no repetition has replaced it.
    """
    # What repeats a report has its place. The hidden one of them stays hidden: a reader may have passed its number.
    same = and_(_UNDER.c.person_id == _REPORT.c.person_id, _UNDER.c.plads == _REPORT.c.plads)
    under = _REPORT.join(_UNDER, same).join(opslag, opslag.c.nummer == _UNDER.c.nummer)
    query = select(opslag.c.nummer).select_from(under).where(_REPORT.c.nummer == nummer, not_(_REPORT.c.gentaget))
    return there_is(query.correlate(haendelse))


def a7_look_up() -> ColumnElement[bool]:
    """A7, in the look-up: cancellations are not sent either (contract 5.1), nor is a change of employment or social
    benefit that a correction has removed from the series (rules.md, Corrections).
    """
    return and_(a7_standing(), not_(haendelse.c.annullering), not_(haendelse.c.udgaaet))


def a9_practice() -> ColumnElement[bool]:
    """A9: an event is not sent if its only news is a practice place reported after the optag (V 1.1)."""
    return haendelse.c.vist


def a10_subscription() -> ColumnElement[bool]:
    """A10: DFDG receives education and kommune-activity events of youths with an active subscription (V 3.2)."""
    # A subscription that is due to end may not have been ended yet: the status excludes the dead and those who went
    # abroad, A3 those who have turned 30.
    return and_(
        haendelse.c.art == UDDANNELSE,
        person.c.status.not_in(sorted(LEFT_FOR_GOOD)),
        exists().where(abonnement.c.person_id == person.c.id).correlate(person),
    )


def a11_open(caller: Recipient, before: datetime | None) -> ColumnElement[bool]:
    """A11: the youth has an open forloeb at the caller's main institution (V 6), of which some report was registered
    ``before`` (``udb.domain.registered``).
    """
    here = (
        _HERE.c.person_id == person.c.id,
        _HERE.c.aabent_hos == caller.hovedinstitution,
        _HERE.c.service.in_(sorted(EDUCATION)),
        _STANDS_HERE,
        _registered(before),
    )
    return there_is(select(_HERE.c.nummer).where(*here).correlate(person))


def a11_ended(caller: Recipient, status: int, formaal: Collection[str], before: datetime | None) -> ColumnElement[bool]:
    """A11: a forloeb of some formaal at the caller's main institution ended with a status, for example a completed FGU
    course or an afbrud of a gymnasial education (V 6). Its end was registered ``before`` (``udb.domain.registered``).
    """
    main = func.coalesce(_REPORTER.c.hovedinstitution, _HERE.c.institution_nummer)
    here = (
        _HERE.c.person_id == person.c.id,
        _HERE.c.status == status,
        _HERE.c.kodesaet == COSA,
        _HERE.c.kode.in_(sorted(formaal)),
        main == caller.hovedinstitution,
        _STANDS_HERE,
        _registered(before),
    )
    reported = _HERE.outerjoin(_REPORTER, _REPORTER.c.nummer == _HERE.c.institution_nummer)
    return there_is(select(_HERE.c.nummer).select_from(reported).where(*here).correlate(person))


def a11_marks(caller: Recipient) -> ColumnElement[bool]:
    """A11: an event is a kommune's mark on an open forloeb at the caller's main institution, or a cancellation of one;
    the youth is 15 to 29 and has an address in Denmark (V 2.3).
    """
    return and_(
        haendelse.c.ifoelge_kommunen.is_not(None),
        haendelse.c.aabent_hos == caller.hovedinstitution,
        a7_standing(),
        a3_age(caller),
        _RESIDENT,
    )


def _registered(before: datetime | None) -> ColumnElement[bool]:
    """Return the condition that the report, or the one it repeats after a number change, was registered before."""
    if before is None:
        return true()
    first = select(_FIRST.c.nummer).where(_FIRST.c.nummer == _HERE.c.plads, _FIRST.c.registreringstid < before)
    return there_is(first.correlate(_HERE))


def home_youths(caller: Recipient) -> ColumnElement[bool]:
    """Return the condition that the caller is the youth's home kommune and the youth is 15 to 29: A1 and A3."""
    return and_(a1_home_kommune(caller), a3_age(caller))


def look_up_clauses(caller: Recipient) -> Clauses:
    """Return the clauses that must all hold for the home kommune to see an event in the look-up."""
    return {
        "A1": a1_home_kommune(caller),
        "A3": a3_age(caller),
        "A4": a4_after_25(caller),
        "A5": a5_vocational(caller),
        "A6": a6_look_up(caller),
        "A7": a7_look_up(),
        "A9": a9_practice(),
    }


def feed_whose(caller: Recipient) -> Clauses:
    """Return the clauses of which one must hold for a recipient to see an event in the feed.

    For a kommune these are A1 and A2, for DFDG A10.
    """
    if caller.kommunekode is None:
        return {"A10": a10_subscription()}
    return {"A1": a1_home_kommune(caller), "A2": a2_school_kommune(caller)}


def feed_always(caller: Recipient) -> Clauses:
    """Return the clauses that must all hold for every event in the feed."""
    return {"A3": a3_age(caller), "A7": a7_feed(caller)}


def feed_history(caller: Recipient) -> Clauses:
    """Return the clauses that must all hold in the feed, except for a cancellation of a report that was fetched."""
    return {
        "A4": a4_after_25(caller),
        "A5": a5_vocational(caller),
        "A6": a6_feed(caller),
        "A9": a9_practice(),
    }


def look_up_events(caller: Recipient) -> ColumnElement[bool]:
    """Return the condition that the home kommune sees an event in the look-up."""
    return and_(*look_up_clauses(caller).values())


def feed_events(caller: Recipient) -> ColumnElement[bool]:
    """Return the condition that a recipient sees an event, or a cancellation, in the feed."""
    return and_(
        or_(*feed_whose(caller).values()),
        *feed_always(caller).values(),
        or_(and_(*feed_history(caller).values()), cancels_fetched(caller)),
    )


def cancels_fetched(caller: Recipient) -> ColumnElement[bool]:
    """Return the condition that the event cancels a report that one of the recipient's systems fetched: A4-A6 and A9 do
    not withhold such a cancellation (contract 5.1).
    """
    fetched = select(hentet.c.nummer).where(
        hentet.c.modtager == caller.institution_nummer, hentet.c.nummer == haendelse.c.annulleret_haendelse_nummer
    )
    return and_(haendelse.c.annullering, there_is(fetched.correlate(haendelse)))


def _completion(*kinds: str) -> ColumnElement[bool]:
    """Return the condition that the youth has completed an education: any that counts for A6, or one of some kinds."""
    return there_is(
        select(_DONE.c.nummer).where(_DONE.c.person_id == person.c.id, _completes(*kinds)).correlate(person)
    )


def _completes(*kinds: str) -> ColumnElement[bool]:
    # Without kinds it is A6: a gennemført in doubt completes nothing there (udb.domain.completion.in_doubt).
    if kinds:
        return _DONE.c.fuldfoerer.in_(sorted(kinds))
    return and_(_DONE.c.fuldfoerer.is_not(None), _DONE.c.i_fuldfoert)


def _later_than_completion(*kinds: str) -> ColumnElement[bool]:
    """Return the condition that the event is later than some completion: by date, then number (access.md)."""
    before = tuple_(_DONE.c.haendelse_dato, _DONE.c.nummer) < tuple_(haendelse.c.haendelse_dato, _JUDGED)
    return there_is(
        select(_DONE.c.nummer)
        .where(_DONE.c.person_id == person.c.id, _completes(*kinds), before)
        .correlate(person, haendelse)
    )
