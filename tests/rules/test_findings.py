"""The place of a finding: the element, and the caller's own report it is about."""

from datetime import date
from typing import Any

import pytest

from tests.rules.cases import Case, Play
from tests.rules.memory import MemoryDriver
from udb.rules.rule import Finding

AFBRUD = {"send": "STX", "Status": 2, "AfbrudsarsagsKode": "904"}


class Findings:
    """Play steps and return the findings of the last one, by code."""

    def __init__(self) -> None:
        self.driver = MemoryDriver()
        self.play = Play(self.driver)
        self.play.begin(Case("", "", "", {}, ()))

    def __call__(self, *steps: dict[str, Any]) -> dict[str, Finding]:
        for step in steps:
            self.play.step(step)
        return {finding.code: finding for finding in self.driver.findings}

    def number(self, name: str) -> str | None:
        return self.play.sent[name][1]


@pytest.fixture
def find() -> Findings:
    return Findings()


def test_5002_is_about_the_report_it_repeats(find: Findings) -> None:
    found = find({"send": "STX", "as": "optag"}, {"send": "STX"})
    assert found["5002"].vedroerer == find.number("optag")


def test_5002_is_about_the_report_of_the_ended_forloeb(find: Findings) -> None:
    found = find(
        {"clock": date(2026, 8, 10), "send": "STX", "as": "optag"},
        {"clock": date(2026, 8, 17), **AFBRUD},
        {"send": "STX", "HaendelseDato": date(2026, 8, 10)},
    )
    assert found["5002"].vedroerer == find.number("optag")


def test_5004_is_about_the_end_it_repeats(find: Findings) -> None:
    found = find({"send": "STX"}, {**AFBRUD, "as": "afbrud"}, AFBRUD)
    assert found["5004"].vedroerer == find.number("afbrud")


def test_6003_is_about_the_cancellation_that_stands(find: Findings) -> None:
    found = find({"send": "STX", "as": "optag"}, {"cancel": "optag", "as": "annullering"}, {"cancel": "optag"})
    assert found["6003"].vedroerer == find.number("annullering")


def test_6003_of_a_cancellation_is_about_itself(find: Findings) -> None:
    found = find({"send": "STX", "as": "optag"}, {"cancel": "optag", "as": "annullering"}, {"cancel": "annullering"})
    assert found["6003"].vedroerer == find.number("annullering")


@pytest.mark.parametrize(
    ("step", "code", "element"),
    [
        ({"send": "STX", "COsAFormaal": "9999"}, "4001", "COsAFormaal"),
        ({"send": "STX", "COsAFormaalVersion": 9}, "4001", "COsAFormaalVersion"),
        ({"send": "KLASSE", "ElevTrin": 13}, "4008", "ElevTrin"),
        ({"send": "KLASSE", "KlasseTrin": 13}, "4008", "KlasseTrin"),
        ({"send": "KLASSE", "KlasseType": "1"}, "4008", "KlasseType"),
        ({"send": "KOMMUNEAKTIVITET", "IfoelgeKommunen": "Afbrud"}, "4015", "KommuneAktivitetsKode"),
        ({"send": "KOMMUNEAKTIVITET", "VedroererHaendelseNummer": "et"}, "4015", "VedroererHaendelseNummer"),
        ({"send": "KONTAKT", "KontaktNavn": None}, "7004", "KontaktNavn"),
        ({"send": "KONTAKT", "KontaktMail": "test"}, "7004", "KontaktMail"),
        ({"send": "KONTAKT", "KontaktTelefon": "1"}, "7004", "KontaktTelefon"),
        ({"send": "KONTAKT", "KontaktMail": None, "KontaktTelefon": None}, "7004", "KontaktMail"),
        ({"send": "KONTAKT", "KontaktMail": None}, "7015", "KontaktMail"),
        ({"send": "KONTAKT", "KontaktTelefon": None}, "7015", "KontaktTelefon"),
        ({"send": "ONSKER", "JobOnsker": None, "UddannelsesOnsker": None}, "7014", "JobOnsker"),
        ({"send": "ONSKER", "Slet": "Begge"}, "7014", "Slet"),
    ],
)
def test_element(find: Findings, step: dict[str, Any], code: str, element: str) -> None:
    assert find(step)[code].element == element


@pytest.mark.parametrize(("status", "code"), [(2, "3005"), (3, "3006")])
def test_the_text_tells_the_date_of_the_optag(find: Findings, status: int, code: str) -> None:
    end = {"send": "STX", "Status": status, **({"AfbrudsarsagsKode": "904"} if status == 2 else {})}
    found = find({"send": "STX", "HaendelseDato": date(2026, 8, 24)}, end)
    assert "(24. august 2026)" in found[code].tekst


def test_no_text_repeats_what_the_caller_sent(find: Findings) -> None:
    found = find({"send": "STX", "CPRNr": "3113051234", "AfbrudsarsagsKode": "3113051234", "COsAFormaal": "3113051234"})
    assert set(found) >= {"1001", "4001", "4004", "4005"}
    assert not any("3113051234" in finding.tekst for finding in found.values())
