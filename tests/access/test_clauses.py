"""Events in feed and look-up, clause by clause (access.md A4-A6, A9): the vejledning's own examples and edges."""

from typing import Any

import pytest

from tests.access.clauses import (
    DONE,
    EUD,
    GROWN,
    HF,
    LEFT,
    PUPIL,
    STX,
    YOUNG,
    cancel,
    education_events,
    feed,
    look_up,
    report_of,
    send,
)
from tests.support.endpoint import Endpoint, codes
from tests.support.fetches import START, numbers
from tests.support.world import EUD_SCHOOL, KOMMUNE, World
from udb.domain.services import (
    FORBEREDENDE_AKTIVITET,
    KOMMUNE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)

# A4: from the 25th birthday -------------------------------------------------------------------------------------------


def contact_times(endpoint: Endpoint, cprnr: str) -> dict[str, Any]:
    """Return the contact times that the look-up shows, by number."""
    found = endpoint.fetch(KOMMUNE, CPRNr=cprnr)["HaendelserUng"]
    return {event["HaendelseNummer"]: event for ung in found for event in ung["HaendelseKontaktTilbudstid"]}


def test_a_contact_time_does_not_name_the_afbrud_that_the_25th_birthday_hides(world: World, endpoint: Endpoint) -> None:
    """F143: broken off at 17; at 24 the contact time names its afbrud, at 25 no longer."""
    cprnr = "7108015123"
    world.person(cprnr)
    world.clock("2019-06-10T08:00:00")
    left = send(endpoint, FORBEREDENDE_AKTIVITET, cprnr, "2019-06-10", **LEFT)
    time = {"Type": "Kontakttid", "AfbrudHaendelseNummer": left, "Status": None}
    world.clock("2026-08-10T08:00:00")
    before = send(endpoint, KONTAKT_TILBUDSTID, cprnr, "2026-08-10", **time)
    assert contact_times(endpoint, cprnr)[before]["AfbrudHaendelseNummer"] == left
    world.clock("2026-08-11T08:00:00")
    refused = endpoint.report(KONTAKT_TILBUDSTID, report_of(KONTAKT_TILBUDSTID, cprnr, "2026-08-11", **time))
    assert codes(refused) == {"7006"}, "an afbrud that the look-up hides is none to the kommune"
    assert contact_times(endpoint, cprnr) == {}, "the contact time of the day before the birthday is hidden itself"


# A5: from the 25th birthday, a completed erhvervskompetencegivende education ------------------------------------------


@pytest.fixture
def grown(world: World) -> str:
    world.person(GROWN)
    return GROWN


def test_over_25_only_until_a_competence_giving_education_is_completed(endpoint: Endpoint, grown: str) -> None:
    """F152: an event before, one of and one after the completion."""
    before = send(endpoint, FORBEREDENDE_AKTIVITET, grown, "2025-08-01")
    begun = send(endpoint, UNGDOMSUDDANNELSE, grown, "2025-08-02", **EUD)
    assert feed(endpoint) == look_up(endpoint, grown) == [before, begun]
    done = send(endpoint, UNGDOMSUDDANNELSE, grown, "2026-06-30", **EUD, **DONE)
    send(endpoint, KOMMUNE_AKTIVITET, grown, "2026-08-01", KommuneAktivitetsKode="K51")
    assert feed(endpoint) == look_up(endpoint, grown) == numbers(endpoint.fetch(KOMMUNE)) == [before, begun, done]
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=grown)["HaendelserUng"]
    assert ung["AfsluttetUddannelsesNiveau"] == "Erhvervskompetencegivende uddannelse"


def test_later_on_the_day_of_the_completion_itself_goes_by_number(endpoint: Endpoint, grown: str) -> None:
    """F152: edge."""
    same_day = send(endpoint, FORBEREDENDE_AKTIVITET, grown, "2026-06-30")
    done = send(endpoint, VIDEREGAAENDE, grown, "2026-06-30", **DONE)
    send(endpoint, UNGDOMSUDDANNELSE, grown, "2026-06-30", **HF)
    assert feed(endpoint) == look_up(endpoint, grown) == [same_day, done]


def test_a_youth_education_alone_ends_nothing_over_25(endpoint: Endpoint, grown: str) -> None:
    """F152: an stx is not erhvervskompetencegivende."""
    sent = [
        send(endpoint, UNGDOMSUDDANNELSE, grown, "2026-06-30", **STX, **DONE),
        send(endpoint, KOMMUNE_AKTIVITET, grown, "2026-08-01", KommuneAktivitetsKode="K51"),
    ]
    assert feed(endpoint) == look_up(endpoint, grown) == sent


