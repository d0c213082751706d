"""The catalogue's promises: complete, documented, and silent where rules.md says so."""

import re
import string
import sys
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import udb.rules
from udb.domain import elementer
from udb.domain.haendelse import Kind
from udb.domain.services import EDUCATION, JOBCENTER, KOMMUNE_REPORTS, REPORTS, SERVICES
from udb.rules import catalogue, runner
from udb.rules.catalogue import BY_CODE, RULES
from udb.rules.rule import Alvor, Rule

FILES = sorted(path.stem.removeprefix("r") for path in Path(udb.rules.__file__).parent.glob("r[0-9]*.py"))
CODES = [rule.code for rule in RULES]

NO_CODE = ["4001", "4002", "4007", "4008", "4013", "4014", "4015", "4016", "4018"]
NO_CANCELLED_REPORT = ["6001", "6002", "6005"]

# rules.md, Silence. "5xxx" and the like mean every code of that form.
SILENCE = {
    "1001": ["1002", "7001"],
    "1003": ["1004"],
    "2001": [
        *("1002", "1003", "1004", "1005", "1006", "2002", "2003"),
        *("3005", "3006", "4010", "5xxx", "6002", "6003", "6004", "7xxx"),
    ],
    **{code: ["3005", "3006", "4010", "5xxx"] for code in NO_CODE},
    "5004": ["5003"],
    **{code: ["6003", "6004"] for code in NO_CANCELLED_REPORT},
    "7006": ["7005", "7007", "7010"],
}
NEED_THE_YOUTH = [
    *("1003", "1004", "1005", "1006", "3005", "3006", "4010", "5xxx", "6002", "6003", "6004"),
    *("7002", "7003", "7005", "7006", "7007", "7009", "7010", "7011", "7012", "7013"),
]
NO_YOUTH = {"1001", "1002", "7001"}

# A cancellation is judged by these alone.
ON_CANCELLATION = ["1001", "1002", "2001", "2003", "6001", "6002", "6003", "6004", "7001", "9001"]
# A message with Slet is judged by these alone; 7003 only of the wishes that it does not remove.
ON_SLET = ["1001", "1002", "2001", "2003", "7001", "7003", "7014", "9001"]
# An Afmeld of a job centre is judged by these alone.
ON_AFMELD = ["1001", "1002", "2001", "2003", "7013", "9001"]
ONLY_ON_CANCELLATION = ["6001", "6002", "6003", "6004"]
ADVICE = ["3004", "3007", "4010", "4017", "5003", "5005", "5006", "5007", "5008", "6004", "7010", "7015"]


def matches(code: str, patterns: list[str]) -> bool:
    return any(re.fullmatch(pattern.replace("x", "[0-9]"), code) for pattern in patterns)


def test_every_file_is_in_the_catalogue_in_code_order() -> None:
    assert CODES == FILES
    assert len(BY_CODE) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_file_is_named_after_its_code(rule: Rule) -> None:
    module = import_module(f"udb.rules.r{rule.code}")
    assert module.RULE is rule
    assert module.check is rule.check


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ModuleType]]:
    """Make a package of files, given as their names without ending and their text."""
    monkeypatch.syspath_prepend(tmp_path)
    made = tmp_path / "made_rules"

    def make(**files: str) -> ModuleType:
        made.mkdir()
        for name, text in {"__init__": "", **files}.items():
            (made / f"{name}.py").write_text(text)
        return import_module("made_rules")

    yield make
    for name in [name for name in sys.modules if name.partition(".")[0] == "made_rules"]:
        del sys.modules[name]


def a_rule(code: str) -> str:
    return f"from dataclasses import replace\nfrom udb.rules.r1001 import RULE as R\nRULE = replace(R, code='{code}')\n"


