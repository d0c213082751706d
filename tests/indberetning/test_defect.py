"""A rule that raises is a defect, not a refusal: IPL000001, nothing stored, a log line under the correlation id."""

from dataclasses import replace

import pytest
import structlog

from tests.support.endpoint import HOST, Endpoint, basic, request
from tests.support.reports import CPRNR
from tests.support.rows import count
from tests.support.world import World
from udb.domain.services import SERVICES, UNGDOMSUDDANNELSE
from udb.paths import CONTRACT
from udb.rules import runner
from udb.rules.catalogue import BY_CODE
from udb.store.tables import call_key, haendelse, read_log
from udb.wsdl import record


def test_a_rule_that_raises_is_a_defect(world: World, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    world.person(CPRNR)

    def broken(report: object, _facts: object) -> None:
        raise ZeroDivisionError(report)

    monkeypatch.setattr(runner, "_asked", lambda *_: ((replace(BY_CODE["9001"], check=broken), frozenset()),))
    call = (CONTRACT / "samples" / "kald.soap12.xml").read_bytes()
    headers = {"Content-Type": "application/soap+xml", "Authorization": basic()}
    with structlog.testing.capture_logs(processors=[record.merge]) as lines:
        answer = request(endpoint.app, "POST", f"http://{HOST}{SERVICES[UNGDOMSUDDANNELSE].path}", call, headers)
    assert answer.status == 500
    assert b"IPL000001" in answer.body
    assert b"ZeroDivisionError" not in answer.body
    assert [count(world.engine, table) for table in (haendelse, call_key, read_log)] == [0, 0, 0]
    (line,) = [line for line in lines if line["event"] == "call.unexpected_error"]
    assert line["correlation_id"] == answer.headers["x-correlation-id"]
    assert line["correlation_id"].encode() in answer.body
    assert line["error"] == "ZeroDivisionError"
    assert "cprnr" not in str(lines)
