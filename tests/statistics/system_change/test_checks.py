"""Each check of a change at its boundary, over rows that are made up."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udb.domain.clock import DANISH
from udb.domain.forloeb import all_forloeb
from udb.domain.haendelse import UDDANNELSE, Haendelse, new_event_of
from udb.domain.kodesaet import COSA, Kodesaet, Row
from udb.domain.persons import Institution
from udb.domain.services import FGU, UNGDOMSUDDANNELSE
from udb.statistics.definitions.working_days import is_working_day
from udb.statistics.system_change.announced import Change
from udb.statistics.system_change.c1 import c1
from udb.statistics.system_change.c2 import c2
from udb.statistics.system_change.c3 import c3
from udb.statistics.system_change.c4 import c4
from udb.statistics.system_change.c5 import c5, longest_gap
from udb.statistics.system_change.c6 import c6
from udb.statistics.system_change.c7 import c7, is_break
from udb.statistics.system_change.c8 import c8
from udb.statistics.system_change.c9 import Standing, c9
from udb.statistics.system_change.marks import words
from udb.statistics.system_change.sides import Side, sides_of
from udb.statistics.system_change.stock import Held, Judged, Stock

DAY = date(2026, 8, 3)
TODAY = date(2026, 10, 15)
SCHOOL = "461248"
BEGAN = date(2025, 8, 11)
OLD, NEW = Side.OLD, Side.NEW
CODES = Kodesaet(
    1,
    [
        (COSA, Row(kode, "1", kode, date(2000, 1, 1), None, {"art": art}))
        for kode, art in (("9100", "gf2"), ("9200", "gf2"), ("9300", "eud"))
    ],
)
_numbers = count(1)


def event(status: int, day: date, **more: Any) -> Haendelse:
    nummer = f"UDB-{next(_numbers):023}"
    values = {"kode": "9100", "kodesaet": COSA, "kode_version": 1, "cprnr": "7103075101"} | more
    return new_event_of(
        nummer=nummer,
        plads=nummer,
        art=UDDANNELSE,
        service=UNGDOMSUDDANNELSE,
        institution_nummer=SCHOOL,
        hovedinstitution=SCHOOL,
        haendelse_dato=day,
        registreringstid=datetime(day.year, day.month, day.day, 9, tzinfo=DANISH),
        kilde_leverandoer="X",
        status=status,
        **values,
    )


def held(person_id: int, *said: tuple[Side | None, Haendelse]) -> Sequence[Held]:
    sides = {one.nummer: side for side, one in said}
    return [Held(person_id, forloeb, sides) for forloeb in all_forloeb([one for _, one in said])]


def judged(side: Side, day: date, resultat: str = "A", koder: str = "") -> Judged:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=DANISH)
    return Judged(at, day, side, UNGDOMSUDDANNELSE, SCHOOL, resultat, "ny", tuple(koder.split()), 1, BEGAN, None)


def stock(*, forloeb: Sequence[Held] = (), today: date = TODAY, **more: Any) -> Stock:
    change = Change(1, SCHOOL, "gl", "ny", DAY, "a@b.example", "x", datetime.now(tz=DANISH))
    return Stock(
        change=change,
        today=today,
        codes=CODES,
        sides=sides_of("gl", "ny", DAY, {"gl": "Gammelt", "ny": "Nyt"}, []),
        places={SCHOOL: Institution(SCHOOL, SCHOOL, "1061", "101", "101", None, in_register=True)},
        held=forloeb,
        **more,
    )


def test_c1_40_are_sent_again_37_refused_and_3_accepted_with_another_date():
    again = date(2026, 8, 10)
    forloeb = [
        one
        for person in range(40)
        for one in held(person, (OLD, event(1, BEGAN, speciale="1")), *([(NEW, event(1, again))] if person < 3 else []))
    ]
    refused = [judged(NEW, DAY + timedelta(days=1), "R", "5002")] * 37
    found = c1(stock(forloeb=forloeb, judged=refused))
    assert (found.antal, found.beside) == (3, "37 blev afvist med 5002")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 1),
        ({"speciale": "1"}, 1),
        ({"speciale": "2"}, 0),
        ({"skoleperiode": "H2"}, 0),
        ({"klasse_trin": 9}, 0),
        ({"frafaldstruet_markering": True}, 0),
    ],
)
def test_c1_what_changes_something_is_no_new_optag(change, expected):
    began = event(1, BEGAN, speciale="1")
    again = event(1, date(2026, 8, 10), **change)
    forloeb = held(1, (OLD, began), (NEW, again))
    assert c1(stock(forloeb=forloeb)).antal == expected
    assert c1(stock(forloeb=held(1, (NEW, event(1, BEGAN)), (NEW, event(1, again.haendelse_dato))))).antal == 0
    assert c1(stock(forloeb=held(1, (OLD, event(1, BEGAN)), (OLD, event(1, again.haendelse_dato))))).antal == 0


def test_c2_five_youths_have_two_open_forloeb_the_later_by_the_new_system():
    both = [held(n, (OLD, event(1, BEGAN)), (NEW, event(1, DAY, kode="9200"))) for n in range(5)]
    ended = held(6, (OLD, event(1, BEGAN)), (OLD, event(2, DAY)), (NEW, event(1, DAY, kode="9200")))
    by_old = held(7, (OLD, event(1, BEGAN)), (OLD, event(1, DAY, kode="9200")))
    other_art = held(8, (OLD, event(1, BEGAN)), (NEW, event(1, DAY, kode="9300")))
    found = c2(stock(forloeb=[one for some in (*both, ended, by_old, other_art) for one in some]))
    assert found.antal == 5


def test_c3_of_40_open_forloeb_36_are_known_to_the_new_system_or_in_the_list():
    forloeb = [one for n in range(20) for one in held(n, (OLD, event(1, BEGAN)), (NEW, event(1, DAY, speciale="2")))]
    forloeb += [one for n in range(20, 40) for one in held(n, (OLD, event(1, BEGAN, cprnr=f"71030751{n}")))]
    listed = {(f"71030751{n}", code) for n, code in zip(range(20, 36), ["", "9100"] * 8, strict=True)}
    found = stock(forloeb=forloeb)
    assert (c3(found).antal, c3(found, listed).antal) == (20, 4)
    assert c3(found, {("7103075120", "9200")}).antal == 20, "a line of another code"
    early = stock(forloeb=forloeb, today=DAY + timedelta(days=30))
    assert (c3(early).computed, c3(early).ready) == (False, date(2026, 9, 2))


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (31, (4, 6, 5), 1),
        (14, (4, 6, 5), 0),
        (15, (4, 6, 5), 0),
        (16, (4, 6, 5), 1),
        (10, (0, 0, 0), 1),
        (9, (0, 0, 0), 0),
    ],
)
def test_c4_more_than_three_times_the_median_and_at_least_ten(now, before, expected):
    assert c4(stock(ends=[now, *before])).antal == expected


@pytest.mark.parametrize(("first", "expected"), [(date(2026, 8, 10), 0), (date(2026, 8, 11), 1)])
def test_c5_five_working_days_are_no_gap_and_six_are(first, expected):
    """From Friday 31 July: Monday to Friday are between it and Monday 10 August."""
    found = c5(stock(judged=[judged(OLD, date(2026, 7, 31)), judged(NEW, first), judged(OLD, date(2026, 9, 20))]))
    assert found.antal == expected


def test_c5_a_report_between_breaks_the_gap_and_a_new_system_that_is_silent_has_one():
    between = [judged(OLD, date(2026, 7, 24)), judged(OLD, date(2026, 7, 31)), judged(NEW, date(2026, 8, 4))]
    assert c5(stock(judged=between)).antal == 0
    silent = c5(stock(judged=between[:2]))
    assert (silent.antal, silent.beside) == (1, "Det nye system har ikke indberettet endnu")
    assert c5(stock(judged=between[2:])).antal == 0, "the old one never sent"
    refused = c5(stock(judged=[between[0], judged(NEW, date(2026, 7, 28), "R"), judged(NEW, date(2026, 8, 4))]))
    assert refused.antal == 1, "a refused report is none"
    assert longest_gap([]) is None


def test_c5_public_holidays_are_no_working_days():
    easter = [date(2026, 4, 1), date(2026, 4, 7)]
    assert longest_gap(easter) == (*easter, 0)


@given(st.sets(st.integers(0, 400), min_size=2, max_size=12))
def test_c5_the_longest_gap_is_that_of_walking_through_all_days(offsets):
    reports = {date(2025, 12, 1) + timedelta(days=offset) for offset in offsets}
    longest = walked = 0
    for offset in range(min(offsets), max(offsets) + 1):
        day = date(2025, 12, 1) + timedelta(days=offset)
        walked = 0 if day in reports else walked + is_working_day(day)
        longest = max(longest, walked)
    found = longest_gap([*reports])
    assert found is not None
    assert found[2] == longest


@pytest.mark.parametrize(("late", "both", "expected"), [(3, True, 0), (4, True, 1), (4, False, 0)])
def test_c6_the_old_system_more_than_three_days_after(late, both, expected):
    reports = [judged(OLD, DAY + timedelta(days=late))]
    reports += [judged(NEW, DAY + timedelta(days=4))] if both else []
    assert c6(stock(judged=reports)).antal == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (120, 111, True),
        (120, 114, False),
        (40, 38, False),
        (40, 37, True),
        (10, 8, False),
        (60, 63, False),
        (59, 62, True),
        (0, 3, True),
        (0, 2, False),
        (3, 0, True),
    ],
)
def test_c7_by_more_than_five_percent_and_three(before, after, expected):
    assert is_break(before, after) == expected


def test_c7_counts_who_is_open_the_day_before_and_the_14th_day_after():
    forloeb = [one for n in range(4) for one in held(n, (OLD, event(1, BEGAN)), (NEW, event(2, DAY)))]
    assert [one.tekst for one in c7(stock(forloeb=forloeb)).findings] == ["Kode 9100: 4 åbne før, 0 efter"]
    early = c7(stock(forloeb=forloeb, today=DAY + timedelta(days=14)))
    assert (early.computed, early.ready) == (False, date(2026, 8, 17))


def test_c8_a_service_without_an_agreement_and_c9_the_old_systems_contacts():
    used = {(FGU, SCHOOL), (UNGDOMSUDDANNELSE, SCHOOL)}
    assert [one.tekst for one in c8(used, {SCHOOL: {UNGDOMSUDDANNELSE}}).findings] == [f"{FGU} for {SCHOOL}"]
    contacts = [Standing(1, BEGAN, OLD), Standing(2, BEGAN, NEW), Standing(3, BEGAN, None)]
    assert [one.person_id for one in c9(stock(), contacts).findings] == [1]


def test_before_the_day_only_what_can_be_seen_before_is_worked_out():
    before = stock(today=DAY - timedelta(days=1), ends=[0, 0, 0, 0])
    assert not any(one(before).computed for one in (c1, c2, c3, c4, c5, c6, c7))
    assert not c9(before, ()).computed
    assert c9(stock(today=DAY), ()).computed


SIDES = sides_of("gl", "ny", DAY, {"gl": "Gammelt", "ny": "Nyt"}, [("gl", "LUDUS"), ("ny", "Nova"), ("x", "Andet")])


@pytest.mark.parametrize(
    ("system", "kilde", "expected"),
    [
        ("gl", "Nova", OLD),
        ("ny", "LUDUS", NEW),
        ("x", "LUDUS", None),
        (None, "ludus", OLD),
        (None, "Nova", NEW),
        (None, "Gammelt", OLD),
        (None, "Andet", None),
        (None, None, None),
    ],
)
def test_the_system_says_who_sent_and_without_it_kilde_leverandoer(system, kilde, expected):
    assert SIDES.of(system, kilde, DAY) is expected


def test_one_kilde_for_both_is_the_old_system_until_the_day_and_an_unknown_system_is_found_by_it():
    both = sides_of("gl", "ny", DAY, {"gl": "A", "ny": "B"}, [("gl", "LUDUS"), ("ny", "LUDUS")])
    assert [both.of(None, "LUDUS", day) for day in (DAY - timedelta(days=1), DAY)] == [OLD, NEW]
    unknown = sides_of("Ukendt Studie", "ny", DAY, {"ny": "B", "y": "C"}, [("y", "Ukendt Studie")])
    assert unknown.of("y", "UKENDT studie", DAY) is OLD
    assert unknown.of("ny", "Ukendt Studie", DAY) is NEW
    assert unknown.of("y", "C", DAY) is None


def test_the_mark_of_a_picture():
    assert words(DAY) == "systemskifte 3. aug"
