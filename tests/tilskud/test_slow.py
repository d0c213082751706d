"""The judgements against the slow second reading, on drawn histories."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.tilskud import slow
from tests.tilskud.answers import KINDS, Reported, judged_henvisning, judged_udslusning

EDGES = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 7, 31), date(2026, 8, 1), date(2026, 12, 31)]
FIRST = date(2025, 7, 1)


def days(last: int) -> st.SearchStrategy[date]:
    return st.one_of(st.sampled_from(EDGES), st.integers(0, last).map(lambda number: FIRST + timedelta(days=number)))


@st.composite
def reports(draw: st.DrawFn, chief: list[str], places: list[str]) -> Reported:
    """One report; half of them on the education that the grant is about."""
    kind = draw(st.sampled_from(chief) | st.sampled_from(list(KINDS)))
    word = draw(st.sampled_from(["optag", "optag", "optag", "risiko", "afbrudt", "gennemført"]))
    at = draw(st.sampled_from(places)) if kind in chief else KINDS[kind].at
    cause = draw(st.sampled_from(["1", "904", "904"])) if word == "afbrudt" else None
    return Reported(kind, word, draw(days(700)), at, cause, draw(st.sampled_from([False] * 7 + [True])))


def histories(chief: list[str], places: list[str], opening: tuple[str, str]) -> st.SearchStrategy[tuple[Reported, ...]]:
    """Histories of which most begin with a whole course of the chief education."""

    def with_course(start: date, length: int, rest: list[Reported]) -> tuple[Reported, ...]:
        kind, word = opening
        cause = "904" if word == "afbrudt" else None
        end = start + timedelta(days=length)
        return (Reported(kind, "optag", start, places[0]), Reported(kind, word, end, places[0], cause), *rest)

    rest = st.lists(reports(chief, places), max_size=6)
    return st.one_of(rest.map(tuple), *(st.builds(with_course, days(300), st.integers(0, 300), rest) for _ in range(3)))


@given(
    histories(["FGU"], ["fgu", "fgu_afdeling", "andet_fgu"], ("FGU", "gennemført")),
    st.dictionaries(
        st.integers(0, 30).map(lambda month: date(2025 + (month + 6) // 12, (month + 6) % 12 + 1, 1)), st.booleans()
    ),
    days(1000),
)
def test_udslusning_as_the_slow_reading(history: tuple[Reported, ...], worked: dict[date, bool], today: date) -> None:
    assert judged_udslusning(history, worked, today) == slow.udslusning(history, "fgu", worked, today)


@given(
    histories(["STX", "HF"], ["gymnasium", "gymnasium_afdeling", "andet_gymnasium"], ("STX", "afbrudt")),
    days(1800),
)
def test_henvisning_as_the_slow_reading(history: tuple[Reported, ...], today: date) -> None:
    assert judged_henvisning(history, today) == slow.henvisning(history, "gymnasium", today)


@given(st.data())
def test_the_slow_reading_counts_months_as_everybody_does(data: Any) -> None:
    day = data.draw(days(2000))
    months = data.draw(st.integers(0, 14))
    found = slow.months_on(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1
