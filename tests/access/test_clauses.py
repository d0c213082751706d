"""What is told of an event, clause by clause (access.md A4-A6, A9): the vejledning's own examples and edges."""

import pytest

from tests.access.clauses import DONE, EUD, GROWN, HF, LEFT, STX, YOUNG, cancel, education_events, feed, look_up, send
from tests.support.endpoint import Door
from tests.support.fetches import START, numbers
from tests.support.world import KOMMUNE, World
from udb.domain.services import (
    FORBEREDENDE_AKTIVITET,
    KOMMUNE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)

# A4: from the 25th birthday -------------------------------------------------------------------------------------------


def test_a_contact_time_does_not_name_the_afbrud_that_the_25th_birthday_hides(world: World, door: Door) -> None:
    """F143: broken off at 17; at 24 the contact time tells whose it is, at 25 not any more."""
    cprnr = "7108015123"
    world.person(cprnr)
    world.clock("2019-06-10T08:00:00")
    left = send(door, FORBEREDENDE_AKTIVITET, cprnr, "2019-06-10", **LEFT)
    times = {}
    for day, named in (("2026-08-10", left), ("2026-08-11", None)):
        world.clock(f"{day}T08:00:00")
        time = {"Type": "Kontakttid", "AfbrudHaendelseNummer": left}
        times[send(door, KONTAKT_TILBUDSTID, cprnr, day, Status=None, **time)] = named
        (ung,) = door.fetch(KOMMUNE, CPRNr=cprnr)["HaendelserUng"]
        told = {event["HaendelseNummer"]: event for event in ung["HaendelseKontaktTilbudstid"]}
        assert told[max(times)]["AfbrudHaendelseNummer"] == named
    assert list(told) == [max(times)], "the contact time of the day before the birthday is hidden itself"


# A5: from the 25th birthday, a completed erhvervskompetencegivende education ------------------------------------------


@pytest.fixture
def grown(world: World) -> str:
    world.person(GROWN)
    return GROWN


def test_over_25_only_until_a_competence_giving_education_is_completed(door: Door, grown: str) -> None:
    """F152: an event before, of and after the completion."""
    before = send(door, FORBEREDENDE_AKTIVITET, grown, "2025-08-01")
    begun = send(door, UNGDOMSUDDANNELSE, grown, "2025-08-02", **EUD)
    assert feed(door) == look_up(door, grown) == [before, begun]
    done = send(door, UNGDOMSUDDANNELSE, grown, "2026-06-30", **EUD, **DONE)
    send(door, KOMMUNE_AKTIVITET, grown, "2026-08-01", KommuneAktivitetsKode="K51")
    assert feed(door) == look_up(door, grown) == numbers(door.fetch(KOMMUNE)) == [before, begun, done]
    (ung,) = door.fetch(KOMMUNE, CPRNr=grown)["HaendelserUng"]
    assert ung["AfsluttetUddannelsesNiveau"] == "Erhvervskompetencegivende uddannelse"


def test_later_on_the_day_of_the_completion_itself_goes_by_number(door: Door, grown: str) -> None:
    """F152: edge."""
    same_day = send(door, FORBEREDENDE_AKTIVITET, grown, "2026-06-30")
    done = send(door, VIDEREGAAENDE, grown, "2026-06-30", **DONE)
    send(door, UNGDOMSUDDANNELSE, grown, "2026-06-30", **HF)
    assert feed(door) == look_up(door, grown) == [same_day, done]


def test_a_youth_education_alone_ends_nothing_over_25(door: Door, grown: str) -> None:
    """F152: an stx is not erhvervskompetencegivende."""
    sent = [
        send(door, UNGDOMSUDDANNELSE, grown, "2026-06-30", **STX, **DONE),
        send(door, KOMMUNE_AKTIVITET, grown, "2026-08-01", KommuneAktivitetsKode="K51"),
    ]
    assert feed(door) == look_up(door, grown) == sent


