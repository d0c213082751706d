"""The verdict on a sender, by the table of docs/spec/ground.md."""

from datetime import date, timedelta

import pytest

from udb.statistics.verdict import Counts, Verdict, verdict

TODAY = date(2026, 8, 17)
LONG_AGO = date(2020, 1, 1)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def of(today: date = TODAY, *, first: date | None = LONG_AGO, last: date | None = None, **counts: int) -> str:
    return verdict(Counts(first=first, last=last, **counts), today).value


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"last": days_ago(31), "base": 40}, Verdict.TAVS),
        ({"last": days_ago(31), "base": 4, "open_forloeb": 3}, Verdict.FOR_LILLE_GRUNDLAG),
        ({"last": days_ago(31), "base": 5}, Verdict.TAVS),
        ({"last": days_ago(30), "base": 5, "accepted": 1}, Verdict.NORMAL),
        ({"last": days_ago(0), "base": 40}, Verdict.FALD),
        ({"last": days_ago(1), "base": 100, "accepted": 24}, Verdict.FALD),
        ({"last": days_ago(1), "base": 100, "accepted": 25}, Verdict.NORMAL),
        ({"last": days_ago(1), "base": 19, "accepted": 1}, Verdict.NORMAL),
        ({"last": days_ago(1), "base": 20, "accepted": 90, "refused": 10}, Verdict.AFVIST_MEGET),
        ({"last": days_ago(1), "base": 20, "accepted": 91, "refused": 10}, Verdict.NORMAL),
        ({"last": days_ago(1), "base": 20, "accepted": 40, "refused": 9}, Verdict.NORMAL),
        ({"last": days_ago(1), "base": 4, "accepted": 40}, Verdict.FOR_LILLE_GRUNDLAG),
        ({"first": days_ago(10), "last": days_ago(1), "accepted": 3}, Verdict.NY),
        ({"first": days_ago(59), "last": days_ago(1), "accepted": 3}, Verdict.NY),
        ({"first": days_ago(60), "last": days_ago(1), "accepted": 3}, Verdict.FOR_LILLE_GRUNDLAG),
        ({"first": None, "refused": 12}, Verdict.AFVIST_MEGET),
        ({"first": None, "refused": 9}, Verdict.FOR_LILLE_GRUNDLAG),
    ],
)
def test_the_first_that_holds(counts: dict[str, object], expected: Verdict) -> None:
    assert of(**counts) == expected  # type: ignore[arg-type]  # counts and days by name


def test_many_open_forloeb_and_a_long_silence_are_an_alarm_unless_it_was_as_silent_a_year_before() -> None:
    silent = {"last": days_ago(46), "open_forloeb": 10}
    assert of(**silent, base_long=1) == Verdict.TAVS  # type: ignore[arg-type]
    assert of(**silent, base_long=0) == Verdict.FOR_LILLE_GRUNDLAG  # type: ignore[arg-type]
    assert of(**{**silent, "open_forloeb": 9}, base_long=1) == Verdict.FOR_LILLE_GRUNDLAG  # type: ignore[arg-type]
    assert of(**{**silent, "last": days_ago(45)}, base_long=1) == Verdict.FOR_LILLE_GRUNDLAG  # type: ignore[arg-type]
    # No reports are known from those days a year before, which end on 16 August 2025.
    assert of(**silent, first=date(2025, 8, 17)) == Verdict.TAVS  # type: ignore[arg-type]
    assert of(**silent, first=date(2025, 8, 16)) == Verdict.FOR_LILLE_GRUNDLAG  # type: ignore[arg-type]


def test_the_summer_makes_no_alarm() -> None:
    july = date(2026, 7, 17)
    assert of(july, last=date(2026, 6, 25), base=2, accepted=1) == Verdict.FOR_LILLE_GRUNDLAG


def test_of_a_leap_day_the_same_days_a_year_before_exist() -> None:
    assert of(date(2028, 3, 1), last=date(2028, 2, 29), base=5, accepted=5) == Verdict.NORMAL
