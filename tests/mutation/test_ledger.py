"""The list of surviving mutants is complete, explained and up to date with the rules."""

from tests.mutation.ledger import LEAST, PAGE, ledger, listed, page, percent, reasons
from udb.paths import ROOT

HELD = ledger()


def test_enough_mutants_are_killed() -> None:
    assert percent(HELD["run"]) >= LEAST


def test_every_survivor_is_listed() -> None:
    assert listed(HELD).total() == HELD["run"]["mutants"] - HELD["run"]["killed"]


def test_every_survivor_has_a_reason_and_its_line_still_stands() -> None:
    for mutant, reason in reasons(HELD).items():
        assert reason.strip(), mutant
        lines = [line.strip() for line in (ROOT / mutant.module).read_text(encoding="utf-8").splitlines()]
        assert mutant.was in lines, mutant


def test_the_page_is_made_from_the_list() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(HELD), 'run: make mutation MUTATION_ARGS="--write"'
