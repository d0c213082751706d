"""Which youths a caller may know in a reconciliation, and what of them is its own (A1, A12, A13).

A kommune knows its residents and those with something that it registered. An institution knows those on whom its main
institution has reported, refused reports included: it was answered about them.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select

from udb.access.clauses import Recipient, a1_home_kommune
from udb.domain.services import EDUCATION, INSTITUTION_KONTAKT, KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID
from udb.store.contacts import INSTITUTION, KOMMUNE
from udb.store.tables import haendelse, kontakt, modtagelse, onske, person

_REFUSED, _TRIAL = "R", "proeve"


def known_youths(caller: Recipient, numre: Collection[str], *, is_kommune: bool) -> ColumnElement[bool]:
    """Return the condition on ``person`` that the caller may know the youth. ``numre``: the caller's institutions."""
    services = {KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID} if is_kommune else EDUCATION
    reported = select(haendelse.c.nummer).where(haendelse.c.person_id == person.c.id, own_reports(numre, services))
    named = select(kontakt.c.person_id).where(
        kontakt.c.person_id == person.c.id, own_contacts(numre, is_kommune=is_kommune)
    )
    own = [exists(reported.correlate(person)), exists(named.correlate(person))]
    if not is_kommune:
        return or_(*own, exists(_refused(numre).correlate(person)))
    wished = select(onske.c.person_id).where(
        onske.c.person_id == person.c.id, onske.c.institution_nummer == caller.institution_nummer
    )
    return or_(a1_home_kommune(caller), *own, exists(wished.correlate(person)))


def own_reports(numre: Collection[str], services: Collection[str]) -> ColumnElement[bool]:
    """A12, A13: the report was made by one of the caller's institutions over one of its services; no cancellation."""
    return and_(
        haendelse.c.institution_nummer.in_(sorted(numre)),
        haendelse.c.service.in_(sorted(services)),
        not_(haendelse.c.annullering),
    )


def own_contacts(numre: Collection[str], *, is_kommune: bool) -> ColumnElement[bool]:
    """A12, A13: one of the caller's institutions registered the contact person."""
    art = KOMMUNE if is_kommune else INSTITUTION
    return and_(kontakt.c.institution_nummer.in_(sorted(numre)), kontakt.c.art == art)


def _refused(numre: Collection[str]) -> Select[Any]:
    return select(modtagelse.c.id).where(
        modtagelse.c.person_id == person.c.id,
        modtagelse.c.institution_nummer.in_(sorted(numre)),
        modtagelse.c.service.in_(sorted(EDUCATION | {INSTITUTION_KONTAKT})),
        modtagelse.c.resultat == _REFUSED,
        modtagelse.c.slags != _TRIAL,
    )
