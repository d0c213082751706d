"""The limit on reports that are refused with 1002-1006: the bucket, at the endpoint, and shared by the workers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.support.endpoint import Answer, Endpoint, basic, codes, request, written
from tests.support.pairs import ABROAD, CHILD, ELSEWHERE, GROWN_UP, REPLACED_ELSEWHERE, UNKNOWN, Sent, build
from tests.support.reports import CPRNR, UNGDOM, accepted
from tests.support.served_reports import OPTAG
from tests.support.service import report, running, text_of
from tests.support.world import KEY, KOMMUNE, SYSTEM, World
from udb.callers.rate import DAY, Gate
from udb.context import Context
from udb.domain.errors import TooManyRefused
from udb.domain.services import SERVICES, UNGDOMSUDDANNELSE
from udb.settings import AFVISTE_I_DOEGNET, Settings
from udb.wsdl import record
from udb.wsdl.endpoint.metrics import CODES, RECEIPTS
from udb.wsdl.use_cases import application

LIMIT = 5
OTHER_SYSTEM = "et-andet"


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_bucket_holds_a_days_and_fills_evenly() -> None:
    clock = Clock()
    with closing(Gate(LIMIT, window=DAY, now=clock)) as gate:
        for _ in range(3):
            gate.require_room("gætter")
        assert [gate.note("gætter") for _ in range(LIMIT)] == [False] * (LIMIT - 1) + [True]
        with pytest.raises(TooManyRefused) as refused:
            gate.require_room("gætter")
        assert (refused.value.limit, refused.value.seconds) == (LIMIT, DAY / LIMIT)
        gate.require_room("en anden")
        clock.now += DAY / LIMIT - 1
        with pytest.raises(TooManyRefused):
            gate.require_room("gætter")
        clock.now += 1
        gate.require_room("gætter")
        assert gate.note("gætter"), "the one that fits is the last one again"
        clock.now += DAY
        assert [gate.note("gætter") for _ in range(LIMIT)] == [False] * (LIMIT - 1) + [True]


def test_calls_that_are_under_way_at_the_limit_are_counted_and_waited_for() -> None:
    clock = Clock()
    with closing(Gate(LIMIT, window=DAY, now=clock)) as gate:
        for _ in range(LIMIT + 3):
            gate.note("gætter")
        clock.now += 3 * DAY / LIMIT
        with pytest.raises(TooManyRefused):
            gate.require_room("gætter")
        clock.now += DAY / LIMIT
        gate.require_room("gætter")


@pytest.mark.parametrize(("days", "clocks"), [(1, 1e6), (400, 1e8)])
def test_rounding_takes_none_of_the_limit(days: int, clocks: float) -> None:
    clock = Clock(clocks)
    with closing(Gate(AFVISTE_I_DOEGNET, window=DAY, now=clock)) as gate:
        for _ in range(AFVISTE_I_DOEGNET - 1):
            assert not gate.note("gætter")
            gate.require_room("gætter")
        assert gate.note("gætter")
        clock.now += days * DAY
        gate.require_room("gætter")


@pytest.mark.parametrize(
    ("given", "sandbox", "limit"),
    [(None, False, AFVISTE_I_DOEGNET), (None, True, 0), (7, True, 7), (7, False, 7), (0, False, 0)],
)
def test_what_the_setting_says(given: int | None, sandbox: bool, limit: int) -> None:  # noqa: FBT001 - pytest's
    assert Settings(sandbox=sandbox, afviste_i_doegnet=given).afvist_loft == limit


@pytest.fixture
def limited(world: World, context: Context) -> Iterator[Endpoint]:
    """A caller whose system may have LIMIT reports refused with 1002-1006, on a clock that stands."""
    build(world)
    with closing(Gate(LIMIT, window=DAY, now=Clock())) as gate:
        yield Endpoint(application(replace(context, refused=gate), {}))


@contextmanager
def counted() -> Iterator[dict[str, float]]:
    """Yield a dict that holds, after the block, by how much each counter of SYSTEM has grown."""

    def now() -> dict[str, float]:
        found = {one: RECEIPTS.labels(SYSTEM, one) for one in ("accepted", "refused", "repeated", "tried")}
        found |= {one: CODES.labels(SYSTEM, one) for one in (*(f"100{i}" for i in range(2, 7)), "7001")}
        return {name: counter._value.get() for name, counter in found.items()}

    before, grown = now(), dict[str, float]()
    yield grown
    grown.update({name: value - before[name] for name, value in now().items() if value != before[name]})


def send(endpoint: Endpoint, cprnr: str, **fields: object) -> set[str]:
    return codes(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": cprnr, **fields}))


def raw(endpoint: Endpoint, cprnr: str, query: str = "", system: str = SYSTEM, key: str = KEY) -> Answer:
    body = written(UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": cprnr}, "prøve")
    headers = {"Content-Type": "text/xml", "Authorization": basic(system, key)}
    return request(
        endpoint.app, "POST", f"http://127.0.0.1:8080{SERVICES[UNGDOMSUDDANNELSE].path}{query}", body, headers
    )


def same(answer: Answer) -> tuple[int, set[str], str | None, str | None]:
    return answer.status, set(answer.headers), text_of(answer, "ErrorCode"), text_of(answer, "Details")


def test_a_system_that_guesses_numbers_is_stopped_and_named(limited: Endpoint) -> None:
    """Whichever of the codes it is told, sent or tried: LIMIT in all."""
    tried = Endpoint(limited.app, query="kun-validering=1")
    with capture_logs([record.merge]) as lines, counted() as grown:
        assert send(tried, UNKNOWN) == {"1002"}
        assert send(limited, REPLACED_ELSEWHERE) == {"1003"}
        assert send(tried, ABROAD) == {"1004"}
        assert send(limited, CHILD) == {"1005"}
        assert not [line for line in lines if line["event"] == "receipts.refused_limit"]
        assert send(tried, GROWN_UP) == {"1006"}
        assert text_of(raw(limited, UNKNOWN), "ErrorCode") == "UDB009105"
    (alarm,) = [line for line in lines if line["event"] == "receipts.refused_limit"]
    assert (alarm["log_level"], alarm["system_id"]) == ("warning", SYSTEM)
    assert grown == {"tried": 3, "refused": 2, **{f"100{i}": 1 for i in range(2, 7)}}
    answered = [line for line in lines if line["event"] == "call.answered"]
    said = [(line.get("resultat"), line.get("codes"), line.get("trial"), line["error_code"]) for line in answered]
    assert said == [
        ("Afvist", ["1002"], True, None),
        ("Afvist", ["1003"], False, None),
        ("Afvist", ["1004"], True, None),
        ("Afvist", ["1005"], False, None),
        ("Afvist", ["1006"], True, None),
        (None, None, None, "UDB009105"),
    ]
    for number in (UNKNOWN, REPLACED_ELSEWHERE, ABROAD, CHILD, GROWN_UP):
        assert number not in str(lines)


def test_beyond_the_limit_every_report_has_the_same_answer(world: World, limited: Endpoint) -> None:
    world.person(CPRNR)
    world.system(OTHER_SYSTEM, "k" * 24, UNGDOM["InstitutionNummer"])
    for _ in range(LIMIT):
        send(limited, UNKNOWN)
    answers = [
        same(raw(limited, number, query))
        for number in (UNKNOWN, CPRNR, CHILD, ELSEWHERE)
        for query in ("", "?kun-validering=1")
    ]
    assert all(answer == answers[0] for answer in answers)
    status, headers, code, details = answers[0]
    assert (status, code) == (500, "UDB009105")
    assert "retry-after" in headers
    assert str(int(DAY / LIMIT)) in (details or "")
    contact = Sent("contact", CPRNR)
    assert same(contact.ask(limited.app, contact.body())) == answers[0], "every service that takes reports"
    assert limited.fetch(KOMMUNE, CPRNr=CPRNR)["Fejl"] == [], "what is fetched is another matter"
    assert text_of(raw(limited, CPRNR, system=OTHER_SYSTEM, key="k" * 24), "Resultat") == "Accepteret"


def test_other_refusals_and_a_repetition_are_not_limited(world: World, limited: Endpoint) -> None:
    world.person(CPRNR)
    accepted(limited.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR}, "k"))
    with counted() as grown:
        for _ in range(2 * LIMIT):
            assert "4003" in send(limited, CPRNR, Status=2)
            sent = Sent("contact", ELSEWHERE)
            assert text_of(sent.ask(limited.app, sent.body()), "FejlKode") == "7001"
            accepted(limited.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR}, "k"))
    assert grown == {"refused": 4 * LIMIT, "7001": 2 * LIMIT, "repeated": 2 * LIMIT}


def test_all_workers_count_a_systems_refused_reports_together(sandbox_url: str, tmp_path: Path) -> None:
    with running(sandbox_url, tmp_path, UDB_AFVISTE_I_DOEGNET=str(LIMIT)) as service:
        with ThreadPoolExecutor(4) as pool:
            answers = list(
                pool.map(
                    lambda i: report(service.address, UNGDOMSUDDANNELSE, {"CPRNr": UNKNOWN, **OPTAG}, f"nøgle {i}"),
                    range(8 * LIMIT),
                )
            )
        refused = [answer for answer in answers if answer.status != 200]
        # Calls that are under way when the limit is reached are answered.
        assert LIMIT <= len(answers) - len(refused) <= LIMIT + 4
        assert {text_of(answer, "ErrorCode") for answer in refused} == {"UDB009105"}
        assert '"event": "receipts.refused_limit"' in service.log()
        assert UNKNOWN not in service.log()
