"""Count stale and missing contacts, and courses without an end, of the youths whose rows of the list are worked out."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, or_, select

from udb.access.clauses import Recipient
from udb.domain.clock import danish_date
from udb.domain.kodesaet import Kodesaet
from udb.hentning.kommune.seen import Seen
from udb.statistics.definitions.kui import kui
from udb.statistics.definitions.missing_end import lacks_end
from udb.statistics.definitions.risk import is_not_renewed, marked
from udb.statistics.definitions.stale import is_old
from udb.statistics.quality.contact_years import Art
from udb.statistics.quality.youth_counts import ContactCount, Counts, CourseCount, Tally
from udb.store.contacts import INSTITUTION, JOBCENTER
from udb.store.tables import egen_kontakt, institution, kontakt, person


@dataclass(frozen=True, slots=True)
class _Contacts:
    """The contacts of some youths, by person: main institution and day of institutions' and job centres' contacts, and
    the day of the own contact that was registered last.
    """

    institutioner: Mapping[int, list[tuple[str, date]]]
    jobcentre: Mapping[int, list[date]]
    egne: Mapping[int, date]


def count(
    connection: Connection,
    caller: Recipient,
    tally: Tally,
    seen: Mapping[int, Seen],
    kui_states: Mapping[int, str],
    codes: Kodesaet,
) -> None:
    """Add a batch of a kommune's residents. ``kui_states``: of its own contact; a youth without one is left out."""
    assert caller.kommunekode is not None, "a list is a kommune's"
    counts, today = tally.kommuner[caller.kommunekode], caller.today
    contacts = _contacts(connection, seen.keys())
    for number, one in seen.items():
        counts.unge += 1
        _count_kui(counts, one, kui_states.get(number), today)
        _count_others(counts.kontakter, one, contacts, today)
        _count_courses(counts.forloeb, tally.skoler, one, codes, today)


FORAELDET: Final = "foraeldet"


def _count_kui(counts: Counts, one: Seen, state: str | None, today: date) -> None:
    of = counts.kontakter[Art.KUI]
    counts.uden_kui += state is None
    of.gaeldende += state is not None
    of.foraeldede += state == FORAELDET
    if kui(one.youth, today) is not None:
        of.af = (of.af or 0) + 1
        of.mangler = (of.mangler or 0) + (state is None)
        counts.foraeldede_i_maalgruppe += state == FORAELDET


def _count_others(counts: dict[Art, ContactCount], one: Seen, contacts: _Contacts, today: date) -> None:
    number, under_order = one.person_id, one.youth.paalaeg
    centres = contacts.jobcentre.get(number, [])
    _add(
        counts[Art.JOBCENTER],
        [is_old(day, today) or not under_order for day in centres],
        should=under_order,
        lacks=not centres,
    )
    schools = {
        course.forloeb.open_at
        for course in one.courses
        if course.forloeb is not None and course.forloeb.open_at is not None and course.is_open(today)
    }
    known = contacts.institutioner.get(number, [])
    _add(
        counts[Art.INSTITUTION],
        [is_old(day, today) or main not in schools for main, day in known],
        should=under_order and bool(schools),
        lacks=bool(schools - {main for main, _ in known}),
    )
    own = contacts.egne.get(number)
    _add(counts[Art.EGEN], [is_old(own, today)] if own is not None else [], should=False, lacks=False)


def _add(count_: ContactCount, are_stale: list[bool], *, should: bool, lacks: bool) -> None:
    count_.gaeldende += len(are_stale)
    count_.foraeldede += sum(are_stale)
    if should:
        count_.af = (count_.af or 0) + 1
        count_.mangler = (count_.mangler or 0) + lacks


def _count_courses(
    of_kommune: CourseCount, schools: dict[str, CourseCount], one: Seen, codes: Kodesaet, today: date
) -> None:
    for course in one.courses:
        forloeb = course.forloeb
        if forloeb is None or not course.is_open(today) or forloeb.open_at is None:
            continue
        for counted in (of_kommune, schools[forloeb.open_at]):
            counted.aabne += 1
            counted.mangler_afslutning += lacks_end(course, codes, today)
            counted.risiko += marked(course, today) is not None
            counted.ikke_fornyet += is_not_renewed(course, today)


def _contacts(connection: Connection, persons: Collection[int]) -> _Contacts:
    schools: dict[int, list[tuple[str, date]]] = defaultdict(list)
    centres: dict[int, list[date]] = defaultdict(list)
    row = kontakt.c
    query = (
        select(row.person_id, row.art, row.institution_nummer, institution.c.hovedinstitution, row.registreringstid)
        .join_from(kontakt, institution, institution.c.nummer == row.institution_nummer, isouter=True)
        .where(row.person_id.in_(persons), row.art.in_((INSTITUTION, JOBCENTER)))
    )
    for number, art, nummer, main, registered in connection.execute(query):
        if art == JOBCENTER:
            centres[number].append(danish_date(registered))
        else:
            schools[number].append((main or nummer, danish_date(registered)))
    return _Contacts(schools, centres, _own(connection, persons))


def _own(connection: Connection, persons: Collection[int]) -> dict[int, date]:
    own, other = person.c, egen_kontakt.c
    by_cpr = select(own.id, own.kontakt_registreret).where(
        own.id.in_(persons), own.kontakt_registreret.is_not(None), or_(own.mail.is_not(None), own.telefon.is_not(None))
    )
    by_others = select(other.person_id, other.registreret).where(
        other.person_id.in_(persons), or_(other.mail.is_not(None), other.telefon.is_not(None))
    )
    found: dict[int, date] = {}
    for query in (by_cpr, by_others):
        for number, registered in connection.execute(query):
            day = danish_date(registered)
            found[number] = max(found.get(number, day), day)
    return found
