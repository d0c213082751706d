"""What a kommune registered itself (A13). Every answer is preceded by its row in the read log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, literal, not_, null, or_, select

from udb.access.clauses import Recipient, a1_home_kommune, home_youths
from udb.access.own_registrations import CLAUSE, a13_contacts, a13_events, a13_wishes
from udb.context import Context
from udb.domain.call import Call
from udb.domain.clock import midnight
from udb.domain.haendelse import KONTAKTTID, Haendelse
from udb.domain.receipt import Fejl
from udb.hentning.fetch_call import FetchCall, carry_out
from udb.hentning.kommune.listed import goes_to, is_of_today
from udb.readlog.entries import NO_PERSON
from udb.statistics.definitions.stale import DAYS
from udb.store.contacts import Contact
from udb.store.events import EVENT_COLUMNS, WITH_REPORTER, as_event
from udb.store.tables import cprnummer, haendelse, kontakt, onske, person, ung_liste

PAGE: Final = 100
"""How many registrations one page has."""


class Art(StrEnum):
    """The kinds of registration."""

    KONTAKTER = "kontakter"
    OENSKER = "oensker"
    AKTIVITETER = "aktiviteter"
    MARKERINGER = "markeringer"
    TIDER = "tider"


class Tilstand(StrEnum):
    """What a registration is worth today; the first that holds, from below."""

    GAELDER = "gaelder"
    FORAELDET = "foraeldet"
    FYLDT_25 = "fyldt25"
    FLYTTET = "flyttet"
    ANNULLERET = "annulleret"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSought:
    """What to look for; None: no matter. ``fra``, ``til``: days of the registration, both included; ``tekst``: part of
    a contact's name or mail; ``skole``: number of an institution where the youth has an open course.
    """

    art: Art = Art.KONTAKTER
    tilstand: Tilstand | None = None
    fra: date | None = None
    til: date | None = None
    tekst: str | None = None
    skole: str | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """A registration. ``cprnr``: of an event as it was reported; None where the kommune may not know today's.
    ``navn``: of a resident, unless it is protected, which ``beskyttet`` says of a resident alone. ``vises``: whether
    the look-up shows the youth.

    ``event``: None for a contact or a wish; ``hvad``: the kind of a wish.
    """

    person_id: int
    cprnr: str | None
    navn: str | None
    beskyttet: bool
    vises: bool
    tilstand: Tilstand
    registreret: datetime
    hvad: str | None
    tekst: str | None
    mail: str | None
    telefon: str | None
    event: Haendelse | None


@dataclass(frozen=True, slots=True)
class OwnContact:
    """A contact that the kommune registered, with the youth's current number."""

    person_id: int
    cprnr: str
    contact: Contact


def own_registrations(
    context: Context, call: Call, sought: OwnSought, *, number: int = 1, size: int = PAGE
) -> tuple[list[Own], bool]:
    """Return a page of registrations, the newest first, and whether there are more; ``number``: of the page, from 1.

    Raises NoDataaftale, DatabaseUnavailable.
    """
    answer = partial(_listed, sought=sought, first=(number - 1) * size, size=size)
    return carry_out(context, call, None, answer, lambda _: ([], False))


def all_own_registrations(context: Context, call: Call, sought: OwnSought, most: int) -> list[Own] | None:
    """Return all registrations that fit, the newest first; None when they are more than ``most``: no one is shown then,
    and so no one is logged.

    Raises NoDataaftale, DatabaseUnavailable.
    """
    nothing: list[Own] = []
    return carry_out(context, call, None, partial(_whole, sought=sought, most=most), lambda _: nothing)


def own_contacts(context: Context, call: Call, persons: Sequence[int]) -> dict[int, OwnContact]:
    """Return the kommune's own contact of each of the youths who has one. Raises NoDataaftale, DatabaseUnavailable."""
    return carry_out(context, call, None, partial(_contacts, persons=persons), lambda _: {})


