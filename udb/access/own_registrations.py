"""A13: a kommune sees what it registered itself, also of a youth who has moved; and the name of a resident.

The condition on events uses the tables of ``udb.store.events.WITH_REPORTER``.
"""

from typing import Final

from sqlalchemy import ColumnElement, and_, not_

from udb.access.clauses import Recipient
from udb.domain.services import KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID
from udb.store.contacts import KOMMUNE
from udb.store.events import MAIN_INSTITUTION
from udb.store.tables import haendelse, kontakt, onske

CLAUSE: Final = "A13"


def a13_events(caller: Recipient) -> ColumnElement[bool]:
    """A13: the kommune reported the event, as an activity, a mark, or a contact or offer time; no cancellation is a row
    of its own.
    """
    return and_(
        MAIN_INSTITUTION.element == caller.hovedinstitution,
        haendelse.c.service.in_((KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID)),
        not_(haendelse.c.annullering),
    )


def a13_contacts(caller: Recipient) -> ColumnElement[bool]:
    """A13: the kommune registered the contact person."""
    return and_(kontakt.c.institution_nummer == caller.institution_nummer, kontakt.c.art == KOMMUNE)


def a13_wishes(caller: Recipient) -> ColumnElement[bool]:
    """A13: the kommune registered the wish."""
    return onske.c.institution_nummer == caller.institution_nummer
