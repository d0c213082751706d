"""The rows of the table of lists that may be asked by: those that were worked out for the youth of today."""

from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from udb.access.clauses import Recipient, home_youths
from udb.domain.clock import danish_date
from udb.store.tables import bopael, institution, person, ung_liste

LISTED: Final = person.outerjoin(ung_liste, ung_liste.c.person_id == person.c.id)
"""The persons, each with its row of the table if there is one."""


def is_of_today(connection: Connection, caller: Recipient) -> ColumnElement[bool]:
    """Return the condition that a row is of the resident of today: not of another kommune's, and not of the youth
    under 25 who is over it today, and is shown less by now (A4).

    A youth without such a row is found by nothing that the row says until the job has worked another one out.
    """
    is_as_old = or_(person.c.turns_25 > caller.today, person.c.turns_25 <= _oldest_day(connection, caller))
    # By the import's time: the address may be of an earlier day. A row that is worked out meanwhile is left out too.
    has_moved = (
        select(bopael.c.id)
        .where(
            bopael.c.person_id == person.c.id,
            or_(bopael.c.registreret >= ung_liste.c.beregnet, bopael.c.rettet >= ung_liste.c.beregnet),
        )
        .exists()
    )
    return and_(is_as_old, ~has_moved)


def goes_to(connection: Connection, skole: str) -> ColumnElement[bool]:
    """Return the condition that a row names the main institution of an institution."""
    main = select(institution.c.hovedinstitution).where(institution.c.nummer == skole)
    number = connection.execute(main).scalar() or skole
    return ung_liste.c.skoler.contains(f" {number} ", autoescape=True)


def _oldest_day(connection: Connection, caller: Recipient) -> date:
    oldest = select(func.min(ung_liste.c.beregnet)).select_from(LISTED).where(home_youths(caller))
    found = connection.execute(oldest).scalar_one()
    return danish_date(found) if found is not None else caller.today