def test_what_was_completed_at_24_keeps_everything_back_from_the_birthday_on(world: World, endpoint: Endpoint) -> None:
    cprnr = "7108015123"
    world.person(cprnr)
    done = send(endpoint, UNGDOMSUDDANNELSE, cprnr, "2026-08-01", **EUD, **DONE)
    assert feed(endpoint) == [done]
    world.clock("2026-08-12T08:00:00")
    later = send(endpoint, UNGDOMSUDDANNELSE, cprnr, "2026-08-12", **HF)
    assert feed(endpoint) == look_up(endpoint, cprnr) == numbers(endpoint.fetch(KOMMUNE)) == []
    gone = cancel(endpoint, UNGDOMSUDDANNELSE, cprnr, done, **EUD)
    assert numbers(endpoint.fetch(KOMMUNE)) == [later]
    assert feed(endpoint) == [gone, later], "the report was fetched by number"


# A6: under 25, a completed youth or higher education ------------------------------------------------------------------


@pytest.fixture
def young(world: World) -> str:
    world.person(YOUNG)
    return YOUNG


def test_a_broken_off_course_an_stx_and_what_came_later(endpoint: Endpoint, young: str) -> None:
    """F151, F204: the look-up shows the first two, the feed the stx alone, and neither shows what came later."""
    broken = [
        send(endpoint, UNGDOMSUDDANNELSE, young, "2023-08-01", **HF),
        send(endpoint, UNGDOMSUDDANNELSE, young, "2023-10-01", **HF, **LEFT),
    ]
    stx = [
        send(endpoint, UNGDOMSUDDANNELSE, young, "2023-11-01", **STX),
        send(endpoint, UNGDOMSUDDANNELSE, young, "2026-06-25", **STX, **DONE),
    ]
    send(endpoint, KOMMUNE_AKTIVITET, young, "2026-08-01", KommuneAktivitetsKode="K51")
    assert look_up(endpoint, young) == broken + stx
    assert feed(endpoint) == numbers(endpoint.fetch(KOMMUNE)) == stx
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=young)["HaendelserUng"]
    assert ung["AfsluttetUddannelsesNiveau"] == "Ungdomsuddannelse"


def test_each_completed_course_when_there_are_several(endpoint: Endpoint, young: str) -> None:
    """F151: also the one completed later."""
    stx = send(endpoint, UNGDOMSUDDANNELSE, young, "2025-06-25", **STX, **DONE)
    higher = [
        send(endpoint, VIDEREGAAENDE, young, "2025-09-01", STADSKode="9301"),
        send(endpoint, VIDEREGAAENDE, young, "2026-06-30", STADSKode="9301", **DONE),
    ]
    begun = send(endpoint, VIDEREGAAENDE, young, "2026-08-01", STADSKode="9302")
    assert feed(endpoint) == look_up(endpoint, young) == [stx, *higher]
    send(endpoint, VIDEREGAAENDE, young, "2026-08-09", STADSKode="9302", **DONE)
    assert begun in feed(endpoint)


def test_at_the_25th_birthday_the_feed_gives_what_the_youth_education_kept_back(
    world: World, endpoint: Endpoint
) -> None:
    """F152: an stx keeps a later optag from the feed until the birthday, and is itself hidden from it on."""
    cprnr = "7108015123"
    world.person(cprnr)
    done = send(endpoint, UNGDOMSUDDANNELSE, cprnr, "2026-06-25", **STX, **DONE)
    begun = send(endpoint, VIDEREGAAENDE, cprnr, "2026-09-01")
    assert numbers(endpoint.fetch(KOMMUNE)) == [done]
    world.clock("2026-08-10T23:59:00")
    assert numbers(endpoint.fetch(KOMMUNE)) == []
    world.clock("2026-08-11T00:00:00")
    assert numbers(endpoint.fetch(KOMMUNE)) == feed(endpoint) == look_up(endpoint, cprnr) == [begun]
    assert numbers(endpoint.fetch(KOMMUNE)) == []


@pytest.mark.parametrize(("passed", "shown"), [(True, 1), (False, 2), (None, 2)])
def test_an_hf_completes_only_as_a_whole(endpoint: Endpoint, young: str, *, passed: bool | None, shown: int) -> None:
    """F151: with GennemfoertHf true."""
    send(endpoint, FORBEREDENDE_AKTIVITET, young, "2023-08-01")
    send(endpoint, UNGDOMSUDDANNELSE, young, "2026-06-25", **HF, **DONE, GennemfoertHf=passed)
    assert len(feed(endpoint)) == shown


