"""Reports under which an institution looked a youth up (A11), and which were cancelled: the home kommune gets both."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.access.clauses import DONE, HF, LEFT, STX, YOUNG, cancel, feed, look_up, send
from tests.support.endpoint import Endpoint
from tests.support.fetches import START, numbers
from tests.support.world import FGU_SCHOOL, GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, SCHOOL, STAR, World
from udb.domain.services import (
    DATA_TIL_DFDG,
    DATA_TIL_INSTITUTION,
    FGU,
    FORBEREDENDE_AKTIVITET,
    STATUS_HENVISNING,
    UNGDOMSUDDANNELSE,
)
from udb.store.tables import opslag
from udb.store.tables.log import read_log

OPERATIONS = {
    "HentUddannelsespaalaeg": (DATA_TIL_INSTITUTION, GYMNASIUM),
    "HentUdslusningstilskud": (DATA_TIL_INSTITUTION, FGU_SCHOOL),
    "HentStatusHenvisning": (STATUS_HENVISNING, GYMNASIUM),
}
AT_FGU = {"InstitutionNummer": FGU_SCHOOL}


def ask(endpoint: Endpoint, operation: str, cprnr: str = YOUNG, institution: str | None = None) -> Any:
    service, asking = OPERATIONS[operation]
    return endpoint.call(service, operation, {"InstitutionNummer": institution or asking, "CPRNr": cprnr})


def invent(endpoint: Endpoint, operation: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Report what opens a look-up; return each report's service, number and fields."""
    reports: list[tuple[str, str, dict[str, Any]]] = {
        "HentUddannelsespaalaeg": [(UNGDOMSUDDANNELSE, "2025-08-01", HF)],
        "HentUdslusningstilskud": [(FGU, "2025-08-01", AT_FGU), (FGU, "2025-12-31", {**AT_FGU, **DONE})],
        "HentStatusHenvisning": [
            (UNGDOMSUDDANNELSE, "2026-01-01", STX),
            (UNGDOMSUDDANNELSE, "2026-02-01", {**STX, **LEFT}),
        ],
    }[operation]
    return [(service, send(endpoint, service, YOUNG, day, **fields), fields) for service, day, fields in reports]


def cancel_all(endpoint: Endpoint, reported: list[tuple[str, str, dict[str, Any]]]) -> list[str]:
    return [cancel(endpoint, service, YOUNG, nummer, **fields) for service, nummer, fields in reversed(reported)]


def sorted_feed(endpoint: Endpoint, kommune: str = KOMMUNE) -> list[str]:
    return sorted(numbers(endpoint.fetch(kommune)))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_home_kommune_gets_the_cancelled_course_and_its_cancellation(
    world: World, endpoint: Endpoint, operation: str
) -> None:
    """Reported, looked up and cancelled before any fetch: once in the feed, as often as requested by number."""
    world.person(YOUNG)
    reported = invent(endpoint, operation)
    ask(endpoint, operation)
    gone = cancel_all(endpoint, reported)
    both = sorted([*(nummer for _, nummer, _ in reported), *gone])
    assert sorted(feed(endpoint)) == both
    assert sorted_feed(endpoint) == both
    assert sorted_feed(endpoint) == []
    assert sorted(feed(endpoint)) == both
    assert numbers(endpoint.fetch(KOMMUNE, HaendelseNummer=both[-2])) == [both[-1]]
    assert look_up(endpoint, YOUNG) == [], "a look-up by CPR number shows neither (contract 5.1)"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_without_a_look_up_nothing_of_it_is_shown(world: World, endpoint: Endpoint, operation: str) -> None:
    world.person(YOUNG)
    reported = invent(endpoint, operation)
    world.institution("461399")
    if operation != "HentUdslusningstilskud":
        assert ask(endpoint, operation, YOUNG, "461399")["Fejl"], "the course is at another school"
    gone = cancel_all(endpoint, reported)
    assert sorted_feed(endpoint) == []
    assert sorted(feed(endpoint)) == sorted(gone), "by number the cancellations, as before"


def test_neither_the_school_kommune_nor_the_job_centre_gets_it(world: World, endpoint: Endpoint) -> None:
    world.institution(STAR, type3="STAR")
    youth = world.person(YOUNG, kommune="751")
    grade = {"InstitutionNummer": SCHOOL}
    sent = send(endpoint, FORBEREDENDE_AKTIVITET, YOUNG, "2026-08-01", **grade)
    world.subscribe(youth)
    assert not ask(endpoint, "HentUddannelsespaalaeg", YOUNG, SCHOOL)["Fejl"]
    gone = cancel(endpoint, FORBEREDENDE_AKTIVITET, YOUNG, sent, **grade)
    assert sorted_feed(endpoint, KOMMUNE) == []
    assert numbers(endpoint.call(DATA_TIL_DFDG, "HentHaendelserDFDG", {"InstitutionNummer": STAR})) == []
    given = sorted_feed(endpoint, OTHER_KOMMUNE)
    assert [nummer for nummer in given if nummer in {sent, gone}] == [sent, gone]


