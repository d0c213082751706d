"""The invented CPR numbers of a run, however many youths earlier runs have left in the sandbox."""

import json
from datetime import date
from typing import Any

import pytest

from tests.conformance.target import InProcess
from udb.conformance.shared import places
from udb.conformance.shared.sandbox_client import Doors
from udb.conformance.shared.stage import Stage
from udb.conformance.shared.transport import Request
from udb.domain.cpr import birth_date
from udb.domain.errors import UdbRefused


@pytest.mark.parametrize("used", [0, 3_999, 123_456])
@pytest.mark.parametrize(("born", "there_are"), [(date(1996, 8, 13), 4_000), (date(2009, 3, 31), 6_000)])
def test_every_number_of_a_birth_date_is_given_once(born: date, there_are: int, used: int) -> None:
    unused: Any = None
    stage = Stage(unused, unused, {}, used=used)
    numbers = [stage.invent(born) for _ in range(there_are)]
    assert len(set(numbers)) == there_are
    assert {birth_date(number, invented_allowed=True) for number in numbers} == {born}
    with pytest.raises(UdbRefused):
        stage.invent(born)


def test_a_sandbox_says_how_many_numbers_one_birth_date_has(target: InProcess) -> None:
    def said() -> int:
        answer = target.send(Request("GET", "/sandbox/status", headers={"X-UDB-Sandbox": "1"}))
        return int(json.loads(answer.body)["numre_flest_paa_en_dag"])

    more = said() + 1
    rows = [{"cprnr": f"610596{1000 + one}", "status": "01", "kommunekode": "101"} for one in range(more)]
    assert Doors(target).import_cpr(rows)["added"] == more > 1
    assert said() == more


def test_numbers_are_found_behind_those_that_another_run_has_taken(target: InProcess) -> None:
    stage = Stage(target, places.read(), {}, doors=Doors(target))
    born = date(1996, 8, 17)
    taken = [{"cprnr": stage.invent(born), "status": "01", "kommunekode": "101"} for _ in range(700)]
    stage.put(taken)
    again = Stage(target, places.read(), {}, doors=Doors(target))
    (group,) = again.invented([{"ung": {"born": born}}])
    assert group["ung"] not in {row["cprnr"] for row in taken}
