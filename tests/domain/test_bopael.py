"""Where a person lived: the later statement holds from its first day on, and nothing is lost."""

import itertools
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from udb.domain.bopael import OPEN, UNKNOWN, Address, Change, Period, merged, moved

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
OLD, NEW = Address("01", "101"), Address("01", "751")
DAYS = st.dates(date(2026, 1, 1), date(2026, 6, 15))


def after(known: list[Period], change: Change) -> list[Period]:
    """Return the periods that hold after a change."""
    ended = dict(change.ended)
    kept = [
        Period(one.address, one.fra, ended.get(one, one.til), one.registreret)
        for one in known
        if one not in change.corrected
    ]
    return sorted([*kept, *change.added], key=lambda one: one.fra)


def shown(periods: list[Period]) -> list[tuple[Address, date, date]]:
    return [(one.address, one.fra, one.til) for one in periods]


def lived(*statements: tuple[Address, date | None]) -> list[Period]:
    known: list[Period] = []
    for number, (address, fra) in enumerate(statements):
        known = after(known, moved(known, address, fra, NOW + timedelta(hours=number)))
    return known


def test_the_first_address_begins_on_an_unknown_day_unless_the_file_has_it() -> None:
    assert shown(lived((OLD, None))) == [(OLD, UNKNOWN, OPEN)]
    assert shown(lived((OLD, date(2026, 3, 1)))) == [(OLD, date(2026, 3, 1), OPEN)]


def test_a_move_ends_the_address_before_on_the_day_before() -> None:
    assert shown(lived((OLD, None), (NEW, None))) == [
        (OLD, UNKNOWN, date(2026, 6, 14)),
        (NEW, date(2026, 6, 15), OPEN),
    ]
    assert shown(lived((OLD, None), (NEW, date(2026, 5, 15)))) == [
        (OLD, UNKNOWN, date(2026, 5, 14)),
        (NEW, date(2026, 5, 15), OPEN),
    ]


def test_the_same_address_again_changes_nothing_but_a_day_that_was_unknown_or_is_earlier() -> None:
    known = lived((OLD, date(2026, 3, 1)))
    for fra in (None, date(2026, 3, 1), date(2026, 4, 1)):
        assert moved(known, OLD, fra, NOW) == Change()
    assert shown(lived((OLD, None), (OLD, date(2026, 3, 1)))) == [(OLD, date(2026, 3, 1), OPEN)]
    assert shown(lived((OLD, None), (NEW, date(2026, 5, 1)), (NEW, date(2026, 4, 1)))) == [
        (OLD, UNKNOWN, date(2026, 3, 31)),
        (NEW, date(2026, 4, 1), OPEN),
    ]


def test_an_import_that_moves_back_in_time_corrects_what_was_known_of_those_days() -> None:
    third = Address("01", "461")
    known = lived((OLD, None), (NEW, date(2026, 5, 1)))
    change = moved(known, third, date(2026, 3, 1), NOW)
    assert shown(list(change.corrected)) == shown(known), "both are kept as they were"
    assert shown(after(known, change)) == [(OLD, UNKNOWN, date(2026, 2, 28)), (third, date(2026, 3, 1), OPEN)]


def test_of_two_addresses_on_one_day_the_later_import_holds() -> None:
    day = date(2026, 5, 1)
    assert shown(lived((OLD, None), (NEW, day), (Address("80", None), day))) == [
        (OLD, UNKNOWN, date(2026, 4, 30)),
        (Address("80", None), day, OPEN),
    ]


def test_back_to_an_earlier_address_keeps_the_days_between() -> None:
    assert shown(lived((OLD, date(2026, 1, 1)), (NEW, date(2026, 3, 1)), (OLD, date(2026, 2, 1)))) == [
        (OLD, date(2026, 1, 1), date(2026, 1, 31)),
        (OLD, date(2026, 2, 1), OPEN),
    ]


def test_two_histories_become_one_in_the_order_in_which_they_became_known() -> None:
    one = [Period(OLD, UNKNOWN, OPEN, NOW - timedelta(days=90))]
    other = [Period(NEW, UNKNOWN, OPEN, NOW - timedelta(days=30))]
    assert shown(merged([*other, *one])) == [
        (OLD, UNKNOWN, date(2026, 5, 15)),
        (NEW, date(2026, 5, 16), OPEN),
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from([OLD, NEW, Address("80", None)]), st.none() | DAYS, DAYS), min_size=1, max_size=8
    )
)
def test_every_day_has_at_most_one_address_and_the_last_statement_holds_from_its_day_on(
    said: list[tuple[Address, date | None, date]],
) -> None:
    """The clock may go back between the statements."""
    known: list[Period] = []
    for address, fra, today in said:
        now = datetime.combine(today, datetime.min.time(), UTC) + timedelta(hours=12)
        change = moved(known, address, fra, now)
        assert not change.corrected or set(change.corrected) <= set(known)
        known = after(known, change)
        begins = fra or today
        assert [one.address for one in known if one.fra <= begins <= one.til or one.til == OPEN][-1] == address
        assert known[-1].til == OPEN
        assert known[-1].address == address
        for first, second in itertools.pairwise(known):
            assert first.til < second.fra
            assert first.fra <= first.til
