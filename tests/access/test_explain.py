"""The explanation of an event agrees with the feed and the look-up, and names the clauses that decided."""

from datetime import date

from sqlalchemy import Engine, select

from tests.support.endpoint import Endpoint
from tests.support.fetches import numbers
from tests.support.reports import ANNA, GRADE_10, UNGDOM, optag
from tests.support.world import KOMMUNE, OTHER_KOMMUNE, World
from tests.support.world import STAR as STAR_NUMMER
from udb.access import clauses
from udb.access.explain import CANCELS_FETCHED, FEED, LOOK_UP, Decision, Explained, explain
from udb.access.reasons import GIVES, withholds
from udb.domain.services import FORBEREDENDE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.hentning.deliveries import recipient
from udb.imports.institutioner import STAR
from udb.imports.kodesaet import load_shipped
from udb.sandbox.seed import Parameters, seed
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.persons import institutions
from udb.store.tables import haendelse, person


def explained(world: World, person_id: int, kommune: str = KOMMUNE) -> dict[str, Explained]:
    """Return the explanations by the event's number."""
    with reading(world.engine) as connection:
        caller = recipient(institutions(connection)[kommune], state.now(connection).date())
        return {one.nummer: one for one in explain(connection, person_id, caller).haendelser}


def decisions(world: World, person_id: int, nummer: str, kommune: str = KOMMUNE) -> tuple[Decision, Decision]:
    one = explained(world, person_id, kommune)[nummer]
    return one.feed, one.opslag


def yes(*clauses: str) -> Decision:
    return Decision(sees=True, clauses=clauses)


def no(*clauses: str) -> Decision:
    return Decision(sees=False, clauses=clauses)


def test_the_home_kommune_sees_in_both_modes_and_another_in_none(world: World, endpoint: Endpoint) -> None:
    anna = world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    assert decisions(world, anna, sent) == (yes("A1"), yes("A1"))
    assert decisions(world, anna, sent, OTHER_KOMMUNE) == (no("A1", "A2"), no("A1"))


def test_the_school_kommune_sees_in_the_feed_alone(world: World, endpoint: Endpoint) -> None:
    anna = world.person(ANNA, kommune="751")
    receipt = endpoint.report(FORBEREDENDE_AKTIVITET, GRADE_10)
    assert receipt["Resultat"] == "Accepteret", receipt
    assert decisions(world, anna, receipt["HaendelseNummer"]) == (yes("A2"), no("A1"))
    assert decisions(world, anna, receipt["HaendelseNummer"], OTHER_KOMMUNE) == (yes("A1"), yes("A1"))


def test_from_the_25th_birthday_a4_decides_and_from_the_30th_a3(world: World, endpoint: Endpoint) -> None:
    cprnr = "7508015104"
    born_2001 = world.person(cprnr)
    sent = optag(endpoint, cprnr, 14)
    world.clock("2026-08-15T08:00:00")
    assert decisions(world, born_2001, sent) == (no("A4"), no("A4"))
    world.clock("2031-08-15T08:00:00")
    assert decisions(world, born_2001, sent) == (no("A3", "A4"), no("A3", "A4"))


def test_under_25_with_a_completed_education_a6_decides_and_the_modes_differ(world: World, endpoint: Endpoint) -> None:
    anna = world.person(ANNA)
    other = optag(endpoint, ANNA, 7, Uddannelse={"COsAFormaal": "3009", "COsAFormaalVersion": 1})
    hf = optag(endpoint, ANNA, 8)
    done = optag(endpoint, ANNA, 10, Status=3, GennemfoertHf=True)
    assert decisions(world, anna, other) == (no("A6"), yes("A1"))
    assert decisions(world, anna, hf) == decisions(world, anna, done) == (yes("A1"), yes("A1"))


def test_a_cancelled_report_is_withheld_by_a7_and_its_cancellation_in_the_look_up(
    world: World, endpoint: Endpoint
) -> None:
    anna = world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    cancel = {**UNGDOM, "CPRNr": ANNA, "Annullering": True, "HaendelseNummer": sent}
    cancelled = endpoint.report(UNGDOMSUDDANNELSE, cancel)["HaendelseNummer"]
    assert decisions(world, anna, sent) == (no("A7"), no("A7"))
    assert decisions(world, anna, cancelled) == (yes("A1"), no("A7"))