def test_who_was_given_the_report_gets_its_cancellation_once(world: World, endpoint: Endpoint) -> None:
    world.person(YOUNG)
    (course,) = invent(endpoint, "HentUddannelsespaalaeg")
    assert sorted_feed(endpoint) == [course[1]]
    ask(endpoint, "HentUddannelsespaalaeg")
    gone = cancel_all(endpoint, [course])
    assert sorted_feed(endpoint) == gone
    assert sorted_feed(endpoint) == []


def test_the_next_home_kommune_gets_it_and_the_one_before_no_longer(world: World, endpoint: Endpoint) -> None:
    world.person(YOUNG)
    (course,) = invent(endpoint, "HentUddannelsespaalaeg")
    ask(endpoint, "HentUddannelsespaalaeg")
    both = [course[1], *cancel_all(endpoint, [course])]
    world.person(YOUNG, kommune="751")
    assert sorted_feed(endpoint) == []
    assert feed(endpoint) == []
    assert feed(endpoint, OTHER_KOMMUNE) == both


def test_no_event_passes_a_cursor(world: World, endpoint: Endpoint) -> None:
    """By number, at every moment: what is below the highest number that was returned stays as it was, or goes."""
    world.person(YOUNG)
    seen: set[str] = set()
    cursor = START

    def read() -> None:
        nonlocal cursor
        answer = endpoint.fetch(KOMMUNE, HaendelseNummer=cursor)
        seen.update(numbers(answer))
        cursor = answer["HoejesteHaendelseNummer"] or cursor
        assert {nummer for nummer in feed(endpoint) if nummer <= cursor} <= seen

    (course,) = invent(endpoint, "HentUddannelsespaalaeg")
    read()
    ask(endpoint, "HentUddannelsespaalaeg")
    read()
    cancel_all(endpoint, [course])
    read()
    (second,) = invent(endpoint, "HentUddannelsespaalaeg")
    ask(endpoint, "HentUddannelsespaalaeg")
    cancel_all(endpoint, [second])
    read()
    assert seen == set(feed(endpoint))


def test_after_a_number_change_the_repetition_is_shown_and_what_it_replaced_stays_hidden(
    world: World, endpoint: Endpoint
) -> None:
    world.person(YOUNG)
    invent(endpoint, "HentUddannelsespaalaeg")
    ask(endpoint, "HentUddannelsespaalaeg")
    new = "7103065900"
    world.change_number(YOUNG, new)
    repeated = send(endpoint, UNGDOMSUDDANNELSE, new, "2025-08-01", **HF)
    gone = cancel(endpoint, UNGDOMSUDDANNELSE, new, repeated, **HF)
    assert sorted_feed(endpoint) == [repeated, gone]


def test_a_refusal_of_the_judgement_is_a_look_up_too(world: World, endpoint: Endpoint) -> None:
    """8103 says that neither education nor work has fulfilled the conditions yet; 8202 nothing, and is noted all the
    same.
    """
    world.person(YOUNG)
    reported = [
        (FGU, send(endpoint, FGU, YOUNG, "2026-05-01", **AT_FGU), AT_FGU),
        (FGU, send(endpoint, FGU, YOUNG, "2026-07-31", **AT_FGU, **DONE), {**AT_FGU, **DONE}),
    ]
    answer = ask(endpoint, "HentUdslusningstilskud")
    assert [line["FejlKode"] for line in answer["Fejl"]] == ["8103"]
    gone = cancel_all(endpoint, reported)
    assert sorted_feed(endpoint) == [*(nummer for _, nummer, _ in reported), *sorted(gone)]


def test_the_latest_look_up_is_kept_and_a_refused_one_is_not(world: World, endpoint: Endpoint) -> None:
    world.person(YOUNG)
    (course,) = invent(endpoint, "HentUddannelsespaalaeg")
    ask(endpoint, "HentUddannelsespaalaeg")
    world.clock("2026-08-12T08:00:00")
    ask(endpoint, "HentUddannelsespaalaeg")
    world.institution("461399")
    assert ask(endpoint, "HentUddannelsespaalaeg", YOUNG, "461399")["Fejl"]
    with world.engine.connect() as connection:
        (row,) = connection.execute(select(opslag)).all()
        logged = connection.execute(select(read_log.c.tid).where(read_log.c.operation == row.operation)).all()
    assert (row.nummer, row.institution_nummer, row.operation) == (course[1], GYMNASIUM, "HentUddannelsespaalaeg")
    assert row.tid.isoformat().startswith("2026-08-12T08:00:00")
    assert len(logged) == 3
