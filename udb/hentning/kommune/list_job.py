"""Keep the table by which lists of residents are filtered and ordered: what the look-up of each resident shows.

Rows are worked out from the same conditions as the look-up's, so that no filter tells more than the pages of the youths
it finds. What a row of the list shows is worked out again when it is shown.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, or_, select

from udb.access.clauses import Recipient, home_youths
from udb.domain.clock import danish_date
from udb.domain.haendelse import AFBRUDT
from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import KOMMUNE_TYPE
from udb.domain.services import EDUCATION
from udb.hentning.kommune.quality import FORAELDET, count
from udb.hentning.kommune.seen import Seen, see
from udb.statistics.definitions.frist import Frist, Udfald
from udb.statistics.definitions.stale import is_old
from udb.statistics.quality.for_others import refresh_for_others
from udb.statistics.quality.youth_counts import Tally, keep_counts
from udb.store import state
from udb.store.codes import load_codes
from udb.store.contacts import KOMMUNE
from udb.store.engine import reading, writing
from udb.store.sql.dialects import insert_into
from udb.store.tables import institution, kontakt, person, ung_liste

GYLDIG: Final = "gyldig"
MANGLER: Final = "mangler"
"""The states of the home kommune's contact person."""
WAITING: Final = frozenset({Udfald.AABEN, Udfald.OVERSKREDET})
"""The outcomes of a deadline for which something is still to be done."""
RISK: Final = "Risiko"
_AT_ONCE: Final = 500


def refresh_lists(engine: Engine) -> int:
    """Work out the row of every resident of 15 to 29, in batches of their own; return how many there are.

    Raises DatabaseUnavailable.
    """
    with reading(engine) as connection:
        now = state.now(connection)
        codes = load_codes(connection)
        kommuner = _kommuner(connection, now)
    counted, tally = 0, Tally()
    for caller in kommuner:
        for batch in _batches(engine, caller):
            counted += len(batch)
            with reading(engine) as connection:
                rows = _rows(connection, caller, batch, codes, now, tally)
            with writing(engine) as connection:
                keep(connection, rows)
    with writing(engine) as connection:
        remove_before(connection, now)
        keep_counts(connection, tally, now)
    refresh_for_others(engine)
    return counted


def keep(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store rows, each instead of the person's older one; one that was worked out later stays.

    Persons and rows are locked by ascending id, as everywhere: two jobs at once wait for each other and never both.
    A row from ahead of the clock is of before the clock was set back, and goes.
    """
    persons = select(person.c.id).where(person.c.id.in_([row["person_id"] for row in rows])).order_by(person.c.id)
    there = set(connection.execute(persons.with_for_update(read=True, key_share=True)).scalars())
    kept = sorted((row for row in rows if row["person_id"] in there), key=lambda row: row["person_id"])
    if not kept:
        return
    adding = insert_into(connection.dialect.name, ung_liste)
    columns = {column.name: adding.excluded[column.name] for column in ung_liste.c if not column.primary_key}
    goes = or_(ung_liste.c.beregnet <= adding.excluded.beregnet, ung_liste.c.beregnet > state.now(connection))
    connection.execute(adding.on_conflict_do_update(index_elements=["person_id"], set_=columns, where=goes), kept)


def remove_before(connection: Connection, now: datetime) -> None:
    """Remove the rows of those who are no one's resident any more, or not between 15 and 29: the job that began at
    ``now`` has worked out none for them. What another job has begun since stays, but for what is ahead of the clock.
    """
    old = or_(ung_liste.c.beregnet < now, ung_liste.c.beregnet > state.now(connection))
    ordered = select(ung_liste.c.person_id).where(old).order_by(ung_liste.c.person_id).with_for_update()
    gone = connection.execute(ordered).scalars().all()
    for begin in range(0, len(gone), _AT_ONCE):
        some = gone[begin : begin + _AT_ONCE]
        connection.execute(delete(ung_liste).where(ung_liste.c.person_id.in_(some), old))


def _kommuner(connection: Connection, now: datetime) -> list[Recipient]:
    query = select(institution.c.nummer, institution.c.administrerende_kommune, institution.c.hovedinstitution).where(
        institution.c.type3 == KOMMUNE_TYPE, institution.c.in_register
    )
    return [Recipient(nummer, now.date(), kode, main) for nummer, kode, main in connection.execute(query)]


def _batches(engine: Engine, caller: Recipient) -> Iterator[Sequence[int]]:
    last = 0
    while True:
        with reading(engine) as connection:
            query = select(person.c.id).where(home_youths(caller), person.c.id > last)
            found = connection.execute(query.order_by(person.c.id).limit(_AT_ONCE)).scalars().all()
        if not found:
            return
        yield found
        last = found[-1]


def _rows(
    connection: Connection,
    caller: Recipient,
    persons: Collection[int],
    codes: Kodesaet,
    now: datetime,
    tally: Tally,
) -> list[dict[str, Any]]:
    contacts = contact_states(connection, caller, persons)
    seen = see(connection, caller, persons, codes)
    count(connection, caller, tally, seen, contacts, codes)
    return [_row(one, contacts.get(number, MANGLER), now) for number, one in seen.items()]


def _row(one: Seen, contact: str, now: datetime) -> dict[str, Any]:
    waiting = next_deadline(one)
    courses = [course for course in one.courses if course.is_open(now.date()) and course.forloeb is not None]
    schools = sorted({course.forloeb.key.hovedinstitution for course in courses if course.forloeb is not None})
    broken_off = [
        event.haendelse_dato for event in one.events if event.status == AFBRUDT and event.service in EDUCATION
    ]
    return {
        "person_id": one.person_id,
        "beregnet": now,
        "situation": one.situation.value,
        "risiko": at_risk(one, now),
        "paalaeg": one.youth.paalaeg,
        "kontakt": contact,
        "afbrud": max(broken_off, default=None),
        "frist": waiting.frist if waiting else None,
        "udfald": waiting.udfald.value if waiting else None,
        "seneste": max((event.haendelse_dato for event in one.events), default=None),
        "skoler": f" {' '.join(schools)} ",
    }


def next_deadline(one: Seen) -> Frist | None:
    """Return the youth's earliest deadline for which something is still to be done."""
    waiting = (frist for frist in one.frister.values() if frist.udfald in WAITING)
    return min(waiting, key=lambda frist: frist.frist, default=None)


def at_risk(one: Seen, now: datetime) -> bool:
    """Return whether an open forloeb has a risk mark, the school's or the kommune's."""
    return any(
        event.risk or event.ifoelge_kommunen == RISK
        for course in one.courses
        if course.is_open(now.date()) and course.forloeb is not None
        for event in (*course.forloeb.events, *course.forloeb.marks)
    )


def contact_states(connection: Connection, caller: Recipient, persons: Collection[int]) -> dict[int, str]:
    """Return the state of each youth's contact person of a kommune; a youth without any is left out."""
    query = select(kontakt.c.person_id, kontakt.c.institution_nummer, kontakt.c.registreringstid).where(
        kontakt.c.art == KOMMUNE, kontakt.c.person_id.in_(persons)
    )
    found: dict[int, str] = {}
    for number, registrar, tid in connection.execute(query):
        is_own = registrar == caller.institution_nummer
        if is_own and not is_old(danish_date(tid), caller.today):
            found[number] = GYLDIG
        else:
            found.setdefault(number, FORAELDET)
    return found
