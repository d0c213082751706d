"""A second implementation of both grants, sentence by sentence and day by day, without code of ``udb.domain``."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.tilskud.answers import Reported

COMPETENCE = {"STX", "HHX", "HTX", "HF", "ENKELTFAG", "EUD", "GF1", "GF2", "STADS"}
GYMNASIAL = {"STX", "HHX", "HTX", "HF"}
EUD = {"EUD", "GF1", "GF2"}
NO_EDUCATION = {"KOMMUNE", "TEST"}
DAY = timedelta(days=1)


@dataclass(eq=False)
class Course:
    """Reports that belong together, by their places in the history."""

    kind: str
    main: str
    reports: list[int] = field(default_factory=list)
    end: int | None = None


def courses(history: Sequence[Reported]) -> list[Course]:
    """Return the courses by V 7, one report after the other."""
    found: list[Course] = []
    for number, one in enumerate(history):
        if one.cancelled:
            continue
        of_key = [course for course in found if (course.kind, course.main) == (one.kind, one.main)]
        last = of_key[-1] if of_key else None
        if one.word in {"optag", "risiko"}:
            joins = last is not None and (last.end is None or _tells_of_before(one, last, history))
        else:
            joins = last is not None and last.end is None
        if last is None or not joins:
            last = Course(one.kind, one.main)
            found.append(last)
        last.reports.append(number)
        if one.word in {"afbrudt", "gennemført"}:
            last.end = number
    return found


def _tells_of_before(one: Reported, last: Course, history: Sequence[Reported]) -> bool:
    assert last.end is not None
    if one.day > history[last.end].day:
        return False
    return one.word == "risiko" or all(history[number].word != "optag" for number in last.reports)


def begun(course: Course, history: Sequence[Reported]) -> date | None:
    for word in ("optag", "risiko"):
        for number in course.reports:
            if history[number].word == word:
                return history[number].day
    return None


def months_on(day: date, months: int) -> date:
    """Return the day some months later; the same day of the month, or the month's last."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def open_on(course: Course, day: date, history: Sequence[Reported]) -> bool:
    """Return whether a course is open on a day, both ends included; a course whose start is unknown is never open."""
    start = begun(course, history)
    return start is not None and start <= day and (course.end is None or day <= history[course.end].day)


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def udslusning(history: Sequence[Reported], main: str, work: Mapping[date, bool], today: date) -> str:
    every = courses(history)
    completed = [
        course
        for course in every
        if course.kind == "FGU"
        and course.main == main
        and course.end is not None
        and history[course.end].word == "gennemført"
    ]
    if not completed:
        return "8101"
    latest = completed[0]
    for course in completed[1:]:
        assert course.end is not None
        assert latest.end is not None
        if (history[course.end].day, course.end) > (history[latest.end].day, latest.end):
            latest = course
    assert latest.end is not None
    start, end = begun(latest, history), history[latest.end].day
    if start is None:
        return "8104"
    if end < months_on(start, 1):
        return "8102"
    return _after(end, history, work, today)


def _after(end: date, history: Sequence[Reported], work: Mapping[date, bool], today: date) -> str:
    """Return the result of the window, once a course has lasted long enough."""
    first = months_on(end.replace(day=1), 1)
    months = [months_on(first, number) for number in range(4)]
    last = months_on(first, 4) - DAY
    in_education = sum(
        any(course.kind in COMPETENCE and open_on(course, day, history) for course in courses(history))
        for day in days(first, last)
        if day <= today
    )
    if in_education >= 84:
        return "Uddannelse"
    yes = sum(1 for month in months if work.get(month))
    unknown = sum(1 for month in months if month not in work)
    if yes >= 3:
        return "Beskaeftigelse"
    if today <= last:
        return "8103"
    return "8104" if yes + unknown >= 3 else "no"


def henvisning(history: Sequence[Reported], main: str, today: date) -> str:
    every = courses(history)
    left = [
        course for course in every if course.kind in GYMNASIAL and course.main == main and _qualifies(course, history)
    ]
    if not left:
        return "8201"
    latest = max(left, key=lambda course: (history[course.end or 0].day, course.end))
    assert latest.end is not None
    afbrud = history[latest.end].day
    day = months_on(afbrud, 6)
    if today < day:
        return "8202"
    if today.year > day.year + 2:
        return "8204"
    for course in every:
        if course.kind in EUD and open_on(course, day, history):
            eud = begun(course, history)
            assert eud is not None
            between = (
                one
                for number, one in enumerate(history)
                if one.word == "optag"
                and not one.cancelled
                and number not in latest.reports
                and afbrud <= one.day < eud
            )
            if all(one.kind in EUD | NO_EDUCATION for one in between):
                return "yes"
    return "no"


def _qualifies(course: Course, history: Sequence[Reported]) -> bool:
    start = begun(course, history)
    if start is None or course.end is None:
        return False
    end = history[course.end]
    if end.word != "afbrudt" or end.cause == "1":
        return False
    last = start + DAY
    while (last.month, last.day) != (7, 31):
        last += DAY
    return end.day <= last
