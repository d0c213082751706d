"""The worked cases of docs/spec/figures.md: from afbrud to contact."""

from datetime import date, timedelta
from statistics import median

import pytest

from udb.statistics.definitions.frist import Afbrud, Udfald, frist, share_in_time
from udb.statistics.definitions.working_days import (
    easter_sunday,
    is_working_day,
    working_day_after,
    working_days_between,
)

TODAY = date(2026, 4, 8)


def known(month, day, *kontakt, **more):
    found = date(2026, month, day)
    return Afbrud(found, [found], [date(2026, *one) for one in kontakt], **more)


CASES = {
    "a1": (known(3, 26, (4, 7)), Udfald.I_TIDE, date(2026, 4, 7), 5),
    "a2": (known(3, 2, (3, 2)), Udfald.I_TIDE, date(2026, 3, 9), 0),
    "a3": (known(3, 2, (3, 10)), Udfald.FOR_SENT, date(2026, 3, 9), 6),
    "a4": (known(3, 23), Udfald.OVERSKREDET, date(2026, 3, 30), None),
    "a5": (known(3, 30), Udfald.AABEN, date(2026, 4, 9), None),
    "a6": (known(3, 30, skyldig=False), Udfald.IKKE_SKYLDIG, date(2026, 4, 9), None),
    "a7": (Afbrud(date(2026, 3, 20)), Udfald.IKKE_HENTET, date(2026, 3, 27), None),
}


@pytest.mark.parametrize("case", CASES)
def test_each_worked_case(case):
    afbrud, udfald, due, dage = CASES[case]
    found = frist(afbrud, TODAY)
    assert (found.udfald, found.frist, found.dage) == (udfald, due, dage)


def test_the_figures_of_the_worked_cases():
    found = [frist(afbrud, TODAY) for afbrud, *_ in CASES.values()]
    assert share_in_time(found) == 50
    assert median(one.dage for one in found if one.dage is not None) == 5
    assert share_in_time(found[4:]) is None
    assert found[0].tilbudsfrist == date(2026, 5, 7)
    assert not found[0].juli
    summer = frist(known(6, 15, (6, 15)), TODAY)
    assert (summer.tilbudsfrist, summer.juli) == (date(2026, 7, 15), True)


def test_it_is_known_from_the_first_day_and_contacted_on_the_first():
    days = [date(2026, 3, 5), date(2026, 3, 2)]
    found = frist(Afbrud(date(2026, 3, 1), days, [date(2026, 3, 11), date(2026, 3, 9)]), TODAY)
    assert (found.kendt, found.kontakt, found.udfald) == (date(2026, 3, 2), date(2026, 3, 9), Udfald.I_TIDE)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-09-04", "2026-09-11"), ("2026-09-05", "2026-09-11"), ("2023-05-01", "2023-05-09"),
        ("2024-04-22", "2024-04-29"), ("2026-12-22", "2026-12-30"), ("2026-12-29", "2027-01-06"),
    ],
)  # fmt: skip
def test_the_fifth_working_day(day, due):
    assert working_day_after(date.fromisoformat(day), 5) == date.fromisoformat(due)


def test_easter_and_the_days_that_are_no_holidays():
    assert [easter_sunday(year).isoformat() for year in (2000, 2008, 2019, 2024, 2025, 2026, 2038)] == [
        "2000-04-23", "2008-03-23", "2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25",
    ]  # fmt: skip
    assert all(is_working_day(date(2026, *one)) for one in ((6, 5), (12, 24), (12, 31)))
    assert working_days_between(date(2026, 3, 26), date(2026, 4, 7)) == 5


def test_the_count_to_a_working_day_is_the_count_back():
    for number in range(400):
        day = date(2026, 1, 1) + timedelta(days=number)
        assert [working_days_between(day, working_day_after(day, count)) for count in range(8)] == list(range(8))
