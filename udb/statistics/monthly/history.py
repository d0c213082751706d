"""One youth as the monthly figures know it: all that is needed to say what held on any day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from udb.domain.bopael import Address
from udb.domain.haendelse import Haendelse
from udb.statistics.definitions.courses import Course
from udb.statistics.definitions.youth import Work, Youth


class Home(NamedTuple):
    """An address from one day to another, both included."""

    fra: date
    til: date
    address: Address


@dataclass(frozen=True, slots=True)
class History:
    """A youth. ``now``: the address of today's register; ``homes``: those of the past, as far as they were kept.

    ``events``: what was reported, without cancelled reports and those of eIndkomst, in order of number.
    ``fuldfoert``: the days of completed educations and diplomas; ``paalaeg``: the days on which an uddannelsespaalaeg
    began or ended, in ascending order. ``koen``: K or M, by the CPR number.
    """

    person_id: int
    koen: str
    turns_15: date
    turns_18: date
    turns_25: date
    turns_30: date
    now: Address
    homes: Sequence[Home]
    events: Sequence[Haendelse]
    courses: Sequence[Course]
    fuldfoert: Sequence[date]
    paalaeg: Sequence[tuple[date, bool]]

    def address_on(self, day: date) -> Address:
        """Return where the youth lived on a day; today's address where that is not known."""
        return next((one.address for one in self.homes if one.fra <= day <= one.til), self.now)

    def on(self, day: date, status: str, work: Work) -> Youth:
        """Return the youth as the definitions see it on a day."""
        under_order = False
        for since, begins in self.paalaeg:
            if since > day:
                break
            under_order = begins
        return Youth(
            status,
            self.turns_15,
            self.turns_25,
            self.turns_30,
            self.courses,
            self.fuldfoert,
            work,
            under_order,
        )

    def age_group(self, day: date) -> str:
        """Return the age group on a day: 15-17, 18-24 or 25-29."""
        if day < self.turns_18:
            return "15-17"
        return "18-24" if day < self.turns_25 else "25-29"
