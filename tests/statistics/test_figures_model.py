"""Random youths, counted by the monthly run and by a second, slow reading of the definitions: no count differs."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.deadline_model import KOMMUNER
from tests.support.figure_model import figures
from tests.support.figure_youths import (
    AVU,
    DONE,
    EUD,
    FGU_CODE,
    GF1,
    GF2,
    GRADE_10,
    HF,
    HF_SINGLE,
    LEFT,
    STX,
    TEST,
    Course,
    Told,
    deliver,
    forget,
    store,
)  # fmt: skip
from tests.support.size import size
from tests.support.told_afbrud import Contact, Fetch, Look, Mark, Work
from udb.domain.clock import DANISH
from udb.statistics.definitions.kontaktede import KONTAKTET
from udb.statistics.monthly.run import compute, snapshot

OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 30)
MONTHS = [date(2025, 12, 31), date(2026, 6, 30), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31), NOVEMBER]
EDGES = (583783, 583784, 647999, 648000, 1011891, 1011892, 1123199, 1123200)
CODES = (
    *(("formaal", kode) for kode in (STX, HF, HF_SINGLE, GF1, GF2, EUD, FGU_CODE, AVU, GRADE_10, TEST)),
    ("stads", "9301"),
    ("elevtrin", "9"),
    ("elevtrin", "10"),
    *(("kommune", f"K{number:02}") for number in (1, 5, 12, 16, *range(51, 60))),
)
EVERYBODY = size(small=60, large=500)
EXAMPLES = size(small=6, large=20)
"""In all: 10,000 youths."""
SCHOOL = "470001"
FETCHERS = (*KOMMUNER, *KOMMUNER, "281851", SCHOOL)
HOURS = (time(0, 30), time(12), time(23, 30))
IDS = count(1)


class Draw:
    """Random youths; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def one_in(self, number: int) -> bool:
        return not self.rng.randrange(number)

    def near(self, day: date, back: int, ahead: int = 60) -> date:
        """Return a day around another, often that day itself or a neighbour."""
        return day + timedelta(days=self.rng.randint(-2, 2) if self.one_in(2) else self.rng.randint(-back, ahead))

    def course(self) -> Course:
        kind, kode = self.rng.choice(CODES)
        fra = self.near(OCTOBER, 1700)
        ends = self.rng.choice((None, LEFT, DONE))
        til = fra + timedelta(days=self.rng.randint(0, 900)) if ends else None
        if til is not None and self.one_in(2):
            til = max(fra, self.near(OCTOBER, 60))
        found = Course(
            kind,
            kode,
            fra if ends is None or not self.one_in(10) else None,
            til,
            ends,
            cause=self.rng.choice(("9", "904", "902", "1")),
            whole_hf=self.one_in(2),
            risk=self.one_in(2),
            noise=self.one_in(5),
        )
        return self.followed(found, til) if til is not None and ends == LEFT else found

    def at(self, day: date, most: int) -> datetime:
        """Return a time on a day or some days after, often near midnight."""
        return datetime.combine(day + timedelta(days=self.rng.randint(0, most)), self.rng.choice(HOURS), DANISH)

    def followed(self, course: Course, left: date) -> Course:
        """Return a course that was broken off, with what followed."""
        registered = self.at(left, 20)
        repeated = self.at(registered.date(), 30) if self.one_in(4) else None
        marks = ()
        if course.fra is not None and self.one_in(4):
            marks = tuple(self.mark(left) for _ in range(self.rng.randint(1, 2)))
        return replace(
            course, registered=registered, repeated=repeated, marks=marks, **self.contacted(left, registered.date())
        )

    def mark(self, left: date) -> Mark:
        day = left + timedelta(days=self.rng.randint(-3, 10))
        at = self.at(day, 10)
        stands = not self.one_in(4)
        # Nothing may refer to a mark that is cancelled.
        more = self.contacted(day, at.date()) if stands else {}
        return Mark(day, at, self.rng.choice(tuple(KOMMUNER)), stands, **more)

    def contacted(self, left: date, since: date) -> dict[str, tuple]:
        fetched = [
            Fetch(self.rng.choice(FETCHERS), self.at(since, 20), self.one_in(2)) for _ in range(self.rng.randint(0, 2))
        ]
        contacts = [
            Contact(
                left + timedelta(days=self.rng.randint(-2, 45)),
                self.rng.choice(("Kontakttid", "Kontakttid", "Tilbudstid")),
                not self.one_in(4),
                self.one_in(2),
            )
            for _ in range(self.rng.randint(0, 2))
        ]
        return {"fetched": tuple(fetched), "contacts": tuple(contacts)}

    def looks(self) -> list[Look]:
        return [
            Look(self.rng.choice(FETCHERS), self.at(self.near(OCTOBER, 400), 0), self.rng.choice((None, True, False)))
            for _ in range(self.rng.randint(0, 2))
        ]

    def work(self) -> list[Work]:
        months = self.rng.sample(MONTHS, self.rng.randint(0, 2))
        return [Work(month, self.rng.choice((0, 53, 54, 100)), self.one_in(4)) for month in months]

    def days(self, back: int) -> list[date]:
        return sorted({self.near(OCTOBER, back) for _ in range(self.rng.randint(0, 2))})

    def youth(self) -> Told:
        birthday = self.near(OCTOBER, 360, 1)
        months = self.rng.sample(MONTHS, self.rng.randint(0, 5))
        return Told(
            birthday.replace(
                year=birthday.year - self.rng.randint(14, 30 if self.one_in(2) else 18), day=min(birthday.day, 28)
            ),
            koen=self.rng.choice("KM"),
            status=self.rng.choice(("01", "01", "01", "03", "80")),
            kommune=self.rng.choice(("851", "101", None)),
            moves=[(day, self.rng.choice(("01", "80")), self.rng.choice(("851", "751"))) for day in self.days(900)],
            courses=[self.course() for _ in range(self.rng.randint(0, 4))],
            wages={month: self.rng.choice((*EDGES, -100, 1, 60000)) for month in months},
            diplomas=self.days(900)[:1] if self.one_in(6) else (),
            orders=[(day, not index % 2) for index, day in enumerate(self.days(300))],
            looks=self.looks(),
            work=self.work(),
        )