def test_what_was_completed_at_24_keeps_everything_back_from_the_birthday_on(world: World, door: Door) -> None:
    cprnr = "7108015123"
    world.person(cprnr)
    done = send(door, UNGDOMSUDDANNELSE, cprnr, "2026-08-01", **EUD, **DONE)
    assert feed(door) == [done]
    world.clock("2026-08-12T08:00:00")
    later = send(door, UNGDOMSUDDANNELSE, cprnr, "2026-08-12", **HF)
    assert feed(door) == look_up(door, cprnr) == numbers(door.fetch(KOMMUNE)) == []
    gone = cancel(door, UNGDOMSUDDANNELSE, cprnr, done, **EUD)
    assert numbers(door.fetch(KOMMUNE)) == [later]
    assert feed(door) == [gone, later], "the report was fetched by number"


# A6: under 25, a completed youth or higher education ------------------------------------------------------------------


@pytest.fixture
def young(world: World) -> str:
    world.person(YOUNG)
    return YOUNG


def test_a_broken_off_course_an_stx_and_what_came_later(door: Door, young: str) -> None:
    """F151, F204: the look-up shows the first two, the feed the stx alone, and neither shows what came later."""
    broken = [
        send(door, UNGDOMSUDDANNELSE, young, "2023-08-01", **HF),
        send(door, UNGDOMSUDDANNELSE, young, "2023-10-01", **HF, **LEFT),
    ]
    stx = [
        send(door, UNGDOMSUDDANNELSE, young, "2023-11-01", **STX),
        send(door, UNGDOMSUDDANNELSE, young, "2026-06-25", **STX, **DONE),
    ]
    send(door, KOMMUNE_AKTIVITET, young, "2026-08-01", KommuneAktivitetsKode="K51")
    assert look_up(door, young) == broken + stx
    assert feed(door) == numbers(door.fetch(KOMMUNE)) == stx
    (ung,) = door.fetch(KOMMUNE, CPRNr=young)["HaendelserUng"]
    assert ung["AfsluttetUddannelsesNiveau"] == "Ungdomsuddannelse"


def test_each_completed_course_when_there_are_several(door: Door, young: str) -> None:
    """F151: also the one completed later."""
    stx = send(door, UNGDOMSUDDANNELSE, young, "2025-06-25", **STX, **DONE)
    higher = [
        send(door, VIDEREGAAENDE, young, "2025-09-01", STADSKode="9301"),
        send(door, VIDEREGAAENDE, young, "2026-06-30", STADSKode="9301", **DONE),
    ]
    begun = send(door, VIDEREGAAENDE, young, "2026-08-01", STADSKode="9302")
    assert feed(door) == look_up(door, young) == [stx, *higher]
    send(door, VIDEREGAAENDE, young, "2026-08-09", STADSKode="9302", **DONE)
    assert begun in feed(door)


def test_at_the_25th_birthday_the_feed_gives_what_the_youth_education_kept_back(world: World, door: Door) -> None:
    """F152: an stx keeps a later optag from the feed until the birthday, and is itself hidden from it on."""
    cprnr = "7108015123"
    world.person(cprnr)
    done = send(door, UNGDOMSUDDANNELSE, cprnr, "2026-06-25", **STX, **DONE)
    begun = send(door, VIDEREGAAENDE, cprnr, "2026-09-01")
    assert numbers(door.fetch(KOMMUNE)) == [done]
    world.clock("2026-08-10T23:59:00")
    assert numbers(door.fetch(KOMMUNE)) == []
    world.clock("2026-08-11T00:00:00")
    assert numbers(door.fetch(KOMMUNE)) == feed(door) == look_up(door, cprnr) == [begun]
    assert numbers(door.fetch(KOMMUNE)) == []


@pytest.mark.parametrize(("passed", "shown"), [(True, 1), (False, 2), (None, 2)])
def test_an_hf_completes_only_as_a_whole(door: Door, young: str, *, passed: bool | None, shown: int) -> None:
    """F151: with GennemfoertHf true."""
    send(door, FORBEREDENDE_AKTIVITET, young, "2023-08-01")
    send(door, UNGDOMSUDDANNELSE, young, "2026-06-25", **HF, **DONE, GennemfoertHf=passed)
    assert len(feed(door)) == shown