def test_the_rules_of_a_package_are_found_in_code_order(package: Callable[..., ModuleType]) -> None:
    made = package(r9002=a_rule("9002"), r0001=a_rule("0001"), r5000=a_rule("5000"), runner="", rule="", r12="")
    assert [rule.code for rule in catalogue.find_rules(made)] == ["0001", "5000", "9002"]


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("", TypeError, r"made_rules\.r5000 has no RULE"),
        ("RULE = '5000'", TypeError, r"made_rules\.r5000 has no RULE"),
        (a_rule("5001"), ValueError, r"made_rules\.r5000 has the rule 5001"),
    ],
)
def test_a_file_without_its_rule_is_named(
    package: Callable[..., ModuleType], text: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        catalogue.find_rules(package(r5000=text))


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_docstring_is_the_reference(rule: Rule) -> None:
    doc = str(import_module(f"udb.rules.r{rule.code}").__doc__)
    assert doc.startswith(f"{rule.code}: ")
    assert re.search(r"\nWrong: .+\nRight: ", doc, re.DOTALL)
    assert f"Source: {rule.source.removesuffix('.')}".split(",")[0] in " ".join(doc.split())


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_silenced_by_what_the_table_says(rule: Rule) -> None:
    expected = {silencer for silencer, silenced in SILENCE.items() if matches(rule.code, silenced)}
    if matches(rule.code, NEED_THE_YOUTH):
        expected |= NO_YOUTH
    assert runner.silencers(rule) == expected


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_judges_the_kinds_of_message_that_the_tables_say(rule: Rule) -> None:
    assert (Kind.ANNULLERING in rule.judges) == (rule.code in ON_CANCELLATION)
    assert (Kind.SLET in rule.judges) == (rule.code in ON_SLET)
    # A rule that an Afmeld cannot break is not marked for it.
    assert (Kind.AFMELD in rule.judges and JOBCENTER in rule.services) == (rule.code in ON_AFMELD)
    assert (Kind.REPORT in rule.judges) == (rule.code not in ONLY_ON_CANCELLATION)


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_severity(rule: Rule) -> None:
    assert rule.alvor is (Alvor.BLOED if rule.code in ADVICE else Alvor.HAARD)


@pytest.mark.parametrize(
    ("codes", "services"),
    [
        (["1001", "1003", "1004", "1005", "1006", "2002", "9001"], REPORTS),
        (["1002"], REPORTS - KOMMUNE_REPORTS),
        (["2001", "2003"], frozenset(SERVICES)),
        (["3001", "3002"], EDUCATION | {"IndberetningKommuneAktivitet", "IndberetningJobcenter"}),
        (["3003", "3004"], EDUCATION | {"IndberetningKommuneAktivitet"}),
        (["3005", "3006", "3007", "5001"], EDUCATION),
        (["4001"], {"IndberetningUngdomsuddannelse", "IndberetningForberedendeGrundUddannelse"}),
        (["4002", "4008", "4018"], {"IndberetningForberedendeAktivitet"}),
        (["4003", "4012"], EDUCATION | {"IndberetningKommuneAktivitet"}),
        (["4004", "4005", "4006"], EDUCATION | {"IndberetningKommuneAktivitet", "IndberetningJobcenter"}),
        (["4007"], {"IndberetningVideregaaendeUddannelse"}),
        (["4009", "4010", "4011"], {"IndberetningForberedendeGrundUddannelse"}),
        (["4013", "4015", "7008", "7009"], {"IndberetningKommuneAktivitet"}),
        (
            ["7001"],
            {
                *("IndberetningKommuneAktivitet", "IndberetningKontaktTilbudstid"),
                *("IndberetningKontaktperson", "IndberetningOnsker"),
            },
        ),
        (["7002"], {"IndberetningKontaktperson"}),
        (["7003", "7014"], {"IndberetningOnsker"}),
        (
            ["7004", "7015"],
            {"IndberetningKontaktperson", "IndberetInstitutionKontakt", "IndberetningJobcenter"},
        ),
        (["4014", "4016", "7012", "7013", "7016"], {"IndberetningJobcenter"}),
        (["7005", "7006", "7007", "7010"], {"IndberetningKontaktTilbudstid"}),
        (["7011"], {"IndberetInstitutionKontakt"}),
        (["4017", "5005", "5006", "5007", "5008"], {"IndberetningUngdomsuddannelse"}),
        (["5002", "5003", "5004"], EDUCATION | {"IndberetningKommuneAktivitet", "IndberetningJobcenter"}),
        (
            ["6001", "6002", "6003", "6004", "6005"],
            EDUCATION | {"IndberetningKommuneAktivitet", "IndberetningJobcenter", "IndberetningKontaktTilbudstid"},
        ),
    ],
)
def test_holds_where_the_table_says(codes: list[str], services: set[str]) -> None:
    for code in codes:
        assert BY_CODE[code].services == services, code


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_in_force_on_every_day_so_far(rule: Rule) -> None:
    assert (rule.in_force_from, rule.in_force_to) == (date(2000, 1, 1), None)


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_texts(rule: Rule) -> None:
    assert rule.element in elementer.ATTRIBUTE
    for text in (rule.tekst, rule.text):
        assert text == text.strip()
        assert "  " not in text
        assert text.endswith((".", ".)"))
    fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (rule.tekst, rule.text)]
    assert fields[0] == fields[1]


def test_every_rule_is_in_the_table_of_services() -> None:
    (parameters,) = (mark for mark in test_holds_where_the_table_says.pytestmark if mark.name == "parametrize")
    assert sorted(code for codes, _ in parameters.args[1] for code in codes) == CODES


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.alvor is Alvor.BLOED], ids=lambda rule: rule.code)
def test_advice_does_not_say_that_the_report_is_accepted(rule: Rule) -> None:
    """Another finding may refuse it."""
    assert not re.search(r"(?<!hvis den )er accepteret|er modtaget|gemmes|er alt i orden", rule.tekst)
    assert not re.search(r"is accepted|is received|is stored|all is well", rule.text)


def test_7001_tells_nothing_of_the_youth() -> None:
    assert not re.search("findes|flyttet|død|udrejst|bor |anden kommune", BY_CODE["7001"].tekst)
    assert not re.search("exist|moved|dead|abroad|lives|another kommune", BY_CODE["7001"].text)
