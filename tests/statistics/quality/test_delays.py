"""How late reports are: worked values, and a slow second reading of the same words."""

from collections import Counter
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from udb.statistics.quality.delays import Delay, figures, late, together


def test_the_worked_case() -> None:
    found = figures(Counter(late(days) for days in (0, 0, 1, 3, 8, 31)))
    assert found == Delay(6, 2, 4, 2.0, 31, (2, 2, 0, 1, 1))
    assert found is not None
    assert (round(100 * found.samme_dag / 6, 1), round(100 * found.inden_tre / 6, 1)) == (33.3, 66.7)


def test_what_is_dated_ahead_is_not_late_and_without_reports_there_are_no_figures() -> None:
    assert [late(days) for days in (-400, -1, 0, 1)] == [0, 0, 0, 1]
    assert figures({}) is None
    assert figures({7: 1}) == Delay(1, 0, 0, 7.0, 7, (0, 0, 1, 0, 0))


def test_ninety_percent_is_the_nearest_rank() -> None:
    ten, eleven = Counter(range(10)), Counter(range(11))
    assert [found.p90 for found in (figures(ten), figures(eleven)) if found] == [8, 9]


@given(st.lists(st.lists(st.integers(0, 400), max_size=40), max_size=5))
def test_it_is_what_sorting_the_single_reports_gives(senders: list[list[int]]) -> None:
    found = figures(together(Counter(one) for one in senders))
    days = sorted(day for one in senders for day in one)
    if not days:
        assert found is None
        return
    assert found is not None
    assert found.median == median(days)
    least = next(day for day in days if sum(other <= day for other in days) >= 0.9 * len(days) - 1e-9)
    assert found.p90 == least
    edges = [(0, 0), (1, 3), (4, 7), (8, 30), (31, 10**9)]
    assert list(found.spande) == [sum(first <= day <= last for day in days) for first, last in edges]
    assert (found.antal, found.samme_dag) == (len(days), days.count(0))
    assert found.inden_tre == found.spande[0] + found.spande[1]
