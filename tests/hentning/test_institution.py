"""Look-ups by institutions (contract 5.2), within A11: the callers that get an answer, its content, the log and the
marks.
"""

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.access.clauses import DONE, EUD, HF, LEFT, PUPIL, STX, YOUNG, cancel, send
from tests.support.endpoint import Endpoint, codes
from tests.support.fetches import START, numbers
from tests.support.world import DEPARTMENT, EUD_SCHOOL, FGU_SCHOOL, GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, World, look_again
from udb.domain.services import (
    DATA_TIL_INSTITUTION,
    FGU,
    FORBEREDENDE_AKTIVITET,
    INSTITUTION_KONTAKT,
    KOMMUNE_AKTIVITET,
    STATUS_HENVISNING,
    UNGDOMSUDDANNELSE,
)
from udb.readlog.entries import NO_PERSON
from udb.store.engine import writing
from udb.store.tables import feed_gained, hentet, read_log

OPERATIONS = {
    "HentUddannelsespaalaeg": (DATA_TIL_INSTITUTION, GYMNASIUM, "8301"),
    "HentUdslusningstilskud": (DATA_TIL_INSTITUTION, FGU_SCHOOL, "8101"),
    "HentStatusHenvisning": (STATUS_HENVISNING, GYMNASIUM, "8201"),
}
"""Operation -> service, an institution that asks, and the refusal that reveals nothing."""


def ask(endpoint: Endpoint, operation: str, cprnr: str, institution: str | None = None) -> Any:
    service, asking, _ = OPERATIONS[operation]
    return endpoint.call(service, operation, {"InstitutionNummer": institution or asking, "CPRNr": cprnr})


def marks(endpoint: Endpoint, institution: str = GYMNASIUM, **criterion: str) -> Any:
    return endpoint.call(DATA_TIL_INSTITUTION, "HentMarkeringer", {"InstitutionNummer": institution, **criterion})


def mark(endpoint: Endpoint, about: str, said: str = "Risiko", kommune: str = KOMMUNE, cprnr: str = YOUNG) -> str:
    fields = {"IfoelgeKommunen": said, "VedroererHaendelseNummer": about, "InstitutionNummer": kommune}
    return send(endpoint, KOMMUNE_AKTIVITET, cprnr, "2026-08-10", **fields)


def in_all_three(endpoint: Endpoint, cprnr: str) -> dict[str, Any]:
    """Report a history that each of the three look-ups returns to the institution it is made for."""
    send(endpoint, FGU, cprnr, "2025-08-01", InstitutionNummer=FGU_SCHOOL)
    send(endpoint, FGU, cprnr, "2025-12-31", InstitutionNummer=FGU_SCHOOL, **DONE)
    send(endpoint, UNGDOMSUDDANNELSE, cprnr, "2026-01-01", **STX)
    send(endpoint, UNGDOMSUDDANNELSE, cprnr, "2026-02-01", **STX, **LEFT)
    send(endpoint, UNGDOMSUDDANNELSE, cprnr, "2026-01-01", **EUD)
    send(endpoint, UNGDOMSUDDANNELSE, cprnr, "2026-08-01", **HF)
    return {operation: ask(endpoint, operation, cprnr) for operation in OPERATIONS}


# The three look-ups ---------------------------------------------------------------------------------------------------


def test_an_institution_is_told_of_its_own_youths(world: World, endpoint: Endpoint) -> None:
    """F186, F191: by CPR number over the web service, without consent."""
    world.person(YOUNG, kommune="751")
    answers = in_all_three(endpoint, YOUNG)
    assert (answers["HentUddannelsespaalaeg"]["HarUddannelsespaalaeg"], answers["HentUddannelsespaalaeg"]["Siden"]) == (
        False,
        None,
    )
    grant = answers["HentUdslusningstilskud"]
    assert (grant["Opfyldt"], grant["Grundlag"]) == (True, "Uddannelse")
    assert answers["HentStatusHenvisning"]["Opfyldt"] is True


