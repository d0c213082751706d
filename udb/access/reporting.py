"""Decide, before any lock and any history, whether the answer to a message may depend on the youth it is about.

Where it may not, the message is judged like one about an unknown youth and refused with 7001 or 2001. So the answer
holds nothing of the youth, and its time does not depend on a history. Rule 7001 judges the others again, under the
lock.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select

from udb.domain.haendelse import Indberetning, Kind
from udb.domain.persons import RESIDENT, Institution
from udb.domain.services import KOMMUNE_REPORTS, ONSKER
from udb.store.contacts import KOMMUNE
from udb.store.events import MAIN_INSTITUTION, WITH_REPORTER
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import cprnummer, haendelse, kontakt, onske, person


def may_be_known(connection: Connection, institution: Institution | None, report: Indberetning) -> bool:
    """Return whether the caller may know anything of the youth that a message is about.

    A caller outside the register of institutions may not. Over the services of the kommuner it must be the youth's home
    kommune, or the message must take back what the caller itself has reported. ``institution``: the caller's.
    """
    if institution is None or not institution.in_register:
        return False
    if report.service not in KOMMUNE_REPORTS:
        return True
    given = {
        "cprnr": report.cprnr,
        "kommunekode": institution.kommunekode,
        "nummer": report.haendelse_nummer,
        "service": report.service,
        "hovedinstitution": institution.hovedinstitution,
        "institution_nummer": institution.nummer,
    }
    query, names = _asked(report)
    return bool(query.rows(connection, **{name: given[name] for name in names})[0][0])


def _query(own: ColumnElement[bool] | None = None) -> Select[Any]:
    home = and_(person.c.kommunekode == parameter("kommunekode"), person.c.status.in_(sorted(RESIDENT)))
    theirs = home if own is None else or_(home, own)
    holder = select(person.c.id).join(cprnummer, cprnummer.c.person_id == person.c.id)
    return select(exists(holder.where(cprnummer.c.cprnr == parameter("cprnr"), theirs)))


def _reported(_: str) -> Select[Any]:
    made = select(haendelse.c.nummer).select_from(WITH_REPORTER)
    return _query(
        exists(
            made.where(
                haendelse.c.nummer == parameter("nummer"),
                haendelse.c.person_id == person.c.id,
                haendelse.c.service == parameter("service"),
                MAIN_INSTITUTION.element == parameter("hovedinstitution"),
            ).correlate(person)
        )
    )


def _named_contact(_: str) -> Select[Any]:
    return _query(
        exists().where(
            kontakt.c.person_id == person.c.id,
            kontakt.c.institution_nummer == parameter("institution_nummer"),
            kontakt.c.art == KOMMUNE,
        )
    )


def _has_wished(_: str) -> Select[Any]:
    return _query(
        exists().where(onske.c.person_id == person.c.id, onske.c.institution_nummer == parameter("institution_nummer"))
    )


_HOME: Final = (Prepared(lambda _: _query()), ("cprnr", "kommunekode"))
_REPORTED: Final = (Prepared(_reported), ("cprnr", "kommunekode", "nummer", "service", "hovedinstitution"))
_CONTACT: Final = (Prepared(_named_contact), ("cprnr", "kommunekode", "institution_nummer"))
_WISH: Final = (Prepared(_has_wished), ("cprnr", "kommunekode", "institution_nummer"))


def _asked(report: Indberetning) -> tuple[Prepared, tuple[str, ...]]:
    if report.kind is Kind.ANNULLERING:
        return _REPORTED
    if report.kind is Kind.SLET:
        return _WISH if report.service == ONSKER else _CONTACT
    return _HOME
