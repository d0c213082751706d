"""The persons a case invents."""

import itertools
from datetime import date

import pytest

from tests.rules.cases import Play
from tests.rules.memory import MemoryDriver
from udb.domain.cpr import birth_date


@pytest.mark.parametrize("born", [date(1937, 1, 1), date(1999, 12, 31), date(2000, 2, 29), date(2036, 12, 31)])
def test_numbers_of_several_plays_are_distinct_and_tell_the_birth_date(born: date) -> None:
    serials = itertools.count(1)
    plays = [Play(MemoryDriver(), serials=serials) for _ in range(2)]
    numbers = {play.invented(born) for play in plays for _ in range(2000)}
    assert len(numbers) == 4000
    assert {birth_date(number, invented_allowed=True) for number in numbers} == {born}
