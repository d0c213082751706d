"""Read what the comparison needs, in batches: the youths that the caller may know, and what is stored of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, select

from udb.access.clauses import Recipient
from udb.access.reconciled import known_youths, own_contacts, own_reports
from udb.domain.persons import Person
from udb.hentning.reconciliation.kinds import Hvad, services_of
from udb.hentning.reconciliation.ours import Asked, Judged, Place, Stored
from udb.statistics.senders import ACCEPTED, PROEVE, REFUSED
from udb.store.contacts import SLETTET, Contact, Wish
from udb.store.events import WITH_REPORTER, events_by_person
from udb.store.tables import cprnummer, haendelse, kontakt, kontakt_historik, modtagelse, onske, person

_AT_ONCE: Final = 500
_NEW: Final = "ny"
_PERSON: Final = tuple(person.c[field.name] for field in fields(Person))


def known(connection: Connection, caller: Recipient, place: Place, numbers: Collection[str]) -> Mapping[str, Person]:
    """Return the youths among the holders of some CPR numbers that the caller may know, by number.

    One statement for every 500 numbers, whatever they are: those of strangers take as long as those of no one.
    """
    found = {}
    query = select(cprnummer.c.cprnr, *_PERSON).select_from(
        cprnummer.join(person, person.c.id == cprnummer.c.person_id)
    )
    for batch in _batches(sorted(numbers)):
        for number, *row in connection.execute(
            query.where(cprnummer.c.cprnr.in_(batch), known_youths(caller, place.numre, is_kommune=place.is_kommune))
        ):
            found[number] = Person(*row)
    return found


def in_scope(connection: Connection, caller: Recipient, asked: Asked, place: Place) -> set[int]:
    """Return the ids of the youths with something in the caller's scope, perhaps."""
    if asked.hvad is Hvad.KONTAKT:
        query = select(kontakt.c.person_id).where(own_contacts(place.numre, is_kommune=place.is_kommune))
    elif asked.hvad is Hvad.OENSKER:
        query = select(onske.c.person_id).where(onske.c.institution_nummer == caller.institution_nummer)
    else:
        query = (
            select(haendelse.c.person_id)
            .select_from(WITH_REPORTER)
            .where(own_reports(place.numre, services_of(asked.hvad, kommune=place.is_kommune)), _in_time(asked))
        )
    return set(connection.execute(query.distinct()).scalars())


def _in_time(asked: Asked) -> ColumnElement[bool]:
    day = haendelse.c.haendelse_dato
    return day <= asked.dag if asked.hvad is Hvad.FORLOEB else and_(day >= asked.fra, day <= asked.til)


def stored(
    connection: Connection, asked: Asked, place: Place, people: Mapping[int, Person | None], judged: Collection[int]
) -> dict[int, Stored]:
    """Return what is stored of some youths; of those who are ``judged`` also what became of their reports.

    ``people``: by id; None: still to be read.
    """
    found: dict[int, Stored] = {}
    for batch in _batches(sorted(people)):
        found |= _of(connection, asked, place, {number: people[number] for number in batch}, judged)
    return found


def _of(
    connection: Connection, asked: Asked, place: Place, people: Mapping[int, Person | None], judged: Collection[int]
) -> dict[int, Stored]:
    unread = [number for number, one in people.items() if one is None]
    read = {row.id: Person(*row) for row in connection.execute(select(*_PERSON).where(person.c.id.in_(unread)))}
    found = {number: Stored(one or read[number]) for number, one in people.items() if one is not None or number in read}
    if asked.hvad is Hvad.KONTAKT:
        _add_contacts(connection, place, found)
    elif asked.hvad is Hvad.OENSKER:
        _add_wishes(connection, place, found)
    else:
        for number, events in events_by_person(connection, list(found)).items():
            found[number] = replace(found[number], events=events)
    _add_judged(connection, asked, place, found, [number for number in found if number in judged])
    return found


def _add_contacts(connection: Connection, place: Place, found: dict[int, Stored]) -> None:
    own = own_contacts(place.numre, is_kommune=place.is_kommune)
    query = select(kontakt.c.person_id, *(kontakt.c[name] for name in Contact.__dataclass_fields__))
    several: dict[int, list[Contact]] = {}
    for number, *row in connection.execute(query.where(kontakt.c.person_id.in_(found), own)):
        several.setdefault(number, []).append(Contact(*row))
    past = kontakt_historik.c
    ended = (
        select(past.person_id, func.max(past.til))
        .where(
            past.person_id.in_(found),
            past.institution_nummer.in_(sorted(place.numre)),
            past.afsluttet == SLETTET,
        )
        .group_by(past.person_id)
    )
    deleted: dict[int, datetime] = {row[0]: row[1] for row in connection.execute(ended)}
    for number, one in found.items():
        found[number] = replace(one, contacts=several.get(number, []), slettet=deleted.get(number))


def _add_wishes(connection: Connection, place: Place, found: dict[int, Stored]) -> None:
    query = select(onske.c.person_id, *(onske.c[name] for name in Wish.__dataclass_fields__))
    own = and_(onske.c.person_id.in_(found), onske.c.institution_nummer == place.nummer)
    several: dict[int, list[Wish]] = {}
    for number, *row in connection.execute(query.where(own).order_by(onske.c.nr)):
        several.setdefault(number, []).append(Wish(*row))
    for number, one in found.items():
        found[number] = replace(one, wishes=several.get(number, []))


def _add_judged(
    connection: Connection, asked: Asked, place: Place, found: dict[int, Stored], numbers: Sequence[int]
) -> None:
    row = modtagelse.c
    query = select(row.person_id, row.tid, row.resultat, row.slags, row.koder, row.transaction_id, row.dato).where(
        row.person_id.in_(numbers),
        row.institution_nummer.in_(sorted(place.numre)),
        row.service.in_(sorted(services_of(asked.hvad, kommune=place.is_kommune))),
        row.resultat.in_((ACCEPTED, REFUSED)),
        row.slags != PROEVE,
    )
    several: dict[int, list[Judged]] = {}
    for number, tid, resultat, slags, koder, transaction, dato in connection.execute(query.order_by(row.id)):
        one = Judged(tid, resultat == REFUSED, slags == _NEW, tuple(koder.split()), transaction, dato)
        several.setdefault(number, []).append(one)
    for number in numbers:
        found[number] = replace(found[number], judged=several.get(number, []))


def _batches(found: Sequence[Any]) -> Iterator[Sequence[Any]]:
    yield from (found[begin : begin + _AT_ONCE] for begin in range(0, len(found), _AT_ONCE))
