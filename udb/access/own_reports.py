"""A12: an institution's user administrator sees the reports made under the same main institution, and no others.

The condition uses the tables of ``udb.access.clauses``: ``haendelse`` is the report, and its reporter is found by
today's register.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, not_, select

from udb.domain.persons import Institution
from udb.domain.services import EDUCATION
from udb.store.persons import INSTITUTION_COLUMNS
from udb.store.tables import haendelse, institution

CLAUSE: Final = "A12"


def a12_own_reports(hovedinstitution: str) -> ColumnElement[bool]:
    """A12: the report was made under the main institution; standing and cancelled ones, but no cancellation as a row
    of its own (V 1.4, 1.5).
    """
    under = select(institution.c.nummer).where(institution.c.hovedinstitution == hovedinstitution)
    return and_(
        haendelse.c.institution_nummer.in_(under),
        haendelse.c.service.in_(sorted(EDUCATION)),
        not_(haendelse.c.annullering),
    )


def departments(connection: Connection, nummer: str) -> Sequence[tuple[Institution, str]]:
    """Return the institutions under the main institution of ``nummer`` with their names: itself first, then by number.

    By today's register; closed ones and those that have left it are there too.
    """
    main = select(institution.c.hovedinstitution).where(institution.c.nummer == nummer).scalar_subquery()
    query = select(*INSTITUTION_COLUMNS, institution.c.navn).where(institution.c.hovedinstitution == main)
    found = [(Institution(*row[:-1]), row[-1]) for row in connection.execute(query.order_by(institution.c.nummer))]
    return sorted(found, key=lambda one: one[0].nummer != nummer)
