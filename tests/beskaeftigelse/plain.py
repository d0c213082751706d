"""eIndkomst for one youth at a time, in exact fractions.

Written from docs/spec/rules.md alone; the set-based run is compared with it.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

IKKE, DELTID, FULDTID = "Ikke beskaeftiget", "Deltidsbeskaeftiget", "Fuldtidsbeskaeftiget"
RATES = {
    "15-17": ((date(2020, 1, 1), 75), (date(2000, 1, 1), 70)),
    "18-24": ((date(2020, 1, 1), 130), (date(2000, 1, 1), 120)),
}
"""Kroner an hour from a day on, latest first, as codesets/timeloen.csv has them."""
BENEFITS = {"0002", "0005", "0041"}
"""The kinds of income that are a social benefit, among those the tests draw from; 0087 is none."""

Key = tuple[str, str, str, str]
Value = str | bool


def last_day(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year, number, calendar.monthrange(year, number)[1])


@dataclass
class Report:
    """A report of a school or a kommune. ``up_to_10``: with an ElevTrin up to 10 or a code up to the 10th grade;
    ``education``: over one of the education services; ``beside``: about what goes on beside a class;
    ``ej_moedt``: an afbrud of a youth who never started.
    """

    key: str
    up_to_10: bool
    status: int
    day: date
    risk: bool = False
    cancelled: bool = False
    education: bool = True
    beside: bool = False
    ej_moedt: bool = False


@dataclass
class Youth:
    born: date
    numbers: list[str]
    cpr_status: str = "01"
    reports: list[Report] = field(default_factory=list)

    def age(self, day: date) -> int:
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


@dataclass(frozen=True)
class Sent:
    """An event; ``value``: the status, or whether there is a benefit."""

    day: date
    value: Value
    degree: int | None = None


def courses(youth: Youth) -> Iterator[list[Report]]:
    """Yield the courses, each as the reports that it is made of; the last may end it."""
    keys = dict.fromkeys(report.key for report in youth.reports)
    for key in keys:
        found: list[list[Report]] = []
        for report in youth.reports:
            if report.key != key or report.cancelled:
                continue
            ended = bool(found) and any(one.status != 1 for one in found[-1])
            if report.status != 1:
                if not found or ended:
                    found.append([])
                found[-1].append(report)
                continue
            if found and ended:
                end = next(one for one in found[-1] if one.status != 1)
                has_optag = any(one.status == 1 and not one.risk for one in found[-1])
                if report.day <= end.day and (report.risk or not has_optag):
                    found[-1].append(report)
                    continue
            if not found or ended:
                found.append([])
            found[-1].append(report)
        yield from found


def exempt(youth: Youth, day: date) -> bool:
    found = list(courses(youth))
    begun_elsewhere = [
        one.day
        for course in found
        if not any(one.ej_moedt for one in course)
        for one in admissions(course)
        if one.education and not one.up_to_10 and not one.beside
    ]
    for course in found:
        end = next((one.day for one in course if one.status != 1), None)
        if end is not None and end < day:
            continue
        for one in admissions(course):
            if one.up_to_10 and one.day <= day and not any(one.day < other <= day for other in begun_elsewhere):
                return True
    return False


def admissions(course: list[Report]) -> list[Report]:
    """Return the optag of a course; if there is none, the risk that opened it, which is reported as one."""
    begun = [one for one in course if one.status == 1]
    return [one for one in begun if not one.risk] or begun[:1]


class Plain:
    """All youths, the lines, and the events sent about each youth."""

    def __init__(self, youths: Iterable[Youth]) -> None:
        self.youths = list(youths)
        self.lines: dict[Key, Fraction] = {}
        self.delivered: set[str] = set()
        self.statuses: dict[int, list[Sent]] = defaultdict(list)
        self.benefits: dict[int, list[Sent]] = defaultdict(list)
        self.members: dict[tuple[int, str], Fraction | None] = {}
        """The unrounded degree; None outside the population."""

    def whole(self, month: str, lines: Mapping[Key, Fraction]) -> None:
        self.lines = {key: amount for key, amount in self.lines.items() if key[1] != month} | dict(lines)
        self.delivered.add(month)
        for index in range(len(self.youths)):
            self.calculate(index, month)

    def corrections(self, lines: Mapping[Key, Fraction]) -> None:
        replaced = {(self.whose(key[0]), *key[1:]) for key in lines}
        kept = {key: amount for key, amount in self.lines.items() if (self.whose(key[0]), *key[1:]) not in replaced}
        self.lines = kept | dict(lines)
        for index, youth in enumerate(self.youths):
            months = [key[1] for key in lines if key[0] in youth.numbers and 15 <= youth.age(last_day(key[1])) < 25]
            if months:
                self.calculate(index, min(months))

    def whose(self, number: str) -> str:
        """Return the first number of the person with this number: a replaced number counts for the person."""
        return next((youth.numbers[0] for youth in self.youths if number in youth.numbers), number)

    def in_population(self, youth: Youth, day: date) -> bool:
        return 15 <= youth.age(day) < 25 and youth.cpr_status in {"01", "03"} and not exempt(youth, day)

    def degree(self, youth: Youth, month: str) -> Fraction:
        day = last_day(month)
        wage = sum(
            (amount for key, amount in self.lines.items() if key[0] in youth.numbers and key[1:4:2] == (month, "00")),
            Fraction(0),
        )
        group = "15-17" if youth.age(day) < 18 else "18-24"
        rate = next(rate for since, rate in RATES[group] if since <= day)
        return max(wage, Fraction(0)) / (rate * 160) * 100

    def has_benefit(self, youth: Youth, month: str) -> bool:
        return any(
            amount > 0
            for key, amount in self.lines.items()
            if key[0] in youth.numbers and key[1] == month and key[3] in BENEFITS
        )

    def calculate(self, index: int, first: str) -> None:
        youth = self.youths[index]
        for month in sorted(month for month in self.delivered if month >= first):
            day = last_day(month)
            self.members[index, month] = None
            if not self.in_population(youth, day):
                continue
            degree = self.members[index, month] = self.degree(youth, month)
            full = 54 if youth.age(day) < 18 else 81
            status = IKKE if degree == 0 else DELTID if degree < full else FULDTID
            if latest(self.statuses[index], day, IKKE) != status:
                rounded = 0 if degree == 0 else max(int(degree), 1)
                self.statuses[index].append(Sent(day, status, rounded))
            benefit = self.has_benefit(youth, month)
            if latest(self.benefits[index], day, nothing=False) != benefit:
                self.benefits[index].append(Sent(day, benefit))


def latest(sent: list[Sent], day: date, nothing: Value) -> Value:
    """Return the latest value up to a day; of one day, the one that was sent last."""
    latest = nothing
    latest_day = date.min
    for one in sent:
        if latest_day <= one.day <= day:
            latest, latest_day = one.value, one.day
    return latest


def in_the_look_up(sent: list[Sent], nothing: Value) -> list[Sent]:
    """Return the last event sent for each day, where its value differs from the day before."""
    shown: list[Sent] = []
    for day in sorted({one.day for one in sent}):
        last = [one for one in sent if one.day == day][-1]
        if last.value != (shown[-1].value if shown else nothing):
            shown.append(last)
    return shown
