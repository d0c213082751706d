"""Calls of every kind, as a worker gets them, leave nothing behind that only the collector could free.

Hostile and signed calls: ``test_hostile`` and ``test_signature``.
"""

from collections import Counter
from functools import partial

import pytest

from benchmarks.land import build, kommuner, tasks
from benchmarks.memory import Caller
from tests.support.endpoint import request
from tests.support.garbage import left_by
from udb.wsdl.use_cases import application
from udb.wsdl.xml import parse

CALLS = 400


@pytest.mark.parametrize("names", [10**9, -1], ids=["thread that reads itself", "thread that has met too many names"])
def test_calls_of_every_kind_leave_nothing_to_the_collector(engine, context, monkeypatch, names):
    monkeypatch.setattr(parse, "MAX_NAMES", names)
    there = kommuner(10)
    reports = tasks(100, there)
    build(engine, there, reports)
    app = application(context, {})
    caller = Caller("", reports, seed=1, there=there)
    answered: Counter[int] = Counter()

    def call(what):
        answered[request(app, *what).status] += 1

    left_by([partial(call, caller.next_request()) for _ in range(CALLS)])
    assert left_by([partial(call, caller.next_request()) for _ in range(CALLS)]) == 0
    assert answered[200] > CALLS
    assert answered[500] > CALLS // 10