@pytest.mark.parametrize("operation", OPERATIONS)
def test_nobody_elses_youth_and_no_impossible_unknown_or_replaced_number(
    world: World, endpoint: Endpoint, operation: str
) -> None:
    """Another institution's youth, one who was never here, an earlier number."""
    world.person(YOUNG)
    world.person(PUPIL)
    in_all_three(endpoint, YOUNG)
    _, _, code = OPERATIONS[operation]
    for type3, elsewhere in (("1027", "483399"), ("1061", "461399")):
        world.institution(elsewhere, type3=type3)
    other = "483399" if operation == "HentUdslusningstilskud" else "461399"
    assert codes(ask(endpoint, operation, YOUNG, other)) == {code}
    for cprnr in (PUPIL, "7103065999", "0000000000"):
        assert codes(ask(endpoint, operation, cprnr)) == {code}
    world.change_number(YOUNG, "7103065900")
    assert codes(ask(endpoint, operation, YOUNG)) == {code}
    assert not ask(endpoint, operation, "7103065900")["Fejl"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_main_institution_of_today_counts(world: World, endpoint: Endpoint, operation: str) -> None:
    world.person(YOUNG)
    in_all_three(endpoint, YOUNG)
    asking = OPERATIONS[operation][1]
    type3 = "1027" if asking == FGU_SCHOOL else "1061"
    world.institution("461399", type3=type3, hovedinstitution=asking)
    assert not ask(endpoint, operation, YOUNG, "461399")["Fejl"]
    world.institution(asking, type3=type3, hovedinstitution="461399")
    world.institution("461399", type3=type3)
    assert not ask(endpoint, operation, YOUNG, "461399")["Fejl"]
    world.institution(asking, type3=type3)
    assert codes(ask(endpoint, operation, YOUNG, "461399")) == {OPERATIONS[operation][2]}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_institution_itself_is_judged_first(world: World, endpoint: Endpoint, operation: str) -> None:
    assert codes(ask(endpoint, operation, YOUNG, KOMMUNE)) == {"2003"}
    asking = OPERATIONS[operation][1]
    world.institution(asking, type3="1027" if asking == FGU_SCHOOL else "1061", in_register=False)
    assert codes(ask(endpoint, operation, YOUNG)) == {"2001"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_look_up_of_an_institution_is_in_the_read_log(world: World, endpoint: Endpoint, operation: str) -> None:
    youth, other = world.person(YOUNG), world.person(PUPIL)
    in_all_three(endpoint, YOUNG)
    ask(endpoint, operation, PUPIL)
    ask(endpoint, operation, "7103065999")
    columns = (read_log.c.klausul, read_log.c.personer, read_log.c.institution_nummer)
    with world.engine.connect() as connection:
        query = select(*columns).where(read_log.c.operation == operation).order_by(read_log.c.id)
        rows = connection.execute(query).all()
    asking = OPERATIONS[operation][1]
    assert rows == [("A11", [youth], asking), (None, [other], asking), (None, [NO_PERSON], asking)]


def test_the_order_is_told_while_it_stands_and_the_course_is_open(world: World, endpoint: Endpoint) -> None:
    youth = world.person(YOUNG)
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **HF, InstitutionNummer=DEPARTMENT)
    world.subscribe(youth)
    answer = ask(endpoint, "HentUddannelsespaalaeg", YOUNG)
    assert (answer["HarUddannelsespaalaeg"], answer["Siden"].isoformat()) == (True, "2026-08-10T00:00:00+02:00")
    left = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-10", **HF, **LEFT)
    assert codes(ask(endpoint, "HentUddannelsespaalaeg", YOUNG)) == {"8301"}
    cancel(endpoint, UNGDOMSUDDANNELSE, YOUNG, left, **HF)
    assert ask(endpoint, "HentUddannelsespaalaeg", YOUNG)["HarUddannelsespaalaeg"] is True
    cancel(endpoint, UNGDOMSUDDANNELSE, YOUNG, sent, **HF)
    assert codes(ask(endpoint, "HentUddannelsespaalaeg", YOUNG)) == {"8301"}


# HentMarkeringer ------------------------------------------------------------------------------------------------------


def test_the_institution_fetches_the_kommunes_mark_on_its_open_course(world: World, endpoint: Endpoint) -> None:
    """F107: and the mark is recorded as fetched by that system, with the time of its first fetch."""
    youth = world.person(YOUNG)
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **STX, InstitutionNummer=DEPARTMENT)
    marked = mark(endpoint, sent)
    for _ in range(2):
        answer = marks(endpoint)
        assert (answer["FindesFlereHaendelser"], answer["HoejesteHaendelseNummer"]) == (False, marked)
        (ung,) = answer["HaendelserUng"]
        (event,) = ung["HaendelseUddannelsesForloeb"]
        assert (ung["CPRNr"], event["HaendelseNummer"], event["IfoelgeKommunen"]) == (YOUNG, marked, "Risiko")
        assert (event["VedroererHaendelseNummer"], event["InstitutionNummer"]) == (sent, KOMMUNE)
    with world.engine.connect() as connection:
        (fetched,) = connection.execute(select(hentet)).all()
        logged = select(read_log.c.klausul, read_log.c.personer, read_log.c.fra_nummer, read_log.c.til_nummer)
        rows = connection.execute(logged.where(read_log.c.operation == "HentMarkeringer")).all()
    assert (fetched.modtager, fetched.nummer, fetched.givet_tid) == (GYMNASIUM, marked, None)
    assert rows == [("A11", [youth], marked, marked)] * 2


