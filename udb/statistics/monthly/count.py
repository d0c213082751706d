"""Count all youths for some status days in one pass over the register."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import Connection

from udb.domain.clock import add_months, month_end
from udb.domain.kodesaet import Kodesaet
from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.frafald import EFTER_AFBRUD, FRAFALD
from udb.statistics.definitions.frist import FRIST
from udb.statistics.definitions.kontaktede import KONTAKTEDE, KONTAKTET
from udb.statistics.definitions.kui import KUI
from udb.statistics.definitions.neet import NOVEMBER, status_day
from udb.statistics.frozen import UNKNOWN_KOMMUNE, Figure
from udb.statistics.monthly.cells import Cell, Cells, figures, grouped_figures
from udb.statistics.monthly.contact_facts import ContactFacts
from udb.statistics.monthly.dropping_out import (
    EFTER_MAAL,
    FRAFALD_MAAL,
    FRIST_MAAL,
    OWED_MONTHS,
    followed_months,
    of_afbrud,
    of_deadlines,
    of_starts,
)
from udb.statistics.monthly.history import History
from udb.statistics.monthly.income import Income, delivered
from udb.statistics.monthly.load import histories
from udb.statistics.monthly.measures import I_ALT, MONTHLY, POPULATION, UNDER_25, WITHOUT, YEARLY, Counted
from udb.statistics.monthly.reached import reached

GROUPED: Final = ((FRAFALD, FRAFALD_MAAL), (EFTER_AFBRUD, EFTER_MAAL), (FRIST, FRIST_MAAL))
"""The figures that count by groups of their own, with their measures."""


@dataclass(frozen=True, slots=True)
class StatusDay:
    """A day to count for. ``maaned``: the month of eIndkomst to be used, None when none is delivered.

    ``counted``: the figures by age and sex; ``grouped``: whether the others are counted too.
    """

    dag: date
    maaned: date | None
    counted: Sequence[Counted]
    grouped: bool
    cells: dict[str, Cells] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def is_final(self) -> bool:
        """Whether the month that contains the day is delivered."""
        return self.maaned == month_end(self.dag)

    def figures(self) -> list[tuple[Definition, list[Figure]]]:
        """Return the figures of each definition."""
        found = [
            (one.definition, list(figures(self.cells[one.definition.kort], one.maal, one.aldre)))
            for one in self.counted
        ]
        if self.grouped:
            found.append((KONTAKTEDE, list(figures(self.cells[KONTAKTEDE.kort], (POPULATION, KONTAKTET), UNDER_25))))
            found += [(one, list(grouped_figures(self.cells[one.kort], I_ALT, maal))) for one, maal in GROUPED]
        return found


def status_days(month: date, today: date, months: Iterable[date]) -> list[StatusDay]:
    """Return the days of a month, named by its first day, that can be counted; ``months``: the delivered ones."""
    known = list(months)
    found = [StatusDay(month, _month_of(month, known), MONTHLY, grouped=True)]
    november = status_day(month.year)
    if month.month == NOVEMBER and november <= today:
        found.append(StatusDay(november, _month_of(november, known), YEARLY, grouped=False))
    return found


def _month_of(day: date, months: Iterable[date]) -> date | None:
    return max((one for one in months if one <= month_end(day)), default=None)


def count(connection: Connection, days: Sequence[StatusDay], codes: Kodesaet) -> int:
    """Count everybody for some days and return how many youths were read.

    The connection must see one moment. Memory does not grow with the number of youths.
    """
    known = delivered(connection)
    followed = {day.dag: frozenset(followed_months(day.dag, known)) for day in days if day.grouped}
    jobs = sorted(frozenset().union(*followed.values()))
    income = Income(connection, sorted({day.maaned for day in days if day.maaned is not None}), jobs)
    facts = ContactFacts(connection, codes)
    first, last = min(day.dag for day in days), max(day.dag for day in days)
    read = 0
    for batch in histories(connection, codes, first, last):
        income.go_on(batch[-1].person_id)
        owed = facts.of(batch, add_months(first, -OWED_MONTHS), last)
        for day in days:
            present = [youth for youth in batch if youth.turns_15 <= day.dag < youth.turns_30]
            without = [youth for youth in present if _count_youth(youth, day, income)]
            if day.grouped:
                for youth in present:
                    _count_starts(youth, day, income, followed[day.dag])
                _count_reached(connection, without, day)
                cells = day.cells[FRIST.kort]
                for of_youth in owed.values():
                    for one, group, maal in of_deadlines(of_youth, day.dag):
                        _add_grouped(cells, one.kommunekode, group, maal)
        read += len(batch)
    return read


def _count_youth(youth: History, day: StatusDay, income: Income) -> bool:
    """Count a youth by the definitions of a day; return whether it is without activity (KUI)."""
    is_without = False
    status, kommune = youth.address_on(day.dag)
    seen = youth.on(day.dag, status, income.work(youth.person_id, day.maaned))
    age = youth.age_group(day.dag)
    for one in day.counted:
        cells = day.cells[one.definition.kort]
        for maal in one.count(youth, seen, day.dag):
            cells[Cell(kommune or UNKNOWN_KOMMUNE, None, maal, age, youth.koen)] += 1
            is_without = is_without or (one.definition is KUI and maal == WITHOUT)
    return is_without


def _count_reached(connection: Connection, without: Sequence[History], day: StatusDay) -> None:
    cells, contacted = day.cells[KONTAKTEDE.kort], reached(connection, without, day.dag, day.maaned)
    for youth in without:
        kode = youth.address_on(day.dag).kommunekode or UNKNOWN_KOMMUNE
        for maal in (POPULATION, KONTAKTET) if youth.person_id in contacted else (POPULATION,):
            cells[Cell(kode, None, maal, youth.age_group(day.dag), youth.koen)] += 1


def _count_starts(youth: History, day: StatusDay, income: Income, months: frozenset[date]) -> None:
    if not youth.courses:
        return
    for definition, found in (
        (FRAFALD, of_starts(youth, day.dag)),
        (EFTER_AFBRUD, of_afbrud(youth, day.dag, income, months)),
    ):
        cells = day.cells[definition.kort]
        for at, group, maal in found:
            _add_grouped(cells, youth.address_on(at).kommunekode, group, maal)


def _add_grouped(cells: Cells, kommune: str | None, group: str, maal: Iterable[str]) -> None:
    kode = kommune or UNKNOWN_KOMMUNE
    for name in maal:
        cells[Cell(kode, group, name, None, None)] += 1
    cells[Cell(kode, None, I_ALT, None, None)] += 1
