"""Compute how long a course up to the 10th grade exempts a youth from eIndkomst (V 4.1; rules.md, Beskæftigelse)."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final

from udb.domain.forloeb import Forloeb
from udb.domain.haendelse import AFBRUDT, EJ_MOEDT, Haendelse
from udb.domain.kodesaet import COSA, ELEVTRIN, FORBEREDENDE, KOMMUNE_AKTIVITETER, Kodesaet
from udb.domain.services import EDUCATION

HIGHEST_GRADE: Final = 10
BESIDE_ARTS: Final = frozenset({"optagelsesproeve", "hf_enkeltfag", "avu", "fvu", "obu"})
"""Kinds that replace no class: a test is no admission (V 1.1), single subjects take a few hours a week (V 1.4)."""


def up_to_10th_grade(event: Haendelse, codes: Kodesaet) -> bool:
    """Return whether an event is about a class up to the 10th grade, EUD10 and 20/20 included, however it is reported:
    as a class, as a purpose, as a preparatory activity or by the kommune (V 7, V 2.3).
    """
    if event.kode is None:
        return False
    if event.kodesaet == ELEVTRIN:
        return int(event.kode) <= HIGHEST_GRADE
    if event.kodesaet not in {COSA, FORBEREDENDE, KOMMUNE_AKTIVITETER}:
        return False
    version = str(event.kode_version) if event.kodesaet == COSA else None
    row = codes.describing(event.kodesaet, event.kode, event.haendelse_dato, version)
    return row is not None and row.flag("klassetrin_hoejst_10")


def exemptions(courses: Sequence[Forloeb], up_to_10th: Collection[str], codes: Kodesaet) -> dict[str, date]:
    """Return the first day on which each admission to a class no longer exempts, by the number of its event.

    The day is ``date.max`` while nothing ends the exemption. What exempts on no day is left out.

    ``courses``: all of one person; ``up_to_10th``: the numbers of the events about a class up to the 10th grade.
    """
    if not up_to_10th:
        return {}
    may_exempt = [(course, event) for course in courses for event in _admissions(course) if event.nummer in up_to_10th]
    if not may_exempt:
        return {}
    others = sorted(
        event.haendelse_dato
        for course in courses
        if not _withdrawn(course)
        for event in _admissions(course)
        if event.service in EDUCATION and event.nummer not in up_to_10th and not _beside(event, codes)
    )
    found: dict[str, date] = {}
    for course, event in may_exempt:
        later = next((day for day in others if day > event.haendelse_dato), date.max)
        until = min(_day_after_end(course), later)
        if until > event.haendelse_dato:
            found[event.nummer] = until
    return found


def _admissions(course: Forloeb) -> list[Haendelse]:
    """Return a course's optag: a second one may move the start, or bring the youth back. Without any, the risk that
    opened it: that is reported as an optag (V 1.4).
    """
    if course.optag is None:
        return [] if course.first is None else [course.first]
    return [event for event in course.events if event.optag]


def _withdrawn(course: Forloeb) -> bool:
    """Return whether the youth never started: reported with Ej mødt (V 1.2)."""
    end = course.end
    return end is not None and end.status == AFBRUDT and end.afbrudsarsags_kode == EJ_MOEDT


def _beside(event: Haendelse, codes: Kodesaet) -> bool:
    """Return whether what an optag is about goes on beside a class, and does not replace it."""
    if event.kode is None:
        return False
    if event.kodesaet == FORBEREDENDE:
        row = codes.describing(FORBEREDENDE, event.kode, event.haendelse_dato)
        return row is not None and row.flag("ved_siden_af")
    if event.kodesaet != COSA:
        return False
    row = codes.describing(COSA, event.kode, event.haendelse_dato, str(event.kode_version))
    return row is not None and row.text("art") in BESIDE_ARTS


def _day_after_end(course: Forloeb) -> date:
    if course.end is None or course.end.haendelse_dato == date.max:
        return date.max
    return course.end.haendelse_dato + timedelta(days=1)