def test_marks_on_other_courses_and_other_events_are_not_told(world: World, endpoint: Endpoint) -> None:
    world.person(YOUNG)
    here = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **STX)
    elsewhere = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **EUD)
    own = send(endpoint, KOMMUNE_AKTIVITET, YOUNG, "2026-08-01", KommuneAktivitetsKode="K51")
    there = mark(endpoint, elsewhere)
    mark(endpoint, own)
    assert numbers(marks(endpoint)) == []
    assert numbers(marks(endpoint, EUD_SCHOOL)) == [there]
    marked = mark(endpoint, here, "Afbrud")
    assert numbers(marks(endpoint)) == [marked]


def test_a_mark_is_told_while_the_course_is_open_and_not_on_a_cancelled_optag(world: World, endpoint: Endpoint) -> None:
    world.person(YOUNG)
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **STX)
    marked = mark(endpoint, sent)
    left = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-10", **STX, **LEFT)
    assert numbers(marks(endpoint)) == []
    cancel(endpoint, UNGDOMSUDDANNELSE, YOUNG, left, **STX)
    assert numbers(marks(endpoint)) == [marked]
    cancel(endpoint, UNGDOMSUDDANNELSE, YOUNG, sent, **STX)
    assert numbers(marks(endpoint)) == []


def test_a_marks_cancellation_is_told_while_the_course_is_open(world: World, endpoint: Endpoint) -> None:
    """By number, whether the mark was fetched or not (contract 5.1, 5.2)."""
    world.person(YOUNG)
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **STX)
    marked = mark(endpoint, sent)
    gone = cancel(endpoint, KOMMUNE_AKTIVITET, YOUNG, marked)
    (ung,) = marks(endpoint)["HaendelserUng"]
    (event,) = ung["HaendelseUddannelsesForloeb"]
    assert (event["HaendelseNummer"], event["Annullering"], event["AnnulleretHaendelseNummer"]) == (gone, True, marked)
    send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-10", **STX, **LEFT)
    assert numbers(marks(endpoint)) == []


@pytest.mark.parametrize(
    ("status", "now", "seen"),
    [
        ("01", "2026-08-10", True),
        ("03", "2026-08-10", True),
        ("80", "2026-08-10", False),
        ("90", "2026-08-10", False),
        ("01", "2036-03-10", True),  # 30 tomorrow
        ("01", "2036-03-11", False),
    ],
)
def test_marks_on_youths_of_15_to_29_with_an_address(
    world: World, endpoint: Endpoint, *, status: str, now: str, seen: bool
) -> None:
    world.person(YOUNG)
    marked = mark(endpoint, send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **STX))
    world.person(YOUNG, status=status)
    world.clock(f"{now}T08:00:00")
    assert numbers(marks(endpoint)) == ([marked] if seen else [])


def test_marks_come_in_pages_after_a_number(world: World, small_pages: Endpoint) -> None:
    sent = []
    for cprnr in (YOUNG, PUPIL, "7103065124"):
        world.person(cprnr)
        sent.append(mark(small_pages, send(small_pages, UNGDOMSUDDANNELSE, cprnr, "2026-08-01", **STX), cprnr=cprnr))
    first = marks(small_pages)
    assert (numbers(first), first["FindesFlereHaendelser"], first["HoejesteHaendelseNummer"]) == (
        sent[:2],
        True,
        sent[1],
    )
    assert numbers(marks(small_pages, HaendelseNummer=START)) == sent[:2]
    rest = marks(small_pages, HaendelseNummer=sent[1])
    assert (numbers(rest), rest["FindesFlereHaendelser"], rest["HoejesteHaendelseNummer"]) == (
        sent[2:],
        False,
        sent[2],
    )
    empty = marks(small_pages, HaendelseNummer=sent[2])
    assert (numbers(empty), empty["HoejesteHaendelseNummer"]) == ([], sent[2])


