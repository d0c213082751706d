"""Each youth's wage and rate in a delivered month, kept so that any limit of hours can be computed for the past.

The lines are kept until retention deletes the youth. What makes wage of them, and hours of a wage, is kept as it was
when the month was last delivered, whatever becomes of the code sets.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, and_, case, cast, delete, func, insert, select

from udb.beskaeftigelse.grad import FROM_15, FROM_18
from udb.beskaeftigelse.population import Month
from udb.store.tables import cprnummer, person
from udb.store.tables.indkomst import indkomst, indkomstloen, indkomstsats


def keep_rates(connection: Connection, month: Month) -> None:
    """Keep the rates and the kinds of wage of a month that has been delivered, instead of earlier ones."""
    for table in (indkomstsats, indkomstloen):
        connection.execute(delete(table).where(table.c.maaned == month.day))
    rates = ((FROM_15, month.satser.from_15), (FROM_18, month.satser.from_18))
    _add(connection, indkomstsats, ({"maaned": month.day, "gruppe": name, "oere": rate.oere} for name, rate in rates))
    _add(connection, indkomstloen, ({"maaned": month.day, "indtaegtsart": kind} for kind in month.wages))


def _add(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    if found := list(rows):
        connection.execute(insert(table), found)


def wages_and_rates(day: date) -> Select[Any]:
    """Select ``person_id``, the wage in ``oere`` and the hour's ``sats_oere`` of a month, named by its last day.

    A row for each youth of 15 to 24 on that day who has a wage; none for a month without kept rates.
    """
    numbers = indkomst.join(cprnummer, cprnummer.c.cprnr == indkomst.c.cprnr)
    is_wage = indkomst.c.indtaegtsart.in_(select(indkomstloen.c.indtaegtsart).where(indkomstloen.c.maaned == day))
    sums = (
        select(cprnummer.c.person_id, cast(func.sum(indkomst.c.oere), BigInteger).label("oere"))
        .select_from(numbers)
        .where(indkomst.c.maaned == day, is_wage)
        .group_by(cprnummer.c.person_id)
        .subquery("sums")
    )
    group = case((person.c.turns_18 <= day, FROM_18), else_=FROM_15)
    rate = and_(indkomstsats.c.maaned == day, indkomstsats.c.gruppe == group)
    return (
        select(person.c.id.label("person_id"), sums.c.oere, indkomstsats.c.oere.label("sats_oere"))
        .select_from(sums.join(person, person.c.id == sums.c.person_id).join(indkomstsats, rate))
        .where(person.c.turns_15 <= day, person.c.turns_25 > day)
    )
