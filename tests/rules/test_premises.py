"""The row of an education code that counts: rows with a gap between them, and versions that differ."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.rules.memory import indberetning
from udb.domain.kodesaet import COSA, STADS, Kodesaet, Row
from udb.domain.persons import Institution, Person
from udb.domain.services import UNGDOMSUDDANNELSE, VIDEREGAAENDE
from udb.rules.facts import Facts, placed
from udb.rules.premises import code_unusable, may_be_taken_again

ROWS = [
    Row("1", "", "Første", date(2020, 1, 1), date(2020, 12, 31), {}),
    Row("1", "", "Anden", date(2022, 1, 1), None, {}),
]
GROWN = date(2015, 1, 1)
FACTS = Facts(
    today=date(2026, 8, 17),
    invented_cpr_allowed=True,
    person=Person(1, "6503004001", "01", "101", GROWN, GROWN, date(2030, 1, 1), date(2035, 1, 1)),
    institution=Institution("461700", "461700", "1085", "101", None, None, in_register=True),
    codes=Kodesaet(1, [(STADS, row) for row in ROWS]),
)


def unusable(status: int, day: date, facts: Facts = FACTS) -> bool:
    sent: dict[str, Any] = {
        "service": VIDEREGAAENDE,
        "CPRNr": "6503004001",
        "InstitutionNummer": "461700",
        "HaendelseDato": day,
        "Status": status,
        "KildeLeverandoer": "Skolesystem",
        "STADSKode": "1",
        "Annullering": False,
    }
    report = indberetning(sent)
    return code_unusable(report, placed(facts, report), STADS, "1")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 12, 31), "unusable"),
        (date(2020, 1, 1), "usable"),
        (date(2020, 12, 31), "usable"),
        (date(2021, 1, 1), "unusable"),
        (date(2021, 12, 31), "unusable"),
        (date(2022, 1, 1), "usable"),
    ],
)
def test_an_optag_needs_a_row_on_its_own_day(day: date, expected: str) -> None:
    assert unusable(1, day) == (expected == "unusable")


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2019, 12, 31), "unusable"), (date(2020, 1, 1), "usable"), (date(2021, 6, 1), "usable")],
)
def test_an_end_without_optag_needs_a_row_that_had_begun(day: date, expected: str) -> None:
    assert unusable(3, day) == (expected == "unusable")


@pytest.mark.parametrize(("version", "again"), [(1, True), (2, False)])
def test_whether_a_formaal_may_be_taken_again_is_told_by_its_version(version: int, *, again: bool) -> None:
    rows = [Row("1", "1", "Første", GROWN, None, {"genoptag": "1"}), Row("1", "2", "Anden", GROWN, None, {})]
    sent: dict[str, Any] = {
        "service": UNGDOMSUDDANNELSE,
        "CPRNr": "6503004001",
        "InstitutionNummer": "461700",
        "HaendelseDato": FACTS.today,
        "Status": 1,
        "KildeLeverandoer": "Skolesystem",
        "COsAFormaal": "1",
        "COsAFormaalVersion": version,
        "Annullering": False,
    }
    report = indberetning(sent)
    facts = replace(FACTS, codes=Kodesaet(1, [(COSA, row) for row in rows]))
    assert may_be_taken_again(report, placed(facts, report)) is again
