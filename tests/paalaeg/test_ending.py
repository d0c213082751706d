"""A subscription ends with the 30th birthday, with death and with emigration (F121). The job and the CPR import write
the end; until then every call is answered as if it had been written.
"""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.imports.csvs import cpr
from tests.support.clock import move, years
from tests.support.endpoint import Endpoint, codes
from tests.support.fetches import START
from tests.support.job_centre import CONTACT, dfdg, look_up, numbers, orders, subscription
from tests.support.reports import UNGDOM, accepted
from tests.support.rows import count
from tests.support.service import PATIENCE
from tests.support.world import GYMNASIUM, KOMMUNE, STAR, World
from udb.access.clauses import Recipient
from udb.access.explain import explain
from udb.domain.clock import system_time
from udb.domain.errors import ClockDisagrees
from udb.domain.identifiers import clock_number
from udb.domain.services import INSTITUTION_KONTAKT, JOBCENTER, UNGDOMSUDDANNELSE
from udb.imports.cpr import import_cpr
from udb.serve import paalaeg_watch
from udb.serve.paalaeg_watch import end_due, start_watch
from udb.settings import Settings
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.tables import abonnement, counter, haendelse, kontakt

CPRNR = "7103095123"
EVE, BIRTHDAY = "2039-03-10T23:59:30+01:00", "2039-03-11T00:00:00+01:00"
"""Born 11 March 2009."""


@pytest.fixture(autouse=True)
def subscribed(world: World, endpoint: Endpoint) -> None:
    """A youth with a subscription and the job centre's contact person."""
    world.institution(STAR, type3="STAR")
    world.person(CPRNR)
    accepted(endpoint.report(JOBCENTER, subscription("Opret", Kontaktperson=CONTACT)))


def stored(world: World) -> list[tuple[str, bool, str, str, str]]:
    """Return every event of an uddannelsespaalaeg: day, on or off, youth's number, institution and source."""
    columns = ("haendelse_dato", "har_uddannelsespaalaeg", "cprnr", "institution_nummer", "kilde_leverandoer")
    query = select(*(haendelse.c[name] for name in columns)).where(haendelse.c.art == "paalaeg")
    with reading(world.engine) as connection:
        return [(row[0].isoformat(), *row[1:]) for row in connection.execute(query.order_by(haendelse.c.nummer))]


def ended_on(world: World, day: str) -> bool:
    """Return whether the uddannelsespaalaeg ended on that day, once, and nothing of it is left."""
    left = [count(world.engine, table) for table in (abonnement, kontakt)]
    return stored(world) == [("2026-08-10", True, CPRNR, STAR, "DFDG"), (day, False, CPRNR, STAR, "DFDG")] and left == [
        0,
        0,
    ]


def job(world: World) -> None:
    assert end_due(world.engine) == 1
    assert end_due(world.engine) == 0


@pytest.mark.parametrize("ahead", [years(34), timedelta(days=2)])
def test_a_host_with_a_wrong_clock_ends_none(world: World, monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    with writing(world.engine) as connection:
        # Outside a sandbox: the last number was drawn a moment ago, and the clock is the machine's.
        state.write(connection, state.SANDBOX_CLOCK, None)
        connection.execute(update(counter).values(last=str(clock_number(system_time()))))
    move(monkeypatch, ahead)
    with pytest.raises(ClockDisagrees, match="ahead of"):
        end_due(world.engine)
    assert len(stored(world)) == count(world.engine, abonnement) == 1


def test_ten_seconds_at_2060_end_none(world: World, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(world.engine) as connection:
        state.write(connection, state.SANDBOX_CLOCK, None)
        connection.execute(update(counter).values(last=str(clock_number(system_time()))))
    tried = threading.Semaphore(0)

    def attempt(*given: Any) -> int:
        tried.release()
        return end_due(*given)

    monkeypatch.setattr(paalaeg_watch, "end_due", attempt)
    with monkeypatch.context() as wrong:
        move(wrong, years(34))
        stop = start_watch(Settings(database_url=database_url), every=0.01)
        assert all(tried.acquire(timeout=PATIENCE) for _ in range(3))
        stop()
    assert len(stored(world)) == count(world.engine, abonnement) == 1
    assert end_due(world.engine) == 0, "the clock is right again, and nothing is amiss"


def another_import(world: World) -> None:
    import_cpr(world.engine, cpr("6101051234;Test;01;101;;;"), invented_allowed=True)


@pytest.mark.parametrize("end", [job, another_import])
def test_the_30th_birthday_ends_it_with_that_date(
    world: World, endpoint: Endpoint, end: Callable[[World], None]
) -> None:
    world.clock(EVE)
    assert end_due(world.engine) == 0
    assert look_up(endpoint)["UngHarUddannelsespaalaeg"] is True
    world.clock("2039-03-15T08:00:00")
    end(world)
    assert ended_on(world, "2039-03-11")
    see_again = codes(endpoint.report(JOBCENTER, subscription("Afmeld")))
    assert (see_again, ended_on(world, "2039-03-11")) == ({"7013"}, True)


# Due to end, and the job has not run ----------------------------------------------------------------------------------


def turns_30(world: World) -> str:
    world.clock(BIRTHDAY)
    return "2039-03-11"


def dies(world: World) -> str:
    world.person(CPRNR, status="90")
    return "2039-03-10"


def emigrates(world: World) -> str:
    world.person(CPRNR, status="80")
    return "2039-03-10"


def educated(world: World, endpoint: Endpoint) -> int:
    """The youth begins an education on the eve of the 30th birthday; returns the person's id."""
    world.clock(EVE)
    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR, "HaendelseDato": "2039-03-10T00:00:00"}))
    return world.person(CPRNR)


