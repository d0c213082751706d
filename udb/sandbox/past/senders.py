"""The plants among the senders: three silent, two falling, one refused, one that repeats, one that is late.

Their verdicts are those of docs/spec/ground.md (portal 3.0.9, 3.28).
"""

from datetime import date, timedelta
from typing import Any, Final

from udb.domain.clock import add_years
from udb.domain.haendelse import AFBRUDT
from udb.indberetning.modtagelse import NY, REFUSED, REPEATED
from udb.sandbox.draft import Draft
from udb.sandbox.past import schools
from udb.sandbox.past.plants import STX, Plants, every

CAUSE: Final = "902"
NOTHING_NEW: Final = "5002"
BEGAN: Final = 760
"""Days before today on which the senders began."""
PUPILS: Final = 5
STOPPED: Final = (31, 75)
"""Days before today of the last report of the two schools that reported steadily."""
OPEN: Final = 12
"""Open forløb of the third silent school, which seldom reports."""
BEFORE_AND_NOW: Final = ((24, 5), (20, 4))
"""Accepted reports of the falling schools: in the window a year before, and in that of today."""
ACCEPTED: Final = 40
REFUSALS: Final = 10
BASE: Final = 12
DELAYS: Final = range(8, 31, 2)


def plant(plants: Plants) -> None:
    """Add the senders with all that they reported."""
    _silent(plants)
    _falling(plants)
    _refused(plants)
    _repeating(plants)
    _late(plants)


def row(
    draft: Draft, result: str, system: str, *, codes: str = "", after: timedelta = timedelta(minutes=10)
) -> dict[str, Any]:
    """Return a row of ``modtagelse`` for a report like ``draft`` that made no event of its own."""
    moment = draft.registered + after
    return {
        "tid": moment,
        "system_id": system,
        "institution_nummer": draft.course.institution,
        "service": draft.course.service,
        "resultat": result,
        "slags": NY,
        "koder": codes,
        "nummer": draft if result == REPEATED else None,
        "person_id": draft.person_id,
        "dato": draft.dato,
        "forsinkelse_dage": (moment.date() - draft.dato).days,
    }


def _ago(plants: Plants, days: int) -> date:
    return plants.today - timedelta(days=days)


def _silent(plants: Plants) -> None:
    for school, stopped in zip(schools.SILENT, STOPPED, strict=False):
        pupils = plants.pupils(PUPILS, school)
        plants.pulse(pupils, every(5, _ago(plants, BEGAN), _ago(plants, stopped)))
    pupils = plants.pupils(OPEN, schools.SILENT[-1])
    plants.pulse(pupils, [add_years(_ago(plants, 20), -1), _ago(plants, 100)])


def _falling(plants: Plants) -> None:
    for school, (before, now) in zip(schools.FALLING, BEFORE_AND_NOW, strict=True):
        then = add_years(_ago(plants, 2), -1)
        days = [then - timedelta(days=back) for back in reversed(range(before))]
        days += [_ago(plants, 2 + 5 * back) for back in reversed(range(now))]
        plants.pulse(plants.pupils(PUPILS, school), days)


def _refused(plants: Plants) -> None:
    pupils = plants.pupils(PUPILS, schools.REFUSED)
    days = [add_years(_ago(plants, 2 + 2 * back), -1) for back in reversed(range(BASE))]
    days += sorted(_ago(plants, 2 + back % 27) for back in range(ACCEPTED))
    for draft in plants.pulse(pupils, days)[-REFUSALS:]:
        plants.received.append(row(draft, REFUSED, schools.VENDOR, codes=NOTHING_NEW))


def _repeating(plants: Plants) -> None:
    pupils = plants.pupils(PUPILS, schools.REPEATING)
    reports = [pupil.optag for pupil in pupils]
    reports += plants.pulse(pupils, every(3, _ago(plants, BEGAN), _ago(plants, 1)))
    plants.received += [row(draft, REPEATED, schools.VENDOR) for draft in reports]


def _late(plants: Plants) -> None:
    for index, delay in enumerate(DELAYS):
        day = _ago(plants, 40 + 25 * index)
        youth = plants.youth(19, day)
        course = plants.course(STX, schools.LATE, day)
        plants.report(youth, course, day - timedelta(days=60))
        late = day + timedelta(days=delay)
        plants.report(youth, course, day, AFBRUDT, on=late, afbrudsarsags_kode=CAUSE)
