"""The suite's data: as the rules' cases and docs/krav.csv have it, and nothing left out without a reason."""

import csv
from collections import Counter

import yaml

from tests.conformance import written
from udb.conformance.report import krav
from udb.conformance.report.advice import how_to_fix, sources
from udb.conformance.shared import places
from udb.conformance.shared.scenario import FOLDER, RULES_FILE, scenarios
from udb.paths import ROOT
from udb.rules.catalogue import RULES

ALL = scenarios()


def test_the_rules_scenarios_are_made_from_todays_cases() -> None:
    """Check that the file is up to date. python -m tests.conformance.written makes it, and so does make docs."""
    assert (FOLDER / RULES_FILE).read_text(encoding="utf-8") == written.rules()


def test_docs_krav_names_each_rows_scenarios() -> None:
    assert written.KRAV.read_text(encoding="utf-8") == written.krav()


def test_every_requirement_has_a_scenario_or_a_reason() -> None:
    proven = krav.proofs().keys()
    numbers = [row.nummer for row in krav.rows()]
    assert set(proven) <= set(numbers)
    assert [number for number in numbers if number not in proven | krav.reasons().keys()] == []
    assert sorted(proven & krav.given_reasons().keys()) == []
    assert krav.given_reasons().keys() <= set(numbers)


def test_every_rule_has_scenarios_that_break_it() -> None:
    """Except the rules on institutions that have left the register or closed, which institution-register tries, and
    those on a diploma, which eksamensbeviser tries.
    """
    found = {scenario.rule for scenario in ALL if scenario.id.endswith("forkert")}
    assert {rule.code for rule in RULES} - found <= {"2001", "2002", "5007"}


def test_ids_are_given_once_and_every_scenario_says_what_to_do() -> None:
    assert [name for name, count in Counter(scenario.id for scenario in ALL).items() if count > 1] == []
    assert [scenario.id for scenario in ALL if not how_to_fix(scenario)] == []
    assert [scenario.id for scenario in ALL if not sources(scenario)] == []


def test_the_readings_a_scenario_leans_on_are_written_down() -> None:
    page = (ROOT / "docs/fortolkninger.md").read_text(encoding="utf-8")
    named = {reading for scenario in ALL for reading in scenario.readings}
    assert len(named) > 20
    assert [reading for reading in named if f"\n| {reading} |" not in page] == []


def test_the_shipped_places_are_of_the_sandbox_that_is_seeded(sandbox) -> None:
    found = places.read()
    with sandbox.connect() as connection:
        rows = {row.nummer: row for row in connection.exec_driver_sql("SELECT * FROM institution")}
        systems = {row.id for row in connection.exec_driver_sql("SELECT id FROM system")}
    assert [name for name, number in found.institutioner.items() if number not in rows] == []
    for name, kode in found.kommuner.items():
        assert rows[found.institutioner[name]].administrerende_kommune == kode
    assert rows[found.institutioner["afdeling"]].hovedinstitution == found.institutioner["gymnasium"]
    types = {name: rows[number].type3 for name, number in found.institutioner.items()}
    assert (types["efterskole"], types["saerlig_efterskole"], types["folkeskole"]) == ("1011", "1010", "1012")
    assert {system for system, _ in found.systemer.values()} <= systems


def test_the_data_files_are_written_to_be_read() -> None:
    for path in FOLDER.glob("*.yaml"):
        assert set(yaml.safe_load(path.read_text(encoding="utf-8"))) <= {"scenarios", "shared"}
    with written.KRAV.open(encoding="utf-8", newline="") as file:
        assert {len(line) for line in csv.reader(file, delimiter=";")} == {8}
