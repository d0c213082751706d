"""Numbers: their form, and that they only ever grow."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udb.domain.clock import DANISH
from udb.domain.identifiers import clock_number, event_number, forloeb_id, is_event_number, next_number

NOON = datetime(2026, 8, 17, 12, 0, 0, 345678, DANISH)


def test_the_form_of_the_vejledning() -> None:
    assert event_number(clock_number(NOON)) == "UDB-20260817120000345000000"
    assert forloeb_id(clock_number(NOON)) == "UDB-FL-20260817120000345000000"


def test_local_time_whatever_the_offset() -> None:
    assert clock_number(NOON.astimezone(UTC)) == clock_number(NOON)


def test_one_more_than_the_last_when_the_clock_stands_still() -> None:
    last = clock_number(NOON)
    assert next_number(NOON, last) == last + 1


def test_the_clock_when_it_has_passed_the_last() -> None:
    assert next_number(NOON + timedelta(milliseconds=1), clock_number(NOON)) == clock_number(NOON) + 1_000_000


def test_numbers_grow_through_the_hour_that_comes_twice() -> None:
    first = datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC)
    last = next_number(first, 0)
    again = next_number(first + timedelta(seconds=1), last)
    assert event_number(last) == "UDB-20261025025959000000000"
    assert again == last + 1
    assert next_number(datetime(2026, 10, 25, 2, 0, tzinfo=UTC), again) > again


@given(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), min_size=2))  # noqa: DTZ001 - hypothesis wants them without a zone
def test_numbers_grow_whatever_the_clock_does(instants: list[datetime]) -> None:
    drawn = []
    for instant in instants:
        drawn.append(event_number(next_number(instant, int(drawn[-1].removeprefix("UDB-")) if drawn else 0)))
    assert drawn == sorted(set(drawn))
    assert all(is_event_number(one) for one in drawn)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "UDB-2026081712000034500000",
        "UDB-202608171200003450000000",
        "udb-20260817120000345000000",
        "UDB-FL-20260817120000345000000",
        "UDB-20260817120000345000000\n",
        "UDB-2026081712000034500000٠",
    ],
)
def test_what_is_no_event_number(text: str) -> None:
    assert not is_event_number(text)