def own_wishes(context: Context, call: Call, person_id: int) -> str | None:
    """Return the current number of a youth for which the kommune registered wishes; None when there is none.

    Raises NoDataaftale, DatabaseUnavailable.
    """
    return carry_out(context, call, None, partial(_wishes, person_id=person_id), _none)


def own_event(context: Context, call: Call, nummer: str) -> Haendelse | None:
    """Return an event that the kommune reported; None when it is another's, or there is none.

    Raises NoDataaftale, DatabaseUnavailable.
    """
    return carry_out(context, call, None, partial(_event, nummer=nummer), _none)


def _none(_: tuple[Fejl, ...]) -> None:
    return None


def _contacts(fetch: FetchCall, persons: Sequence[int]) -> dict[int, OwnContact]:
    columns = (kontakt.c[name] for name in Contact.__dataclass_fields__)
    query = (
        select(person.c.id, person.c.cprnr, *columns)
        .select_from(kontakt.join(person, person.c.id == kontakt.c.person_id))
        .where(a13_contacts(fetch.caller), person.c.id.in_(persons))
    )
    found = {
        number: OwnContact(number, cprnr, Contact(*more)) for number, cprnr, *more in fetch.connection.execute(query)
    }
    fetch.log(list(found) or [NO_PERSON], clause=CLAUSE if found else None)
    return found


def _wishes(fetch: FetchCall, person_id: int) -> str | None:
    of = onske.join(person, person.c.id == onske.c.person_id)
    query = select(person.c.cprnr).select_from(of).where(a13_wishes(fetch.caller), person.c.id == person_id)
    found: str | None = fetch.connection.execute(query.limit(1)).scalar()
    fetch.log([NO_PERSON if found is None else person_id], clause=None if found is None else CLAUSE)
    return found


def _event(fetch: FetchCall, nummer: str) -> Haendelse | None:
    query = (
        select(haendelse.c.person_id, *EVENT_COLUMNS)
        .select_from(WITH_REPORTER)
        .where(haendelse.c.nummer == nummer, a13_events(fetch.caller))
    )
    row = fetch.connection.execute(query).one_or_none()
    if row is None:
        fetch.log([NO_PERSON], clause=None)
        return None
    fetch.log([row[0]], clause=CLAUSE, first=nummer, last=nummer)
    return as_event(row[1:])


def _listed(fetch: FetchCall, sought: OwnSought, first: int, size: int) -> tuple[list[Own], bool]:
    query = _query(fetch, sought).offset(first).limit(size + 1)
    rows = fetch.connection.execute(query).all()
    shown = [_own(row) for row in rows[:size]]
    fetch.log({one.person_id for one in shown}, clause=CLAUSE)
    return shown, len(rows) > size


def _whole(fetch: FetchCall, sought: OwnSought, most: int) -> list[Own] | None:
    rows = fetch.connection.execute(_query(fetch, sought).limit(most + 1)).all()
    if len(rows) > most:
        fetch.log([], clause=CLAUSE)
        return None
    shown = [_own(row) for row in rows]
    fetch.log({one.person_id for one in shown}, clause=CLAUSE)
    return shown


_HAS_OTHER_NUMBER: Final = (
    select(cprnummer.c.cprnr)
    .where(cprnummer.c.person_id == person.c.id, cprnummer.c.cprnr != person.c.cprnr)
    .correlate(person)
    .exists()
)
"""The condition that a person has had more than one number: the kommune may have registered under another."""
_FIXED: Final = 11
"""How many columns come before those of an event."""


def _own(row: Any) -> Own:
    person_id, cprnr, navn, beskyttet, vises, tilstand, registreret, hvad, tekst, mail, telefon = row[:_FIXED]
    return Own(
        person_id=person_id,
        cprnr=cprnr,
        navn=navn,
        beskyttet=beskyttet,
        vises=vises,
        tilstand=Tilstand(tilstand),
        registreret=registreret,
        hvad=hvad,
        tekst=tekst,
        mail=mail,
        telefon=telefon,
        event=as_event(row[_FIXED:]) if len(row) > _FIXED else None,
    )


