"""How often a system may call: the bucket against an obvious second one, shared by processes, and at the endpoint."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.served_reports import OPTAG
from tests.support.service import Service, report, running, text_of
from tests.support.world import World
from udb.callers.rate import _SLOTS, Gate
from udb.domain.errors import TooManyCalls
from udb.domain.services import UNGDOMSUDDANNELSE

LIMIT = 20


class Clock:
    def __init__(self) -> None:
        self.now = Fraction(1000)

    def __call__(self) -> float:
        return float(self.now)


def takes(gate: Gate, system: str) -> bool:
    try:
        gate.take(system)
    except TooManyCalls:
        return False
    return True


class Bucket:
    """A bucket of ``limit`` calls that fills evenly: counted in calls, where the gate counts in instants."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.filled = Fraction(limit)
        self.at: Fraction | None = None

    def take(self, now: Fraction) -> bool:
        if self.at is not None:
            self.filled = min(Fraction(self.limit), self.filled + (now - self.at) * self.limit / 60)
        self.at = now
        if self.filled < 1:
            return False
        self.filled -= 1
        return True


# Whole steps of a power of two, so that floats are exact and no call falls on an edge by rounding.
@given(
    limit=st.sampled_from([15, 30, 60, 120, 240, 3840]),
    calls=st.lists(st.tuples(st.integers(0, 200), st.sampled_from("ab")), max_size=200),
)
def test_it_is_a_bucket_that_fills_evenly(limit: int, calls: list[tuple[int, str]]) -> None:
    clock = Clock()
    buckets = {name: Bucket(limit) for name in "ab"}
    with closing(Gate(limit, now=clock)) as gate:
        for eighths, name in calls:
            clock.now += Fraction(eighths, 8)
            assert takes(gate, name) == buckets[name].take(clock.now)


def test_who_stays_below_the_limit_is_never_refused() -> None:
    clock = Clock()
    with closing(Gate(60, now=clock)) as gate:
        for _ in range(1000):
            assert takes(gate, "jævn")
            clock.now += 1


def test_a_refusal_says_how_long_and_does_not_count() -> None:
    clock = Clock()
    with closing(Gate(60, now=clock)) as gate:
        assert [takes(gate, "ivrig") for _ in range(61)] == [True] * 60 + [False]
        for _ in range(100):
            with pytest.raises(TooManyCalls) as refused:
                gate.take("ivrig")
            assert (refused.value.limit, refused.value.seconds) == (60, 1)
        clock.now += 1
        assert [takes(gate, "ivrig"), takes(gate, "ivrig")] == [True, False]


def test_more_systems_than_there_is_room_for_harm_nobody_for_long() -> None:
    with closing(Gate(1, now=Clock())) as gate:
        assert all(takes(gate, f"system {i}") for i in range(2 * _SLOTS))


def test_processes_share_it_and_one_that_dies_locks_nobody_out() -> None:
    with closing(Gate(1000)) as gate:
        reading, writing = os.pipe()
        children = []
        for _ in range(4):
            if (pid := os.fork()) == 0:
                with ThreadPoolExecutor(4) as pool:
                    taken = sum(pool.map(lambda _: takes(gate, "fælles"), range(400)))
                os.write(writing, f"{taken} ".encode())
                os._exit(0)
            children.append(pid)
        for pid in children:
            os.waitpid(pid, 0)
        taken = sum(map(int, os.read(reading, 1000).split()))
        assert 1000 <= taken < 1200, "the limit, and what a slow machine's seconds add"
        if (pid := os.fork()) == 0:
            gate._shared.alone().__enter__()
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(pid, 0)
        assert takes(gate, "en anden")
        os.close(reading)
        os.close(writing)


@pytest.fixture
def limited(sandbox_url: str, tmp_path):
    with running(sandbox_url, tmp_path, UDB_KALD_I_MINUTTET=str(LIMIT)) as service:
        yield service


def test_all_workers_count_a_systems_calls_together(world: World, limited: Service) -> None:
    world.person("7103075100")

    def send(i: int, query: str = ""):
        return report(limited.address, UNGDOMSUDDANNELSE, {"CPRNr": "7103075100", **OPTAG}, f"nøgle {i}", query=query)

    with ThreadPoolExecutor(8) as pool:
        # Half of them ask for validation only: that is a call like any other.
        answers = list(pool.map(lambda i: send(i, "?kun-validering=1" if i % 2 else ""), range(4 * LIMIT)))
    refused = [answer for answer in answers if answer.status != 200]
    assert LIMIT <= len(answers) - len(refused) <= 2 * LIMIT
    assert {(answer.status, text_of(answer, "ErrorCode")) for answer in refused} == {(500, "UDB009105")}
    for answer in refused:
        assert 1 <= int(answer.headers["retry-after"]) <= 60 / LIMIT
        assert answer.headers["retry-after"] in (text_of(answer, "Details") or "")
    assert limited.log().count('"error_code": "UDB009105"') == len(refused)
