"""The judgement of a host's clock, and the time that a number carries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from udb.domain.clocks import SILENT_WHILE_SERVED, SILENT_WHILE_STOPPED, Clocks, Seen, disagreement
from udb.domain.identifiers import clock_number, number_time

NOW = datetime(2026, 8, 10, 6, tzinfo=UTC)
LIMIT = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
INSTANTS = st.integers(946_684_800, 4_070_908_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
APART = st.timedeltas(timedelta(days=-400), timedelta(days=400))


def judged(
    ahead_of_database: timedelta | None,
    *ahead_of_seen: timedelta,
    silence: timedelta = SILENT_WHILE_SERVED,
    sandbox: bool = False,
) -> str | None:
    database = None if ahead_of_database is None else NOW - ahead_of_database
    seen = [Seen("the last number drawn", NOW - ahead) for ahead in ahead_of_seen]
    return disagreement(Clocks(NOW, database, seen, sandbox), limit=LIMIT, silence=silence)


@pytest.mark.parametrize(
    ("database", "seen", "silence", "wrong"),
    [
        (None, [], SILENT_WHILE_SERVED, None),
        (LIMIT, [], SILENT_WHILE_SERVED, None),
        (-LIMIT, [], SILENT_WHILE_SERVED, None),
        (LIMIT + SECOND, [], SILENT_WHILE_SERVED, "5 minutes ahead of the database's"),
        (-LIMIT - SECOND, [], SILENT_WHILE_SERVED, "5 minutes behind the database's"),
        (None, [-LIMIT], SILENT_WHILE_SERVED, None),
        (None, [-LIMIT - SECOND], SILENT_WHILE_SERVED, "5 minutes behind the last number drawn"),
        (None, [timedelta(days=1)], SILENT_WHILE_SERVED, None),
        (None, [timedelta(days=1) + SECOND], SILENT_WHILE_SERVED, "1 day ahead of the last number drawn"),
        (None, [timedelta(days=31)], SILENT_WHILE_STOPPED, None),
        (None, [timedelta(days=31) + SECOND], SILENT_WHILE_STOPPED, "31 days ahead of the last number drawn"),
        (None, [timedelta(days=400), timedelta(hours=3)], SILENT_WHILE_SERVED, None),
        (timedelta(0), [-timedelta(days=12_000)], SILENT_WHILE_STOPPED, "12000 days behind the last number drawn"),
    ],
)
def test_a_clock_is_judged_at_its_limits(
    database: timedelta | None, seen: list[timedelta], silence: timedelta, wrong: str | None
) -> None:
    found = judged(database, *seen, silence=silence)
    assert found is None if wrong is None else found is not None and wrong in found
    assert found is None or ("udb clock accept" in found) == ("number" in found), "the database's clock is no opinion"


def test_a_sandbox_may_rest_while_it_is_stopped_and_is_guarded_while_it_is_served() -> None:
    long = timedelta(days=200)
    assert judged(None, long, silence=SILENT_WHILE_STOPPED, sandbox=True) is None
    assert judged(None, long, silence=SILENT_WHILE_SERVED, sandbox=True) is not None
    assert judged(None, -long, silence=SILENT_WHILE_STOPPED, sandbox=True) is not None


@given(st.none() | APART, st.lists(APART, max_size=3))
def test_a_clock_is_trusted_exactly_within_the_limits(database: timedelta | None, seen: list[timedelta]) -> None:
    agrees = database is None or abs(database) <= LIMIT
    # What is least ahead of is the latest on record.
    fits = not seen or -LIMIT <= min(seen) <= SILENT_WHILE_SERVED
    found = judged(database, *seen)
    assert (found is None) == (agrees and fits)
    assert found is None or "\n" not in found


@given(INSTANTS, st.integers(0, 2_000_000))
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 0)
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 0)
@example(datetime(2026, 12, 31, 22, 59, 59, 999_000, tzinfo=UTC), 2_000_000)
def test_a_number_carries_its_time_to_an_hour_and_never_a_later_one(instant: datetime, drawn_before: int) -> None:
    number = clock_number(instant) + drawn_before
    found = number_time(number)
    assert found is not None
    # Numbers of one millisecond count on into the next ones.
    assert found <= instant + timedelta(milliseconds=2)
    assert instant - found <= timedelta(hours=1, milliseconds=1)


@pytest.mark.parametrize("number", [0, 1, 10**17, 20261399 * 10**15])
def test_a_number_without_a_date_has_no_time(number: int) -> None:
    assert number_time(number) is None