def _query(fetch: FetchCall, sought: OwnSought) -> Select[Any]:
    caller = fetch.caller
    home = a1_home_kommune(caller)
    said: tuple[ColumnElement[Any], ...]
    source: FromClause
    nothing = null()
    events: tuple[ColumnElement[Any], ...] = ()
    if sought.art is Art.KONTAKTER:
        source, whose, table = kontakt, a13_contacts(caller), kontakt
        said = (nothing, kontakt.c.navn, kontakt.c.mail, kontakt.c.telefon)
        order = (kontakt.c.registreringstid.desc(), kontakt.c.person_id)
    elif sought.art is Art.OENSKER:
        source, whose, table = onske, a13_wishes(caller), onske
        said = (onske.c.art, onske.c.tekst, nothing, nothing)
        order = (onske.c.registreringstid.desc(), onske.c.person_id, onske.c.art, onske.c.nr)  # type: ignore[assignment]  # longer
    else:
        source, whose, table = WITH_REPORTER, and_(a13_events(caller), _of_art(sought.art)), haendelse
        said = (nothing, nothing, nothing, nothing)
        events = EVENT_COLUMNS
        order = (haendelse.c.nummer.desc(), haendelse.c.nummer)
    state, is_shown = _state(caller, home, table), home_youths(caller)
    name, is_protected = case((and_(home, not_(person.c.beskyttet)), person.c.navn)), and_(home, person.c.beskyttet)
    number = haendelse.c.cprnr if events else case((or_(home, not_(_HAS_OTHER_NUMBER)), person.c.cprnr))
    joined = source.join(person, person.c.id == table.c.person_id).outerjoin(
        ung_liste, ung_liste.c.person_id == person.c.id
    )
    return (
        select(person.c.id, number, name, is_protected, is_shown, state, table.c.registreringstid, *said, *events)
        .select_from(joined)
        .where(whose, *_conditions(fetch, sought, table, state))
        .order_by(*order)
    )


def _of_art(art: Art) -> ColumnElement[bool]:
    is_mark = haendelse.c.ifoelge_kommunen.is_not(None)
    if art is Art.TIDER:
        return haendelse.c.art == KONTAKTTID
    return and_(haendelse.c.art != KONTAKTTID, is_mark if art is Art.MARKERINGER else not_(is_mark))


def _state(caller: Recipient, home: ColumnElement[bool], table: Any) -> ColumnElement[str]:
    over_25 = person.c.turns_25 <= caller.today
    cases: list[tuple[ColumnElement[bool], Any]] = []
    if table is haendelse:
        cases.append((or_(haendelse.c.annulleret, haendelse.c.gentaget), Tilstand.ANNULLERET.value))
    cases.append((and_(home, over_25), Tilstand.FYLDT_25.value))
    if table is not haendelse:
        old = table.c.registreringstid < midnight(caller.today - DAYS)
        cases.append((and_(home, old), Tilstand.FORAELDET.value))
    return case(*cases, (home, Tilstand.GAELDER.value), else_=literal(Tilstand.FLYTTET.value))


def _conditions(
    fetch: FetchCall, sought: OwnSought, table: Any, state: ColumnElement[str]
) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.tilstand is not None:
        found.append(state == sought.tilstand.value)
    if sought.fra is not None:
        found.append(table.c.registreringstid >= midnight(sought.fra))
    if sought.til is not None:
        found.append(table.c.registreringstid < midnight(sought.til + timedelta(days=1)))
    if sought.tekst and table is kontakt:
        wanted = (column.icontains(sought.tekst, autoescape=True) for column in (kontakt.c.navn, kontakt.c.mail))
        found.append(or_(*wanted))
    if sought.skole is not None:
        # Of residents alone: the table of lists has a row of no other youth.
        found += [
            a1_home_kommune(fetch.caller),
            goes_to(fetch.connection, sought.skole),
            is_of_today(fetch.connection, fetch.caller),
        ]
    return found
