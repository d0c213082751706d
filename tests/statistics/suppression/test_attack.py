"""An attacker with a linear programme against suppressed tables (figures 3.29, acceptance 4)."""

from random import Random

import pytest

from tests.support.attacker import exposed, kommuner
from tests.support.counted import AGE, SHAPES, STATUS, random_table
from tests.support.size import size
from udb.statistics.suppression import suppress, too_small

LIMIT = 5
TABLES = size(small=10, large=200)


def some_table(number):
    random = Random(number)
    return random_table(random, random.randint(2, 14), SHAPES[number % len(SHAPES)])


@pytest.mark.large
def test_no_attacker_computes_a_hidden_count():
    found = {}
    for number in range(TABLES):
        table = some_table(number)
        signs = suppress(table, LIMIT)
        assert signs.items() >= too_small(table, LIMIT).items()
        found |= {(number, who): exposed(table, signs, LIMIT, knows=who) for who in kommuner(table, signs)}
    assert len(found) > TABLES
    assert {where: cells for where, cells in found.items() if cells} == {}


@pytest.mark.large
@pytest.mark.parametrize("dimensions", [[STATUS], [STATUS, AGE]], ids=["status", "status and age"])
def test_no_attacker_computes_a_hidden_count_of_98_kommuner(dimensions):
    random = Random(98)
    table = random_table(random, 98, dimensions)
    signs = suppress(table, LIMIT)
    attackers = random.sample(kommuner(table, signs), size(small=1, large=30))
    assert [exposed(table, signs, LIMIT, knows=who) for who in attackers] == [set()] * len(attackers)


def test_the_small_counts_alone_are_computed():
    """The same attacker, who takes even less for granted, finds them when nothing else is hidden."""
    for number in (0, 1, 3):
        table = some_table(number)
        small = too_small(table, LIMIT)
        assert len(exposed(table, small, LIMIT, zeros_are_shown=False)) > len(small) / 2
