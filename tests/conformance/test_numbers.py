"""The invented CPR numbers of a run, however many youths earlier runs have left in the sandbox."""

from datetime import date
from typing import Any

import pytest

from udb.conformance.shared.stage import Stage
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
