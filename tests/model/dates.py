"""Section 3: dates."""

import calendar
from collections.abc import Iterator
from datetime import date

from tests.model.forloeb import Course
from tests.model.words import AFBRUDT, GENNEMFOERT, is_optag, is_risk
from udb.domain.haendelse import Indberetning
from udb.domain.services import EDUCATION, JOBCENTER, KOMMUNE_AKTIVITET

EJ_MOEDT = "1"


def three_months_on(day: date) -> date:
    """Return the same day three months on, or that month's last."""
    year, month = (day.year, day.month + 3) if day.month <= 9 else (day.year + 1, day.month - 9)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def date_findings(said: Indberetning, today: date, seen: list[Course], *, repeats: bool) -> Iterator[str]:
    """Yield the codes of section 3. ``seen``: the forloeb of the report's key as it sees them."""
    if said.service in EDUCATION | {KOMMUNE_AKTIVITET, JOBCENTER}:
        if said.status == AFBRUDT and said.dato > today:
            yield "3001"
        if said.status == GENNEMFOERT and said.dato > today:
            yield "3002"
        if said.service != JOBCENTER and is_optag(said) and said.dato > three_months_on(today):
            yield "3004"
    if ((said.service in EDUCATION and is_risk(said)) or said.ifoelge_kommunen is not None) and said.dato > today:
        yield "3003"
    if said.service in EDUCATION:
        yield from _before_its_optag(said, seen)
        if (said.status == AFBRUDT or is_risk(said)) and today > said.dato and not repeats:
            yield "3007"


def _before_its_optag(said: Indberetning, seen: list[Course]) -> Iterator[str]:
    events = seen[-1].events if seen and seen[-1].end is None else []
    starts = sorted(event.day for event in events if is_optag(event.said))
    if not starts or said.dato >= starts[0]:
        return
    if said.status == AFBRUDT and said.afbrudsarsags_kode not in {None, EJ_MOEDT}:
        yield "3005"
    if said.status == GENNEMFOERT:
        yield "3006"