Call = Callable[[Endpoint], Any]


def ask_institution(endpoint: Endpoint) -> Any:
    return endpoint.call(
        "DataTilInstitution", "HentUddannelsespaalaeg", {"InstitutionNummer": GYMNASIUM, "CPRNr": CPRNR}
    )


def whatever(answer: Any) -> dict[str, Any]:
    """Return the same answer for every reason."""
    return {why.__name__: answer for why in (turns_30, dies, emigrates)}


CALLS: dict[str, tuple[Call, Any, dict[str, Any]]] = {
    "Afmeld": (
        lambda endpoint: codes(endpoint.report(JOBCENTER, subscription("Afmeld"))),
        set(),
        whatever({"7013"}),
    ),
    "Ret": (
        lambda endpoint: codes(endpoint.report(JOBCENTER, subscription("Ret", Kontaktperson=CONTACT))),
        set(),
        {"turns_30": {"1006", "7013"}, "dies": {"1004", "7013"}, "emigrates": {"1004", "7013"}},
    ),
    "Opret": (
        lambda endpoint: codes(endpoint.report(JOBCENTER, subscription("Opret"))),
        {"7012"},
        {"turns_30": {"1006"}, "dies": {"1004"}, "emigrates": {"1004"}},
    ),
    "the institution's contact person": (
        lambda endpoint: codes(endpoint.report(INSTITUTION_KONTAKT, {**AT_GYMNASIUM, **CONTACT})) & {"7011"},
        set(),
        whatever({"7011"}),
    ),
    "HentUddannelsespaalaeg": (
        lambda endpoint: _said(ask_institution(endpoint)),
        (True, True, "Jytte Job"),
        whatever((False, False, None)),
    ),
    "the kommune's look-up": (
        lambda endpoint: _flag(endpoint.fetch(KOMMUNE, CPRNr=CPRNR)),
        (set(), [(True, "Jytte Job")]),
        whatever(({"8002"}, [])),
    ),
    "the kommune's feed": (
        lambda endpoint: _flag(endpoint.fetch(KOMMUNE, HaendelseNummer=START)),
        (set(), [(True, None)]),
        dict.fromkeys(("turns_30", "dies", "emigrates"), (set(), [])),
    ),
    "DFDG's feed": (
        lambda endpoint: len(numbers(dfdg(endpoint))),
        1,
        whatever(0),
    ),
    "DFDG's feed by number": (
        lambda endpoint: len(numbers(dfdg(endpoint, HaendelseNummer=START))),
        1,
        whatever(0),
    ),
}
"""By name: a call, its answer while the subscription is active, and its answer once the subscription is due to end."""
AT_GYMNASIUM = {"CPRNr": CPRNR, "InstitutionNummer": GYMNASIUM}


def _said(answer: Any) -> tuple[bool, bool, str | None]:
    contact = answer["JobcenterKontakt"]
    return answer["HarUddannelsespaalaeg"], answer["Siden"] is not None, contact and contact["KontaktNavn"]


def _flag(answer: Any) -> tuple[set[str], list[tuple[bool, str | None]]]:
    """Return the codes of a refusal, and the flag and the contact person of each youth."""
    contacts = [ung["JobcenterKontakt"] for ung in answer["HaendelserUng"]]
    flags = [ung["UngHarUddannelsespaalaeg"] for ung in answer["HaendelserUng"]]
    return codes(answer), [(flag, one and one["KontaktNavn"]) for flag, one in zip(flags, contacts, strict=True)]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("why", [turns_30, dies, emigrates])
def test_a_call_before_the_job_takes_it_for_ended_and_writes_nothing_of_it(
    world: World, endpoint: Endpoint, why: Callable[[World], str], name: str
) -> None:
    call, active, due = CALLS[name]
    educated(world, endpoint)
    if name != "Afmeld":
        assert call(endpoint) == active
    day = why(world)
    assert call(endpoint) == due[why.__name__]
    assert (len(stored(world)), count(world.engine, abonnement)) == (1, 1)
    job(world)
    assert call(endpoint) == due[why.__name__]
    assert stored(world) == [("2026-08-10", True, CPRNR, STAR, "DFDG"), (day, False, CPRNR, STAR, "DFDG")]