def test_a_cancelled_completion_gives_back_what_it_kept_from_the_feed(endpoint: Endpoint, young: str) -> None:
    """F151: what becomes visible is new; what was sent is not sent again."""
    begun = send(endpoint, UNGDOMSUDDANNELSE, young, "2023-11-01", **STX)
    done = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-06-25", **STX, **DONE)
    later = send(endpoint, KOMMUNE_AKTIVITET, young, "2026-08-01", KommuneAktivitetsKode="K51")
    assert numbers(endpoint.fetch(KOMMUNE)) == [begun, done]
    gone = cancel(endpoint, UNGDOMSUDDANNELSE, young, done)
    assert sorted(numbers(endpoint.fetch(KOMMUNE))) == [later, gone]


def test_a_completion_withholds_no_cancellation_from_who_fetched_the_report(endpoint: Endpoint, young: str) -> None:
    """F151: contract 5.1; a kommune that did not fetch the report does not get the cancellation."""
    left = send(endpoint, FORBEREDENDE_AKTIVITET, young, "2023-08-01")
    assert feed(endpoint) == [left]
    done = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-06-25", **STX, **DONE)
    unseen = send(endpoint, FORBEREDENDE_AKTIVITET, young, "2023-09-01", ElevTrin=9, KlasseTrin=9)
    gone = cancel(endpoint, FORBEREDENDE_AKTIVITET, young, left)
    cancel(endpoint, FORBEREDENDE_AKTIVITET, young, unseen)
    assert sorted(feed(endpoint)) == [done, gone]


# A6: a gennemført in doubt --------------------------------------------------------------------------------------------


@pytest.fixture
def pupil(world: World) -> str:
    world.person(PUPIL)
    return PUPIL


def test_a_gennemfoert_of_a_strange_school_hides_no_afbrud_of_a_pupil(endpoint: Endpoint, pupil: str) -> None:
    """A6: under 18 and without any optag at that school it completes nothing in feed and look-up, but the level."""
    optag = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-08-01", **HF)
    strange = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-06-25", **EUD, **DONE)
    left = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-08-08", **HF, **LEFT)
    # By HaendelseDato, as an answer has them.
    assert numbers(endpoint.fetch(KOMMUNE)) == feed(endpoint) == look_up(endpoint, pupil) == [strange, optag, left]
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=pupil)["HaendelserUng"]
    assert ung["AfsluttetUddannelsesNiveau"] == "Erhvervskompetencegivende uddannelse"


def test_an_optag_at_that_school_makes_it_complete(world: World, endpoint: Endpoint, pupil: str) -> None:
    """A6: any optag at that main institution; cancelled, it leaves the completion in doubt again."""
    department = "484002"
    world.institution(department, type3="1071", hovedinstitution=EUD_SCHOOL)
    before = send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2025-08-01")
    done = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-06-25", **EUD, **DONE)
    assert feed(endpoint) == [before, done]
    for fields, shown in ((HF, False), (EUD, True)):
        at_department = {**fields, "InstitutionNummer": department}
        optag = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2025-08-02", **at_department)
        assert feed(endpoint) == ([optag, done] if shown else [done])
        cancel(endpoint, UNGDOMSUDDANNELSE, pupil, optag, **at_department)
        assert {before, done} <= set(feed(endpoint))


def test_what_comes_in_doubt_gives_back_to_the_feed_what_it_kept(endpoint: Endpoint, pupil: str) -> None:
    """A6: the optag that made it complete is cancelled, so what it hid is new without criterion."""
    at_school = {"Uddannelse": HF["Uddannelse"], "InstitutionNummer": EUD_SCHOOL}
    optag = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2025-08-02", **at_school)
    done = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-06-25", **EUD, **DONE)
    left = send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-01", **LEFT)
    assert numbers(endpoint.fetch(KOMMUNE)) == [done]
    cancel(endpoint, UNGDOMSUDDANNELSE, pupil, optag, **at_school)
    assert numbers(endpoint.fetch(KOMMUNE)) == [left]


def test_an_optag_at_another_school_or_of_the_kommune_does_not(endpoint: Endpoint, pupil: str) -> None:
    sent = [
        send(endpoint, UNGDOMSUDDANNELSE, pupil, "2025-08-01", **STX),
        send(endpoint, KOMMUNE_AKTIVITET, pupil, "2025-08-02", KommuneAktivitetsKode="K51"),
    ]
    done = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-06-25", **EUD, **DONE)
    assert feed(endpoint) == [*sent, done]


