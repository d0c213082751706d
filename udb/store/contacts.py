"""Contact persons and wishes of a youth, kept until they are changed or deleted (V 2.1, 2.2, 5.1)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, case, delete, exists, insert, select, update

from udb.store.sql.prepared import Prepared, parameter
from udb.store.sql.together import Kind
from udb.store.tables import kontakt, kontakt_historik, onske

KOMMUNE: Final = "kommune"
INSTITUTION: Final = "institution"
JOBCENTER: Final = "jobcenter"
JOB: Final = "job"
UDDANNELSE: Final = "uddannelse"
ERSTATTET: Final = "erstattet"
SLETTET: Final = "slettet"
FLYTTET: Final = "flyttet"
"""Why a contact ended: another replaced it, its registrar deleted it, or a later home kommune did."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact person for a youth, registered by ``institution_nummer``: a kommune, an institution or a job centre."""

    art: str
    institution_nummer: str
    navn: str
    mail: str | None
    telefon: str | None
    registreringstid: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish of a youth, of kind JOB or UDDANNELSE, as registered by a kommune."""

    art: str
    institution_nummer: str
    tekst: str
    registreringstid: datetime


def contacts(connection: Connection, person_id: int) -> Sequence[Contact]:
    """Return every contact person of a youth, ordered by registrar."""
    query = select(
        kontakt.c.art,
        kontakt.c.institution_nummer,
        kontakt.c.navn,
        kontakt.c.mail,
        kontakt.c.telefon,
        kontakt.c.registreringstid,
    )
    rows = connection.execute(query.where(kontakt.c.person_id == person_id).order_by(kontakt.c.institution_nummer))
    return [Contact(*row) for row in rows]


def wishes(connection: Connection, person_id: int) -> Sequence[Wish]:
    """Return every wish of a youth, ordered by registrar, then in the order of the report."""
    query = select(onske.c.art, onske.c.institution_nummer, onske.c.tekst, onske.c.registreringstid)
    rows = connection.execute(
        query.where(onske.c.person_id == person_id).order_by(onske.c.institution_nummer, onske.c.nr)
    )
    return [Wish(*row) for row in rows]


def has_contact(connection: Connection, person_id: int, institution_nummer: str, art: str) -> bool:
    """Return whether an institution or kommune has a contact person registered for a youth."""
    return _any(
        connection, kontakt, person_id, kontakt.c.institution_nummer == institution_nummer, kontakt.c.art == art
    )


def has_wish(connection: Connection, person_id: int, institution_nummer: str) -> bool:
    """Return whether a kommune has any wish registered for a youth."""
    return _any(connection, onske, person_id, onske.c.institution_nummer == institution_nummer)


def set_contact(connection: Connection, person_id: int, contact: Contact) -> None:
    """Register a contact person, replacing the one of the same kind that this registrar had registered."""
    of = {"person_id_": person_id, "art_": contact.art, "institution_nummer_": contact.institution_nummer}
    _REPLACE.run(connection, til=contact.registreringstid, **of)
    _REMOVE.run(connection, **of)
    registered = (person_id, contact.art, contact.institution_nummer, contact.registreringstid)
    _HISTORY.add(connection, registered)
    _CONTACT.add(connection, (*registered, contact.navn, contact.mail, contact.telefon))


def replace_contacts(connection: Connection, person_id: int, contact: Contact) -> None:
    """Register a contact person, replacing those of the same kind of every registrar."""
    all_of_kind = (kontakt_historik.c.person_id == person_id, kontakt_historik.c.art == contact.art)
    ended = update(kontakt_historik).where(*all_of_kind, kontakt_historik.c.til.is_(None))
    connection.execute(ended.values(til=contact.registreringstid, afsluttet=ERSTATTET))
    _delete(connection, kontakt, person_id, {contact.art}, None)
    set_contact(connection, person_id, contact)


_OF_REGISTRAR: Final = ("person_id", "art", "institution_nummer")
_HISTORY: Final = Kind(kontakt_historik, (*_OF_REGISTRAR, "fra"))
_CONTACT: Final = Kind(kontakt, (*_OF_REGISTRAR, "registreringstid", "navn", "mail", "telefon"))
_REMOVE: Final = Prepared(
    lambda _: delete(kontakt).where(*(kontakt.c[name] == parameter(f"{name}_") for name in _OF_REGISTRAR))
)
_REPLACE: Final = Prepared(
    lambda _: (
        update(kontakt_historik)
        .where(
            *(kontakt_historik.c[name] == parameter(f"{name}_") for name in _OF_REGISTRAR),
            kontakt_historik.c.til.is_(None),
        )
        .values(til=parameter("til"), afsluttet=ERSTATTET)
    )
)


def set_wishes(connection: Connection, person_id: int, wanted: Sequence[Wish]) -> None:
    """Register wishes (at least one, all of one kind), replacing the kommune's earlier wishes of that kind."""
    delete_wishes(connection, person_id, {wanted[0].art}, wanted[0].institution_nummer)
    connection.execute(
        insert(onske),
        [
            {
                "person_id": person_id,
                "art": wish.art,
                "institution_nummer": wish.institution_nummer,
                "nr": nr,
                "tekst": wish.tekst,
                "registreringstid": wish.registreringstid,
            }
            for nr, wish in enumerate(wanted)
        ],
    )


def delete_contacts(
    connection: Connection,
    person_id: int,
    art: str,
    institution_nummer: str | None,
    now: datetime,
    *,
    by: str | None = None,
) -> None:
    """Delete a youth's contact person of one kind from one registrar, or from every registrar (None).

    ``by``: who deletes it; None: its registrar, or the end of what it belonged to.
    """
    ended = kontakt_historik.c
    reason = SLETTET if by is None else case((ended.institution_nummer == by, SLETTET), else_=FLYTTET)
    of = [ended.person_id == person_id, ended.art == art, ended.til.is_(None)]
    if institution_nummer is not None:
        of.append(ended.institution_nummer == institution_nummer)
    connection.execute(update(kontakt_historik).where(*of).values(til=now, afsluttet=reason))
    _delete(connection, kontakt, person_id, {art}, institution_nummer)


def delete_wishes(
    connection: Connection, person_id: int, arts: Collection[str], institution_nummer: str | None
) -> None:
    """Delete a youth's wishes of some kinds from one kommune, or from every kommune (None)."""
    _delete(connection, onske, person_id, arts, institution_nummer)


def _any(connection: Connection, table: Table, person_id: int, *conditions: ColumnElement[bool]) -> bool:
    query = select(exists().where(table.c.person_id == person_id, *conditions))
    return bool(connection.execute(query).scalar_one())


def _delete(
    connection: Connection, table: Table, person_id: int, arts: Iterable[str], institution_nummer: str | None
) -> None:
    statement = delete(table).where(table.c.person_id == person_id, table.c.art.in_(arts))
    if institution_nummer is not None:
        statement = statement.where(table.c.institution_nummer == institution_nummer)
    connection.execute(statement)
