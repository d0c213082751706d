"""The responsible function of an institution or kommune: a mailbox and a telephone (docs/spec/ground.md)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, insert, or_, select, update

from udb.domain.cpr import names_a_person
from udb.store.locks import one_statement_at_a_time
from udb.store.tables import ansvarlig_funktion, institution

LONGEST: Final = 200
"""Characters of a function's name and of its mail address."""
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE: Final = re.compile(r"\+?[0-9 ]{8,20}")


class Wrong(StrEnum):
    """What is wrong with a function as it was given."""

    UNREACHABLE = "unreachable"
    NAME = "name"
    MAIL = "mail"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Responsible:
    """A function, with its first and last day; ``til`` None: until further notice."""

    institution_nummer: str
    navn: str
    mail: str | None
    telefon: str | None
    fra: date
    til: date | None = None


def faults(navn: str, mail: str | None, telefon: str | None) -> list[Wrong]:
    """Return what is wrong with a function: it has a name on one line, and a mailbox, a telephone or both."""
    found = []
    if mail is None and telefon is None:
        found.append(Wrong.UNREACHABLE)
    if not navn.strip() or len(navn) > LONGEST or not navn.isprintable() or names_a_person(navn):
        found.append(Wrong.NAME)
    if mail is not None and (not _MAIL.fullmatch(mail) or len(mail) > LONGEST or not mail.isprintable()):
        found.append(Wrong.MAIL)
    if telefon is not None and not _PHONE.fullmatch(telefon):
        found.append(Wrong.PHONE)
    return found


def is_registered(connection: Connection, institution_nummer: str) -> bool:
    """Return whether an institution is in the register."""
    query = select(institution.c.nummer).where(institution.c.nummer == institution_nummer, institution.c.in_register)
    return connection.execute(query).first() is not None


def set_responsible(connection: Connection, function: Responsible) -> None:
    """Store an institution's function, from its first day on instead of the one that was known for those days."""
    one_statement_at_a_time(connection, function.institution_nummer)
    known = ansvarlig_funktion.c
    of = (known.institution_nummer == function.institution_nummer, or_(known.til.is_(None), known.til >= function.fra))
    # What was to begin later ends before it begins.
    connection.execute(update(ansvarlig_funktion).where(*of).values(til=function.fra - timedelta(days=1)))
    connection.execute(
        insert(ansvarlig_funktion).values(
            institution_nummer=function.institution_nummer,
            navn=function.navn,
            mail=function.mail,
            telefon=function.telefon,
            fra=function.fra,
            til=function.til,
        )
    )


def responsible(connection: Connection, day: date, of: Collection[str] | None = None) -> dict[str, Responsible]:
    """Return the functions of a day by institution; ``of``: of these institutions alone, None: of all."""
    known = ansvarlig_funktion.c
    query = select(*(known[name] for name in Responsible.__slots__)).where(
        known.fra <= day, or_(known.til.is_(None), known.til >= day)
    )
    if of is not None:
        query = query.where(known.institution_nummer.in_(of))
    return {row.institution_nummer: Responsible(*row) for row in connection.execute(query.order_by(known.id))}


def all_responsible(connection: Connection, institution_nummer: str | None = None) -> list[Responsible]:
    """Return every function that was or is, of one institution or of all (None), the latest of each last."""
    known = ansvarlig_funktion.c
    query = select(*(known[name] for name in Responsible.__slots__)).order_by(known.institution_nummer, known.id)
    if institution_nummer is not None:
        query = query.where(known.institution_nummer == institution_nummer)
    # One that was replaced before it began was never responsible.
    return [Responsible(*row) for row in connection.execute(query) if row.til is None or row.fra <= row.til]
