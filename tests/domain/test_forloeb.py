"""Forløb: every rule of V 7 against a second, slower reading of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.events import NOW, START, event, mark, number
from tests.support.slow_forloeb import slowly
from udb.domain.forloeb import Forloeb, all_forloeb, forloeb_of
from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET, Haendelse, Indberetning
from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import Institution, Person
from udb.domain.services import VIDEREGAAENDE
from udb.rules.facts import Facts, placed
from udb.rules.premises import joined_forloeb


def risk(n: int, day: int = 0, **changes: object) -> Haendelse:
    return event(n, OPTAGET, day, frafaldstruet_markering=True, **changes)


def numbers(forloeb: Forloeb) -> list[int]:
    return [int(member.nummer.removeprefix("UDB-")) for member in forloeb.events]


def grouped(*events: Haendelse) -> list[list[int]]:
    return [numbers(forloeb) for forloeb in all_forloeb(events)]


@st.composite
def histories(draw: st.DrawFn) -> list[Haendelse]:
    """Draw up to 12 events of one key: any status, dates close together, some cancelled or repeated, some marks."""
    events = []
    for n in range(1, draw(st.integers(0, 12)) + 1):
        kind = draw(st.sampled_from(["optag", "risk", "afbrud", "gennemfoert", "mark", "dead"]))
        day = draw(st.integers(0, 4))
        if kind == "mark":
            events.append(mark(n, draw(st.integers(1, 12))))
        elif kind == "dead":
            flag = draw(st.sampled_from(["annulleret", "gentaget", "annullering"]))
            events.append(event(n, draw(st.integers(1, 3)), day, **{flag: True}))
        elif kind == "risk":
            events.append(risk(n, day))
        else:
            status = {"optag": OPTAGET, "afbrud": AFBRUDT, "gennemfoert": GENNEMFOERT}[kind]
            events.append(event(n, status, day))
    return events


@given(histories())
def test_as_the_slow_reading_says(events: list[Haendelse]) -> None:
    assert grouped(*events) == slowly(events)


@given(histories(), st.randoms())
def test_the_order_in_which_events_are_given_does_not_matter(events: list[Haendelse], random: object) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert all_forloeb(shuffled) == all_forloeb(events)


@given(histories())
def test_each_standing_event_is_in_one_forloeb_and_at_most_the_last_is_open(events: list[Haendelse]) -> None:
    found = all_forloeb(events)
    members = [member.nummer for forloeb in found for member in forloeb.events]
    standing = [e.nummer for e in events if e.standing and e.ifoelge_kommunen is None]
    assert sorted(members) == sorted(standing)
    assert all(not forloeb.open for forloeb in found[:-1])


@given(histories(), st.integers(0, 11))
def test_a_cancelled_event_counts_as_if_it_had_never_been(events: list[Haendelse], index: int) -> None:
    cancelled = [replace(e, annulleret=True) if i == index else e for i, e in enumerate(events)]
    without = [e for i, e in enumerate(events) if i != index]
    assert grouped(*cancelled) == grouped(*without)


@given(histories())
def test_marks_change_nothing(events: list[Haendelse]) -> None:
    assert grouped(*events) == grouped(*(e for e in events if e.ifoelge_kommunen is None))


@given(histories(), histories())
def test_keys_do_not_meet(events: list[Haendelse], others: list[Haendelse]) -> None:
    elsewhere = [replace(e, nummer=f"A{e.nummer}", plads=f"A{e.plads}", hovedinstitution="461800") for e in others]
    theirs = [e for e in elsewhere if e.ifoelge_kommunen is None]
    found = [f for f in all_forloeb([*events, *theirs]) if f.key.hovedinstitution == "461700"]
    assert found == all_forloeb(events)


@given(histories(), st.integers(1, 3), st.booleans(), st.integers(0, 4))
def test_the_rules_see_a_report_where_it_will_be_filed(
    events: list[Haendelse], status: int, threatened: object, day: int
) -> None:
    report = Indberetning(
        service=VIDEREGAAENDE,
        cprnr="6503084001",
        institution_nummer="461700",
        haendelse_dato=datetime.combine(START + timedelta(days=day), NOW.time(), UTC),
        kilde_leverandoer="Skolesystem",
        annullering=False,
        status=status,
        stads_kode="9302",
        frafaldstruet_markering=status == OPTAGET and bool(threatened),
    )
    seen = joined_forloeb(report, placed(facts(events), report).placement)
    stored = event(99, status, day, frafaldstruet_markering=report.frafaldstruet_markering)
    filed = forloeb_of(stored.nummer, all_forloeb([*events, stored]))
    assert filed is not None
    assert numbers(filed) == [*(numbers(seen) if seen else []), 99]


def facts(events: Iterable[Haendelse]) -> Facts:
    grown = date(2020, 1, 1)
    return Facts(
        today=NOW.date(),
        invented_cpr_allowed=True,
        person=Person(1, "6503084001", "01", "101", grown, grown, date(2030, 1, 1), date(2035, 1, 1)),
        institution=Institution("461700", "461700", "1085", "101", None, None, in_register=True),
        codes=Kodesaet(1, []),
        events=tuple(events),
    )


def test_an_end_ends_whatever_the_dates() -> None:
    (forloeb,) = all_forloeb([event(1, day=10), event(2, AFBRUDT, day=1)])
    assert not forloeb.open
    assert forloeb.end is not None
    assert forloeb.dato_optag == START + timedelta(days=10)


def test_an_optag_after_the_end_opens_a_new_one() -> None:
    assert grouped(event(1), event(2, AFBRUDT, day=5), event(3, day=6)) == [[1, 2], [3]]


@pytest.mark.parametrize(("day", "groups"), [(5, [[1, 2, 3]]), (6, [[1, 2], [3]])])
def test_a_risk_of_the_time_before_the_end_is_filed_there(day: int, groups: list[list[int]]) -> None:
    assert grouped(event(1), event(2, AFBRUDT, day=5), risk(3, day=day)) == groups


@pytest.mark.parametrize(("day", "groups"), [(5, [[1, 2]]), (6, [[1], [2]])])
def test_a_late_optag_is_filed_with_an_end_that_has_none(day: int, groups: list[list[int]]) -> None:
    found = all_forloeb([event(1, AFBRUDT, day=5), event(2, day=day)])
    assert [numbers(forloeb) for forloeb in found] == groups
    assert found[0].open is False


def test_a_late_optag_gives_a_forloeb_of_a_risk_its_dato_optag() -> None:
    found = all_forloeb([risk(1, day=3), event(2, GENNEMFOERT, day=5), event(3, day=1), event(4, day=2)])
    assert [numbers(forloeb) for forloeb in found] == [[1, 2, 3], [4]]
    assert found[0].dato_optag == START + timedelta(days=1)


def test_the_first_optag_s_date_counts_not_the_earliest() -> None:
    (forloeb,) = all_forloeb([risk(1, day=0), event(2, day=4), event(3, day=2)])
    assert forloeb.dato_optag == START + timedelta(days=4)


def test_a_risk_s_date_counts_until_there_is_an_optag() -> None:
    (forloeb,) = all_forloeb([risk(1, day=3), risk(2, day=1)])
    assert forloeb.dato_optag == START + timedelta(days=3)
    assert forloeb.optag is None


def test_an_end_alone_has_no_dato_optag() -> None:
    (forloeb,) = all_forloeb([event(1, GENNEMFOERT)])
    assert forloeb.dato_optag is None


def test_a_repetition_stands_in_its_twin_s_place() -> None:
    history = [event(1, gentaget=True), event(2, AFBRUDT, day=1), event(3, day=2)]
    assert grouped(*history, event(4, plads=number(1))) == [[4, 2], [3]]


def test_a_mark_is_filed_with_the_event_it_is_about() -> None:
    first, second = all_forloeb([event(1), event(2, AFBRUDT), event(3, day=1), mark(4, about=1), mark(5, about=3)])
    assert [m.nummer for m in first.marks] == [number(4)]
    assert [m.nummer for m in second.marks] == [number(5)]
    assert forloeb_of(number(4), [first, second]) is first


def test_a_mark_follows_the_repetition_of_its_event() -> None:
    (forloeb,) = all_forloeb([event(1, gentaget=True), mark(2, about=1), event(3, plads=number(1))])
    assert [m.nummer for m in forloeb.marks] == [number(2)]


def test_a_mark_whose_event_is_cancelled_belongs_to_no_forloeb() -> None:
    found = all_forloeb([event(1, annulleret=True), event(2), mark(3, about=1)])
    assert [forloeb.marks for forloeb in found] == [()]
    assert forloeb_of(number(3), found) is None
