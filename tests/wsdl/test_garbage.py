"""A call leaves nothing behind that only the collector could free: it comes seldom, and a tree of libxml2 that waits
for it is memory that it does not count.
"""

import gc
from collections import Counter
from collections.abc import Iterator

import pytest

from benchmarks.land import build, kommuner, tasks
from benchmarks.memory import Caller
from tests.door import request
from udb.front import application
from udb.wsdl import parse

CALLS = 400


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("names", [10**9, -1], ids=["thread that reads itself", "thread that has met too many names"])
@pytest.mark.usefixtures("without_collector")
def test_calls_of_every_kind_leave_nothing_to_the_collector(engine, house, monkeypatch, names):
    monkeypatch.setattr(parse, "MAX_NAMES", names)
    there = kommuner(10)
    reports = tasks(100, there)
    build(engine, there, reports)
    app = application(house, {})
    caller = Caller("", reports, seed=1, there=there)
    for answered in (Counter(), Counter()):
        for _ in range(CALLS):
            method, path, body, headers = caller.next_request()
            answered[request(app, method, path, body, headers).status] += 1
        left = gc.collect()
    assert left == 0
    assert answered[200] > CALLS // 2
    assert answered[500] > CALLS // 20
