"""The conformance suite for fetchers: two right ones pass every situation, each of the others fails its own."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.conformance import strangers
from tests.conformance.fetchers import BAD, GOOD, Fetcher
from tests.conformance.target import InProcess, service
from udb.conformance import session
from udb.conformance.fetcher import calls, judge
from udb.conformance.fetcher.situations import SITUATIONS
from udb.conformance.shared import places, preflight, proxy
from udb.conformance.shared.outcome import Run, Verdict
from udb.domain.errors import WrongUse

LONG, SHORT = 30.0, 6.0
"""Seconds to wait for an expected call, and for one that never comes."""


@pytest.fixture(scope="module")
def served(one_sandbox: Engine) -> Iterator[str]:
    """The address of a sandbox with small pages."""
    with capture_logs(), strangers.served(service(one_sandbox, sidestoerrelse=3)) as url:
        yield url


def watched(
    monkeypatch: pytest.MonkeyPatch,
    engine: Engine,
    url: str,
    kind: type[Fetcher],
    *only: str,
    seconds: float = LONG,
    said: list[str] | None = None,
) -> Run:
    """Return a run in which such a fetcher calls and does what the operator is asked to do; ``said`` gets the lines."""
    caller = preflight.look(InProcess(service(engine)), places.read(), None).stage.callers[session.FETCHER]
    movers: list[str] = []
    running: list[Fetcher] = []

    def operator(text: str) -> None:
        if said is not None:
            said.append(text)
        if "must fetch for" in text:
            running.append(kind(text.rpartition(" ")[2], caller, places.read().institutioner[judge.HOME], movers))
            running[0].start()
        if "has moved" in text:
            movers.append(text.split(maxsplit=1)[0])

    monkeypatch.setattr(session, "say", operator)
    try:
        return session.of_fetcher(
            url, places.read(), bind="127.0.0.1:0", only=only, seconds=seconds, pause=0.4, delay=0.5
        )
    finally:
        running[0].stopped.set()
        running[0].join(LONG)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_fetcher_passes_every_situation(
    monkeypatch: pytest.MonkeyPatch, one_sandbox: Engine, served: str, name: str
) -> None:
    run = watched(monkeypatch, one_sandbox, served, GOOD[name])
    assert {outcome.scenario.id: outcome.wrong for outcome in run.outcomes if outcome.wrong} == {}
    assert (len(run.outcomes), run.passed) == (len(SITUATIONS), True)


@pytest.mark.parametrize("name", BAD)
def test_each_bad_fetcher_fails_its_situation(
    monkeypatch: pytest.MonkeyPatch, one_sandbox: Engine, served: str, name: str
) -> None:
    kind, failing = BAD[name]
    run = watched(monkeypatch, one_sandbox, served, kind, "henter-sider", failing, seconds=SHORT)
    assert run.outcomes[-1].scenario.id == failing
    assert run.outcomes[-1].verdict is Verdict.FAILED
    assert [outcome.verdict for outcome in run.outcomes[:-1]] in ([], [Verdict.PASSED])


def test_a_situation_that_does_not_exist_is_wrong_use(served: str) -> None:
    with pytest.raises(WrongUse):
        session.of_fetcher(served, places.read(), bind="127.0.0.1:0", only=["findes-ikke"], seconds=1)


def test_an_interrupted_run_reports_what_was_tried(
    monkeypatch: pytest.MonkeyPatch, one_sandbox: Engine, served: str
) -> None:
    until = session.watch.until

    def interrupted(watched_: proxy.Proxy, _condition: Callable[[], bool], seconds: float) -> bool:
        if any(one.is_feed for one in calls.fetches(watched_.passed)):
            raise KeyboardInterrupt
        return until(watched_, lambda: bool(watched_.passed), seconds)

    monkeypatch.setattr(session.watch, "until", interrupted)
    said: list[str] = []
    run = watched(monkeypatch, one_sandbox, served, Fetcher, said=said)
    assert (run.ended, run.passed, len(run.outcomes)) == (session.INTERRUPTED, False, len(SITUATIONS))
    assert run.outcomes[-1].verdict is Verdict.NOT_RUN
    assert said[-1] == session.ENDING