def counted(found, dag):
    """Return the counts of a day as the model has them, but for those who were contacted, which it does not know."""
    counts = Counter()
    for day in found.days:
        if day.dag == dag:
            for definition, rows in day.figures():
                for one in rows:
                    key = (definition.kort, one.kommunekode, one.gruppe, one.maal, one.alder, one.koen)
                    counts[key] += one.antal if one.maal != KONTAKTET else 0
    return +counts


def difference(world, told, delivered):
    """Return the counts that differ, by day."""
    forget(world.engine)
    deliver(world.engine, *delivered)
    # The read log keeps its rows, so the ids of those who were looked at are not used again.
    first = next(IDS)
    for _ in told:
        next(IDS)
    store(world.engine, told, first)
    days = {day: figures(told, day, delivered) for day in (OCTOBER, NOVEMBER.replace(day=1))}
    days[NOVEMBER] = figures(told, NOVEMBER, delivered, november=True)
    with snapshot(world.engine) as connection:
        found = compute(connection, [OCTOBER, NOVEMBER.replace(day=1)])
    return {
        day: (counted(found, day) - expected, expected - counted(found, day))
        for day, expected in days.items()
        if counted(found, day) != expected
    }


@pytest.fixture
def december(world):
    world.clock("2026-12-20T08:00:00")
    for nummer, kommune in KOMMUNER.items():
        world.institution(nummer, type3="KOM", kommune=kommune)
    world.institution(SCHOOL, kommune="851")
    return world


def test_a_look_soon_after_summer_time_is_of_its_own_day(december):
    """The log's clock is behind the domain's, and was on summer time then."""
    left = Course(
        "formaal", EUD, date(2026, 8, 10), date(2026, 10, 27), LEFT,
        registered=datetime(2026, 10, 27, 12, tzinfo=DANISH), contacts=(Contact(date(2026, 10, 29)),),
    )  # fmt: skip
    looks = [Look("281851", datetime(2026, 10, 29, 0, 30, tzinfo=DANISH))]
    assert difference(december, [Told(date(2010, 1, 5), courses=[left], looks=looks)], MONTHS) == {}


@pytest.mark.large
def test_no_count_differs(december):

    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate])
    @given(seed=st.integers(0, 2**32), last=st.integers(3, len(MONTHS)))
    def compare(seed, last):
        draw = Draw(seed)
        told = [draw.youth() for _ in range(EVERYBODY)]
        if difference(december, told, MONTHS[:last]):
            alone = ((one, found) for one in told if (found := difference(december, [one], MONTHS[:last])))
            pytest.fail(f"this youth is counted otherwise: {next(alone)}")

    compare()