@pytest.mark.parametrize(
    ("institution", "number", "code"),
    [(GYMNASIUM, "UDB-1", "8001"), (GYMNASIUM, "UDB-" + "9" * 23, "8001"), (OTHER_KOMMUNE, "UDB-1", "2003")],
)
def test_refusals_of_the_marks(endpoint: Endpoint, institution: str, number: str, code: str) -> None:
    assert codes(marks(endpoint, institution, HaendelseNummer=number)) == {code}


def test_a_mark_follows_the_youth_through_a_change_of_number(world: World, endpoint: Endpoint) -> None:
    """The optag is repeated on the new number: the mark is on the repetition, which replaces it."""
    world.person(YOUNG)
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **STX)
    marked = mark(endpoint, sent)
    new = "7103065900"
    world.change_number(YOUNG, new)
    send(endpoint, UNGDOMSUDDANNELSE, new, "2026-08-01", **STX)
    (ung,) = marks(endpoint)["HaendelserUng"]
    assert (ung["CPRNr"], [event["HaendelseNummer"] for event in ung["HaendelseUddannelsesForloeb"]]) == (new, [marked])


def test_after_a_move_the_mark_of_the_kommune_before_is_still_told(world: World, endpoint: Endpoint) -> None:
    youth = world.person(YOUNG)
    marked = mark(endpoint, send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **STX))
    world.person(YOUNG, kommune="751")
    with writing(world.engine) as connection:
        look_again(connection, [youth])
    assert numbers(marks(endpoint)) == [marked]


def test_the_end_of_a_course_lets_nobody_look_at_all_events_again(world: World, endpoint: Endpoint) -> None:
    """The end of a course changes what the institution may ask, which no feed without criterion depends on; a
    completion does change the feed.
    """
    world.person(YOUNG)

    def looks_again() -> int:
        with writing(world.engine) as connection:
            return connection.execute(select(func.count()).select_from(feed_gained)).scalar_one()

    send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **STX)
    left = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-05", **STX, **LEFT)
    assert codes(ask(endpoint, "HentUddannelsespaalaeg", YOUNG)) == {"8301"}
    cancel(endpoint, UNGDOMSUDDANNELSE, YOUNG, left, **STX, **LEFT)
    assert ask(endpoint, "HentUddannelsespaalaeg", YOUNG)["HarUddannelsespaalaeg"] is False
    assert looks_again() == 0
    send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-06", **STX, **DONE)
    assert looks_again() == 1


def test_a_kommunes_activity_is_no_course_at_its_schools(world: World, endpoint: Endpoint) -> None:
    """A school whose main institution is the kommune's own number gets its own youths alone."""
    school = "452077"
    world.institution(school, type3="1014", hovedinstitution=KOMMUNE)
    world.subscribe(world.person(YOUNG))
    activity = send(endpoint, KOMMUNE_AKTIVITET, YOUNG, "2026-08-01", KommuneAktivitetsKode="K01")
    mark(endpoint, activity)
    contact = {"CPRNr": YOUNG, "InstitutionNummer": school, "KontaktNavn": "Lærer", "KontaktMail": "l@skole.example"}
    assert codes(ask(endpoint, "HentUddannelsespaalaeg", YOUNG, school)) == {"8301"}
    assert marks(endpoint, school)["HaendelserUng"] == []
    assert "7011" in codes(endpoint.report(INSTITUTION_KONTAKT, contact))
    send(endpoint, FORBEREDENDE_AKTIVITET, YOUNG, "2026-08-01", InstitutionNummer=school)
    assert ask(endpoint, "HentUddannelsespaalaeg", YOUNG, school)["HarUddannelsespaalaeg"] is True
    assert "7011" not in codes(endpoint.report(INSTITUTION_KONTAKT, contact))
