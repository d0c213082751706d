"""A run leaves the sandbox's clock as it was, however it ends."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.conformance.target import InProcess
from udb.cli.signals import ending_in_order
from udb.conformance.service.run import run
from udb.conformance.shared import places, stage
from udb.conformance.shared.scenario import scenarios
from udb.conformance.shared.transport import Reply, Request
from udb.domain.clock import system_time
from udb.sandbox.running import free_address, running
from udb.store import state
from udb.store.engine import reading, writing

CHOSEN = [one for one in scenarios() if one.id in {"hentning-eksempel", "annullering"}]
SPRING = "2026-03-01T08:00:00+01:00"


def status(target: InProcess) -> dict:
    return json.loads(target.send(Request("GET", "/sandbox/status", headers={"X-UDB-Sandbox": "1"})).body)


def put(target: InProcess, document: dict) -> None:
    headers = {"X-UDB-Sandbox": "1", "Content-Type": "application/json"}
    assert target.send(Request("PUT", "/sandbox/ur", json.dumps(document).encode(), headers)).status == 200


@pytest.mark.parametrize("first", [SPRING, None], ids=["set", "real time"])
def test_the_clock_runs_on_as_if_there_had_been_no_run(target: InProcess, first: str | None) -> None:
    put(target, {"nu": first})
    assert run(target, "here", CHOSEN, places=places.read()).passed
    after = status(target)
    expected = datetime.fromisoformat(first) if first else system_time()
    assert abs(datetime.fromisoformat(after["nu"]) - expected) < timedelta(minutes=1)
    assert (after["ur_sat"], after["ur_til_laans"]) == (first is not None, False)


def test_the_run_after_a_killed_one_gives_back_what_that_one_borrowed(target: InProcess) -> None:
    put(target, {"nu": SPRING})
    put(target, {"nu": "2026-08-17T09:00:00+02:00", "laan": stage.LOAN})
    assert run(target, "here", CHOSEN, places=places.read()).passed
    assert status(target)["nu"].startswith("2026-03-01T08:0")


def test_a_sandbox_that_lends_no_clock_gets_it_back_all_the_same(target: InProcess) -> None:
    """As an earlier version, or another implementation."""

    class LendsNothing(InProcess):
        def send(self, request_: Request) -> Reply:
            assert b"laan" not in request_.body
            reply = super().send(request_)
            if request_.path != "/sandbox/status":
                return reply
            shown = {name: one for name, one in json.loads(reply.body).items() if name != "ur_til_laans"}
            return Reply(reply.status, reply.headers, json.dumps(shown).encode())

    put(target, {"nu": SPRING})
    assert run(LendsNothing(target.app), "here", CHOSEN, places=places.read()).passed
    assert status(target)["nu"].startswith("2026-03-01T08:0")


def test_a_long_run_extends_its_loan(target: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    extended: list[bytes] = []

    class Watched(InProcess):
        def send(self, request_: Request) -> Reply:
            if request_.path == "/sandbox/ur":
                extended.append(request_.body)
            return super().send(request_)

    monkeypatch.setattr(stage, "EXTENDED_AFTER", 0.0)
    assert run(Watched(target.app), "here", CHOSEN, places=places.read()).passed
    assert extended.count(b'{"laan": 600}') > len(CHOSEN)
    assert extended[-1] == b'{"laan": 0}'


@pytest.fixture(scope="module")
def served(one_sandbox: Engine) -> Iterator[str]:
    """The address of the sandbox, served by a process of its own."""
    bind = free_address()
    with running(bind, {"UDB_DATABASE_URL": str(one_sandbox.url)}, quiet=True):
        yield f"http://{bind}"


def test_a_run_interrupted_before_the_first_answer_gives_the_clock_back(target: InProcess) -> None:
    class Interrupted(InProcess):
        def send(self, request_: Request) -> Reply:
            reply = super().send(request_)
            if b"nu" in request_.body and request_.path == "/sandbox/ur":
                raise KeyboardInterrupt
            return reply

    put(target, {"nu": SPRING})
    with pytest.raises(KeyboardInterrupt):
        run(Interrupted(target.app), "here", CHOSEN, places=places.read())
    assert status(target)["nu"].startswith("2026-03-01T08:0")


@pytest.mark.usefixtures("hears_signals")
def test_a_signal_to_end_is_an_interruption_and_only_inside_the_block() -> None:
    before = signal.getsignal(signal.SIGTERM)
    for one in (signal.SIGTERM, signal.SIGHUP):
        with pytest.raises(KeyboardInterrupt), ending_in_order():
            signal.raise_signal(one)
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.usefixtures("hears_signals")
@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_a_killed_run_leaves_the_clock_as_it_was(one_sandbox: Engine, served: str, ended_by: signal.Signals) -> None:
    with writing(one_sandbox) as connection:
        state.write(connection, state.SANDBOX_CLOCK, None)
    command = [sys.executable, "-m", "udb", "conformance", "service", "--url", served, "--only", "regel-4"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as suite:
        _wait_for(lambda: _clock(one_sandbox) is not None or suite.poll() is not None)
        suite.send_signal(ended_by)
        out, err = suite.communicate(timeout=120)
    assert "Traceback" not in err
    assert suite.returncode == (-signal.SIGKILL if ended_by is signal.SIGKILL else 130), out + err
    found = _clock(one_sandbox)
    if ended_by is signal.SIGKILL:
        # Nothing runs in a process that is killed so: the loan ends by itself.
        assert found is not None
        assert found["foer"] is None
        assert datetime.fromisoformat(found["til"]) <= system_time() + timedelta(seconds=stage.LOAN)
    else:
        assert found is None


def _clock(engine: Engine) -> dict | None:
    with reading(engine) as connection:
        return state.read(connection, state.SANDBOX_CLOCK)


def _wait_for(condition) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