def test_a_risk_that_opened_the_forloeb_counts_as_its_optag(endpoint: Endpoint, pupil: str) -> None:
    risk = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-06-01", **EUD, FrafaldstruetMarkering=True)
    send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-08-01", **HF)
    done = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-06-25", **EUD, **DONE)
    assert feed(endpoint) == [risk, done]


@pytest.mark.parametrize(("day", "doubted"), [("2028-03-10", True), ("2028-03-11", False)])
def test_from_the_18th_birthday_on_the_letter_holds(
    world: World, endpoint: Endpoint, pupil: str, *, day: str, doubted: bool
) -> None:
    """A6: the age on the date of the gennemført counts, whatever day it is reported or fetched (born 11 March 2010)."""
    world.clock("2028-06-10T08:00:00")
    optag = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2028-01-01", **HF)
    done = send(endpoint, UNGDOMSUDDANNELSE, pupil, day, **EUD, **DONE)
    assert feed(endpoint) == ([optag, done] if doubted else [done])
    world.clock("2030-06-10T08:00:00")
    assert feed(endpoint) == ([optag, done] if doubted else [done])


def test_over_25_a_gennemfoert_of_a_child_ends_what_is_sent_as_v_5_has_it(world: World, endpoint: Endpoint) -> None:
    """A5: the letter holds, and the level follows it."""
    world.person(PUPIL)
    send(endpoint, UNGDOMSUDDANNELSE, PUPIL, "2026-06-25", **EUD, **DONE)
    world.clock("2036-03-11T08:00:00")
    later = send(endpoint, UNGDOMSUDDANNELSE, PUPIL, "2036-03-11", **HF)
    assert later not in feed(endpoint)
    assert look_up(endpoint, PUPIL) == []


# A9: practice places --------------------------------------------------------------------------------------------------


def test_a_practice_place_reported_after_the_optag_is_never_shown(endpoint: Endpoint, young: str) -> None:
    """F031: an event that has no other news is not shown at all; an event with other news is shown without it."""
    first = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD)
    send(endpoint, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD, Praktiksted="Tømrer Hansen")
    other = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD, Praktiksted="Tømrer Jensen", Speciale="Gulv")
    left = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-08-09", **EUD, **LEFT, Praktiksted="Tømrer Hansen")
    for answer in (
        endpoint.fetch(KOMMUNE, HaendelseNummer=START),
        endpoint.fetch(KOMMUNE),
        endpoint.fetch(KOMMUNE, CPRNr=young),
    ):
        assert numbers(answer) == [first, other, left]
        assert "Tømrer" not in str(answer)


def test_a_late_practice_place_is_judged_by_what_stands_at_the_fetch(endpoint: Endpoint, young: str) -> None:
    """F031: when the report before it is cancelled, the event opens its forløb, with its practice place."""
    first = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD)
    late = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD, Praktiksted="Tømrer Hansen")
    assert numbers(endpoint.fetch(KOMMUNE)) == [first]
    gone = cancel(endpoint, UNGDOMSUDDANNELSE, young, first, **EUD)
    answer = endpoint.fetch(KOMMUNE)
    shown, cancelled = sorted(education_events(answer), key=lambda event: str(event["HaendelseNummer"]))
    assert (shown["HaendelseNummer"], shown["Praktiksted"]) == (late, "Tømrer Hansen")
    assert (cancelled["HaendelseNummer"], cancelled["AnnulleretHaendelseNummer"]) == (gone, first)


def test_that_the_hf_is_not_completed_is_no_news_beside_a_late_practice_place(endpoint: Endpoint, young: str) -> None:
    """F031: an absent mark means false, as in rule 5002."""
    first = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD)
    send(endpoint, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD, Praktiksted="Tømrer Hansen", GennemfoertHf=False)
    assert feed(endpoint) == look_up(endpoint, young) == [first]


def test_what_was_given_before_its_practice_place_came_too_late_is_cancelled_too(
    endpoint: Endpoint, young: str
) -> None:
    """F031: broken off before it began and begun again on the same day; then the afbrud is cancelled."""
    first = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD)
    left = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-07-30", **EUD, **LEFT | {"AfbrudsarsagsKode": "1"})
    again = send(endpoint, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD, Praktiksted="Tømrer Hansen")
    assert sorted(numbers(endpoint.fetch(KOMMUNE))) == [first, left, again]
    gone = [cancel(endpoint, UNGDOMSUDDANNELSE, young, left, **EUD)]
    assert look_up(endpoint, young) == [first], "a late practice place is all that is new in it"
    gone.append(cancel(endpoint, UNGDOMSUDDANNELSE, young, again, **EUD))
    assert sorted(numbers(endpoint.fetch(KOMMUNE))) == gone
    assert sorted(feed(endpoint)) == [first, *gone]