def test_a_cancelled_completion_gives_back_what_it_kept_from_the_feed(door: Door, young: str) -> None:
    """F151: what becomes visible is new; what was given is not given again."""
    begun = send(door, UNGDOMSUDDANNELSE, young, "2023-11-01", **STX)
    done = send(door, UNGDOMSUDDANNELSE, young, "2026-06-25", **STX, **DONE)
    later = send(door, KOMMUNE_AKTIVITET, young, "2026-08-01", KommuneAktivitetsKode="K51")
    assert numbers(door.fetch(KOMMUNE)) == [begun, done]
    gone = cancel(door, UNGDOMSUDDANNELSE, young, done)
    assert sorted(numbers(door.fetch(KOMMUNE))) == [later, gone]


def test_a_completion_withholds_no_cancellation_from_who_fetched_the_report(door: Door, young: str) -> None:
    """F151: contract 5.1; a kommune that did not fetch the report is not told."""
    left = send(door, FORBEREDENDE_AKTIVITET, young, "2023-08-01")
    assert feed(door) == [left]
    done = send(door, UNGDOMSUDDANNELSE, young, "2026-06-25", **STX, **DONE)
    unseen = send(door, FORBEREDENDE_AKTIVITET, young, "2023-09-01", ElevTrin=9, KlasseTrin=9)
    gone = cancel(door, FORBEREDENDE_AKTIVITET, young, left)
    cancel(door, FORBEREDENDE_AKTIVITET, young, unseen)
    assert sorted(feed(door)) == [done, gone]


# A9: practice places --------------------------------------------------------------------------------------------------


def test_a_practice_place_reported_after_the_optag_is_never_shown(door: Door, young: str) -> None:
    """F031: the event of which it is the only news is not shown at all; another is shown without it."""
    first = send(door, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD)
    send(door, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD, Praktiksted="Tømrer Hansen")
    other = send(door, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD, Praktiksted="Tømrer Jensen", Speciale="Gulv")
    left = send(door, UNGDOMSUDDANNELSE, young, "2026-08-09", **EUD, **LEFT, Praktiksted="Tømrer Hansen")
    for answer in (door.fetch(KOMMUNE, HaendelseNummer=START), door.fetch(KOMMUNE), door.fetch(KOMMUNE, CPRNr=young)):
        assert numbers(answer) == [first, other, left]
        assert "Tømrer" not in str(answer)


def test_a_late_practice_place_is_judged_by_what_stands_at_the_fetch(door: Door, young: str) -> None:
    """F031: when the report before it is cancelled, the event opens its forløb, with its practice place."""
    first = send(door, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD)
    late = send(door, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD, Praktiksted="Tømrer Hansen")
    assert numbers(door.fetch(KOMMUNE)) == [first]
    gone = cancel(door, UNGDOMSUDDANNELSE, young, first, **EUD)
    answer = door.fetch(KOMMUNE)
    shown, cancelled = sorted(education_events(answer), key=lambda event: str(event["HaendelseNummer"]))
    assert (shown["HaendelseNummer"], shown["Praktiksted"]) == (late, "Tømrer Hansen")
    assert (cancelled["HaendelseNummer"], cancelled["AnnulleretHaendelseNummer"]) == (gone, first)


def test_that_the_hf_is_not_completed_is_no_news_beside_a_late_practice_place(door: Door, young: str) -> None:
    """F031: an absent mark says false, as in rule 5002."""
    first = send(door, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD)
    send(door, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD, Praktiksted="Tømrer Hansen", GennemfoertHf=False)
    assert feed(door) == look_up(door, young) == [first]


def test_what_was_given_before_its_practice_place_came_too_late_is_cancelled_too(door: Door, young: str) -> None:
    """F031: broken off before it began and begun again on the same day; then the afbrud is cancelled."""
    first = send(door, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD)
    left = send(door, UNGDOMSUDDANNELSE, young, "2026-07-30", **EUD, **LEFT | {"AfbrudsarsagsKode": "1"})
    again = send(door, UNGDOMSUDDANNELSE, young, "2026-08-01", **EUD, Praktiksted="Tømrer Hansen")
    assert sorted(numbers(door.fetch(KOMMUNE))) == [first, left, again]
    gone = [cancel(door, UNGDOMSUDDANNELSE, young, left, **EUD)]
    assert look_up(door, young) == [first], "a late practice place is all that is new in it"
    gone.append(cancel(door, UNGDOMSUDDANNELSE, young, again, **EUD))
    assert sorted(numbers(door.fetch(KOMMUNE))) == gone
    assert sorted(feed(door)) == [first, *gone]