def test_a_cancellation_of_what_was_fetched_is_shown_in_spite_of_a4(world: World, endpoint: Endpoint) -> None:
    cprnr = "7508015104"
    one = world.person(cprnr)
    sent = optag(endpoint, cprnr, 10)
    assert explained(world, one)[sent].hentet is None
    endpoint.fetch(KOMMUNE)
    assert explained(world, one)[sent].hentet is not None
    world.clock("2026-08-15T00:00:00")
    cancel = {**UNGDOM, "CPRNr": cprnr, "Annullering": True, "HaendelseNummer": sent}
    cancelled = endpoint.report(UNGDOMSUDDANNELSE, cancel)["HaendelseNummer"]
    assert decisions(world, one, cancelled)[0] == yes("A1", CANCELS_FETCHED)
    assert numbers(endpoint.fetch(KOMMUNE)) == [cancelled]


def test_an_event_was_fetched_by_the_clock_of_the_events_the_first_time(world: World, endpoint: Endpoint) -> None:
    """V 7, also when the sandbox's clock was set back before another system of the kommune fetched it."""
    anna = world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    world.system("anden", "en-anden-noegle-helt", KOMMUNE)
    world.clock("2026-10-25T02:40:00+02:00")
    endpoint.fetch(KOMMUNE)
    world.clock("2026-10-24T12:00:00+02:00")
    Endpoint(endpoint.app, system="anden", key="en-anden-noegle-helt").fetch(KOMMUNE)
    first = explained(world, anna)[sent].hentet
    assert first is not None
    assert first.isoformat(timespec="minutes") == "2026-10-25T02:40+02:00"


def test_a_practice_place_alone_is_withheld_by_a9(world: World, endpoint: Endpoint) -> None:
    anna = world.person(ANNA)
    optag(endpoint, ANNA, 10)
    late = optag(endpoint, ANNA, 10, Praktiksted="Smeden")
    assert decisions(world, anna, late) == (no("A9"), no("A9"))


def test_dfdg_sees_by_subscription(world: World, endpoint: Endpoint) -> None:
    anna = world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)
    world.institution(STAR_NUMMER, type3=STAR)
    assert decisions(world, anna, sent, STAR_NUMMER)[0] == no("A10")
    world.subscribe(anna)
    assert decisions(world, anna, sent, STAR_NUMMER)[0] == yes("A10")


def test_every_clause_has_a_sentence_for_either_answer_in_both_languages() -> None:
    born = date(2001, 8, 15)
    given = [GIVES[clause] for clause in ("A1", "A2", "A10", CANCELS_FETCHED)]
    withheld = [
        withholds(clause, mode=mode, turns_25=born.replace(year=2026), annullering=annullering)
        for clause in ("A1", "A2", "A3", "A4", "A5", "A6", "A7", "A9", "A10")
        for mode in (FEED, LOOK_UP)
        for annullering in (False, True)
    ]
    assert all(text.da.endswith(".") and text.en.endswith(".") and text.da != text.en for text in (*given, *withheld))
    assert not set(given) & set(withheld)
    assert {text.da for text in withheld} >= {
        "Den unge bor ikke i kommunen i dag.",
        "Den unge er fyldt 25 år: hændelser dateret før 25-års-dagen den 2026-08-15 vises ikke.",
        "Hændelsen er en annullering, og et opslag viser kun det, der gælder.",
    }


def test_the_explanation_of_a_whole_world_is_what_the_queries_give(engine: Engine) -> None:
    """Every withheld event has a clause that withholds it, and every shown event a clause that allows it."""
    with writing(engine) as connection:
        load_shipped(connection)
    today = date(2026, 8, 10)
    seed(engine, Parameters(300, 1, today), lambda *_: None)
    withheld: set[str] = set()
    with reading(engine) as connection:
        callers = [clauses.Recipient("281111", today, "101"), clauses.Recipient("281191", today, "751")]
        for caller in callers:
            shown: dict[str, set[str]] = {"feed": set(), "opslag": set()}
            for person_id in connection.execute(select(person.c.id)).scalars().all():
                for one in explain(connection, person_id, caller).haendelser:
                    for mode, decision in (("feed", one.feed), ("opslag", one.opslag)):
                        assert decision.clauses
                        if decision.sees:
                            shown[mode].add(one.nummer)
                            assert set(decision.clauses) <= {"A1", "A2"}
                        else:
                            withheld.update(decision.clauses)
            for mode, condition in (("feed", clauses.feed_events(caller)), ("opslag", clauses.look_up_events(caller))):
                given = select(haendelse.c.nummer).select_from(clauses.TABLES).where(condition)
                assert shown[mode] == set(connection.execute(given).scalars()) != set()
    assert withheld >= {"A1", "A2", "A3", "A4", "A6", "A7"}
