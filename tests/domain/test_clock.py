"""Danish dates: offsets, month ends, and 29 February."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udb.domain.clock import (
    add_months,
    add_years,
    danish,
    danish_date,
    day_in_words,
    midnight,
    system_time,
    system_today,
    time_in_figures,
    time_in_words,
)


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("2026-08-17T23:59:59.999+02:00", date(2026, 8, 17)),
        ("2026-08-17T22:00:00Z", date(2026, 8, 18)),
        ("2026-08-17T21:59:59Z", date(2026, 8, 17)),
        ("2026-01-17T23:00:00Z", date(2026, 1, 18)),
        ("2026-01-17T22:59:59Z", date(2026, 1, 17)),
        ("2026-08-17T00:00:00", date(2026, 8, 17)),
        ("2026-08-17T23:59:59", date(2026, 8, 17)),
        ("2018-03-10T23:00:00.000+01:00", date(2018, 3, 10)),
        ("2019-03-31T00:00:00.000+01:00", date(2019, 3, 31)),
    ],
)
def test_the_danish_date_of_an_instant(sent: str, day: date) -> None:
    assert danish_date(datetime.fromisoformat(sent)) == day


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2017, 7, 31), "2017-07-31T00:00:00+02:00"),
        (date(2017, 11, 28), "2017-11-28T00:00:00+01:00"),
        (date(2026, 3, 29), "2026-03-29T00:00:00+01:00"),
        (date(2026, 10, 25), "2026-10-25T00:00:00+02:00"),
        (date(2026, 10, 26), "2026-10-26T00:00:00+01:00"),
    ],
)
def test_midnight_has_the_offset_of_that_day(day: date, text: str) -> None:
    assert midnight(day).isoformat() == text


@pytest.mark.parametrize(
    ("month", "name"),
    [
        *((1, "januar"), (2, "februar"), (3, "marts"), (4, "april"), (5, "maj"), (6, "juni"), (7, "juli")),
        *((8, "august"), (9, "september"), (10, "oktober"), (11, "november"), (12, "december")),
    ],
)
def test_a_day_in_words(month: int, name: str) -> None:
    assert day_in_words(date(2026, month, 7)) == f"7. {name} 2026"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("2026-08-16T22:05:59+00:00", "17. august 2026 kl. 00.05"),
        ("2026-12-31T22:30:00+00:00", "31. december 2026 kl. 23.30"),
    ],
)
def test_a_time_in_words_is_danish_time(sent: str, words: str) -> None:
    assert time_in_words(datetime.fromisoformat(sent)) == words


@pytest.mark.parametrize(
    ("sent", "figures"),
    [
        ("2026-08-16T22:05:59+00:00", "2026-08-17 00:05"),
        ("2026-10-24T23:59:59+00:00", "2026-10-25 01:59"),
        ("2026-10-25T00:00:00+00:00", "2026-10-25 02:00+02:00"),
        ("2026-10-25T00:59:59+00:00", "2026-10-25 02:59+02:00"),
        ("2026-10-25T01:00:00+00:00", "2026-10-25 02:00+01:00"),
        ("2026-10-25T02:00:00+00:00", "2026-10-25 03:00"),
        ("2026-03-29T01:00:00+00:00", "2026-03-29 03:00"),
    ],
)
def test_a_time_in_figures_is_danish_time_and_never_two(sent: str, figures: str) -> None:
    assert time_in_figures(datetime.fromisoformat(sent)) == figures


def test_the_hour_that_comes_twice_keeps_its_offset() -> None:
    first = danish(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    second = danish(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert (first.isoformat(), second.isoformat()) == ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00")


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_midnight_is_of_its_own_date(day: date) -> None:
    assert danish_date(midnight(day)) == day
    assert danish_date(midnight(day) - timedelta(microseconds=1)) in (day - timedelta(days=1), day)


@pytest.mark.parametrize(
    ("day", "years", "result"),
    [
        (date(2012, 2, 29), 15, date(2027, 3, 1)),
        (date(2012, 2, 29), 16, date(2028, 2, 29)),
        (date(1872, 2, 29), 28, date(1900, 3, 1)),
        (date(2011, 8, 17), 15, date(2026, 8, 17)),
        (date(2012, 2, 28), 15, date(2027, 2, 28)),
    ],
)
def test_years_on(day: date, years: int, result: date) -> None:
    assert add_years(day, years) == result


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 8, 17), 3, date(2026, 11, 17)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_on(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result


@given(st.dates(date(1900, 1, 1), date(2900, 1, 1)), st.integers(0, 60))
def test_months_on_are_the_same_day_or_the_month_s_last(day: date, months: int) -> None:
    result = add_months(day, months)
    assert (result.year * 12 + result.month) - (day.year * 12 + day.month) == months
    assert result.day == day.day or (result.day < day.day and (result + timedelta(days=1)).day == 1)


def test_today_by_system_time_is_the_danish_date() -> None:
    before, today, after = danish_date(system_time()), system_today(), danish_date(system_time())
    assert before <= today <= after


def test_the_hour_that_comes_twice_is_ordered_and_measured_by_instant() -> None:
    """25 October 2026, 2 to 3: the clock on the wall says 02:45 before it says 02:15."""
    first = danish(datetime(2026, 10, 25, 0, 45, tzinfo=UTC))
    second = danish(datetime(2026, 10, 25, 1, 15, tzinfo=UTC))
    assert [first.isoformat(), second.isoformat()] == ["2026-10-25T02:45:00+02:00", "2026-10-25T02:15:00+01:00"]
    assert first < second
    assert max(first, second) is second
    assert second - first == timedelta(minutes=30)


@pytest.mark.parametrize(("fold", "text"), [(0, "2026-10-25T02:15:00+02:00"), (1, "2026-10-25T02:15:00+01:00")])
def test_without_offset_the_hour_that_comes_twice_is_the_one_its_fold_says(fold: int, text: str) -> None:
    assert danish(datetime.fromisoformat("2026-10-25T02:15:00").replace(fold=fold)).isoformat() == text