@pytest.mark.parametrize("why", [turns_30, dies, emigrates])
def test_the_access_policy_is_explained_as_it_is_applied_before_the_job(
    world: World, endpoint: Endpoint, why: Callable[[World], str]
) -> None:
    youth = educated(world, endpoint)
    assert _explained(world, youth) == {"paalaeg": False, "uddannelse": True}
    why(world)
    assert _explained(world, youth) == {"paalaeg": False, "uddannelse": False}


def _explained(world: World, youth: int) -> dict[str, bool]:
    """Return whether DFDG sees the youth's events of each kind in the feed, by ``udb access explain``."""
    with reading(world.engine) as connection:
        kinds = {row.nummer: row.art for row in connection.execute(select(haendelse.c.nummer, haendelse.c.art))}
        found = explain(connection, youth, Recipient(STAR, world.today())).haendelser
    return {kinds[event.nummer]: event.feed.sees for event in found}


def test_an_emigrant_who_is_back_before_the_job_has_run_keeps_it(world: World, endpoint: Endpoint) -> None:
    """Only a change of the register by hand leads here: the import of such a change ends the subscription itself."""
    emigrates(world)
    world.person(CPRNR, status="01")
    assert end_due(world.engine) == 0
    assert codes(endpoint.report(JOBCENTER, subscription("Opret"))) == {"7012"}
    accepted(endpoint.report(JOBCENTER, subscription("Afmeld")))


def test_after_the_end_a_new_one_begins_and_the_events_are_in_order(world: World, endpoint: Endpoint) -> None:
    emigrates(world)
    job(world)
    world.person(CPRNR, status="01")
    accepted(endpoint.report(JOBCENTER, subscription("Opret")))
    assert [on for _, on, *_ in stored(world)] == [True, False, True]
    assert end_due(world.engine) == 0
    assert look_up(endpoint)["UngHarUddannelsespaalaeg"] is True


def test_on_the_day_before_it_is_still_the_job_centres_to_end(world: World, endpoint: Endpoint) -> None:
    world.clock(EVE)
    accepted(endpoint.report(JOBCENTER, subscription("Afmeld")))
    assert look_up(endpoint)["UngHarUddannelsespaalaeg"] is False
    world.clock(BIRTHDAY)
    assert end_due(world.engine) == 0
    assert codes(endpoint.report(JOBCENTER, subscription("Afmeld"))) == {"7013"}
    assert ended_on(world, "2039-03-10")


@pytest.mark.parametrize("status", ["80", "90"])
def test_the_import_that_tells_of_death_or_emigration_ends_it(world: World, endpoint: Endpoint, status: str) -> None:
    world.clock("2026-09-01T08:00:00")
    import_cpr(world.engine, cpr(f"{CPRNR};Test;{status};;;;"), invented_allowed=True)
    assert ended_on(world, "2026-09-01")
    world.clock("2026-10-01T08:00:00")
    import_cpr(world.engine, cpr(f"{CPRNR};Test;01;101;;;"), invented_allowed=True)
    ung = look_up(endpoint)
    assert (ung["UngHarUddannelsespaalaeg"], [day for _, day, *_ in orders(ung)]) == (
        False,
        ["2026-08-10", "2026-09-01"],
    )
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert [on for _, _, on, _ in orders(ung)] == [True, False]


@pytest.mark.parametrize("status", ["03", "05", "20", "70"])
def test_no_other_status_ends_it(world: World, endpoint: Endpoint, status: str) -> None:
    import_cpr(world.engine, cpr(f"{CPRNR};Test;{status};101;;;"), invented_allowed=True)
    assert end_due(world.engine) == 0
    accepted(endpoint.report(JOBCENTER, subscription("Afmeld")))


def test_a_change_of_number_that_makes_the_youth_30_ends_it(world: World) -> None:
    older = "6103964123"
    import_cpr(world.engine, cpr(f"{CPRNR};;60;;{older};;", f"{older};Test;01;101;;;"), invented_allowed=True)
    assert stored(world)[1:] == [("2026-03-01", False, older, STAR, "DFDG")]


def test_a_report_that_is_only_judged_ends_nothing_and_is_judged_as_if_it_had(world: World, endpoint: Endpoint) -> None:
    world.clock(BIRTHDAY)
    trial = Endpoint(endpoint.app, query="kun-validering=1")
    assert codes(trial.report(JOBCENTER, subscription("Afmeld"))) == {"7013"}
    assert (len(stored(world)), count(world.engine, abonnement)) == (1, 1)


def test_several_who_see_it_at_once_end_it_once(world: World) -> None:
    world.clock(BIRTHDAY)
    ended: list[int] = []
    threads = [threading.Thread(target=lambda: ended.append(end_due(world.engine))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(ended), ended_on(world, "2039-03-11")) == (1, True)


@pytest.fixture
def watched(database_url: str) -> Iterator[None]:
    stop = start_watch(Settings(sandbox=True, database_url=database_url), every=0.01)
    yield
    stop()


@pytest.mark.usefixtures("watched")
def test_the_service_sees_it_by_itself(world: World) -> None:
    world.clock(BIRTHDAY)
    end = time.monotonic() + PATIENCE
    while not ended_on(world, "2039-03-11"):
        assert time.monotonic() < end
        time.sleep(0.02)
