"""Scenario files of one's own: what is misspelt is refused with its line, and nothing is played."""

import sys
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.conformance import strangers
from tests.conformance.target import InProcess, service
from udb import cli
from udb.conformance.report import krav
from udb.conformance.service.run import run
from udb.conformance.shared import places, scenario_file
from udb.conformance.shared.scenario import FOLDER, LOADER, scenarios, shared
from udb.domain.errors import WrongUse

KRAV = {row.nummer for row in krav.rows()}
HEAD = """\
scenarios:
- id: min-egen
  name: Min egen
  youths: {ung: {born: 2008-03-05}}
  steps:
  - {send: HF, as: optag}
"""


def said(tmp_path: Path, text: str) -> list[str]:
    """Return what is said of a file, without its name."""
    file = tmp_path / "min.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse) as refused:
        scenario_file.read(file, places.read(), KRAV)
    return [line.removeprefix(f"{file}:") for line in str(refused.value).splitlines()]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("{fetch: kommune, show: [optag]}", "7: unknown key 'show' here; did you mean 'shows'?"),
        ("{fetch: kommune, Shows: []}", "7: unknown key 'Shows' here; did you mean 'shows'?"),
        ("{send: STX, code: [9999]}", "7: unknown key 'code' here; did you mean 'codes'?"),
        ("{send: STX, Staus: 3}", "7: unknown key 'Staus' here; did you mean 'Status'?"),
        ("{fetch: kommune, youth: anna}", "7: youth: should be keys with values, such as {name: value}"),
        ("{send: HFX}", "7: no kind of report is called 'HFX'; did you mean 'HF'?"),
        ("{fetch: kommune, shows: [hest]}", "7: no earlier step is called 'hest': optag"),
        (
            '{send: STX, HaendelseDato: "2026-08-17"}',
            "7: HaendelseDato: write 2026-08-17 without quotes, which is its midnight; in quotes it is sent as it is",
        ),
        ("{send: STX, CPRNr: anna}", "7: no youth is called 'anna': ung"),
        ("{send: STX, InstitutionNummer: gymasium}", "7: no institution is called 'gymasium'; did you mean 'gymnas"),
        ("{send: STX, STADSKode: '1'}", "7: IndberetningUngdomsuddannelse has no element STADSKode"),
        ("{send: STX, system: skole}", "7: no system is called 'skole'; did you mean 'skolesystem'?"),
        ("{send: STX, codes: [50]}", "7: a code is four digits"),
        ("{send: STX, codes: 5001}", "7: codes: should be a list, such as [one, two]"),
        ("{send: STX, soap: '2'}", "7: soap: should be '1.1' or '1.2'"),
        ("{sned: STX}", "7: the step does nothing: it needs one of send, cancel, fetch, call, import"),
        ("{send: STX, fetch: kommune}", "7: a step does one thing; send and fetch are two steps"),
        ("{cancel: optg}", "7: no earlier step is called 'optg'; did you mean 'optag'?"),
        ("{fetch: kommune, after: optg}", "7: no earlier step is called 'optg'; did you mean 'optag'?"),
        ("{fetch: kommune, cpr: anna}", "7: no youth is called 'anna': ung"),
        ("{change: ung}", "7: 'to' is missing: the name of the youth with the new number"),
        ("{change: anna, to: ny}", "7: no youth is called 'anna': ung"),
        ("{clock: 17. august}", "7: clock: write a date as 2026-08-17 or an instant as 2026-08-17T09:00:00+02:00"),
        ("{call: {operation: HentMarkeringer}}", "7: 'service' is missing"),
        ("{call: {service: DataTilInstitution, operation: HentMarkering}}",
         "7: no operation is called 'HentMarkering'; did you mean 'HentMarkeringer'?"),
        ("{call: {service: DataTilInstitution, operation: HentMarkeringer, CPRN: ung}}",
         "7: HentMarkeringer has no element CPRN"),
        ("{http: {method: GET, path: /}}", "7: it expects nothing: write status or fault"),
        ("{http: {method: GET, paht: /}, status: 200}", "7: 'path' is missing"),
        ("{ping: DataTilKomune}", "7: no service is called 'DataTilKomune'; did you mean 'DataTilKommune'?"),
        ("{import: crp, rows: [{cprnr: ung}]}", "7: no import is called 'crp'; did you mean 'cpr'?"),
        ("{import: cpr}", "7: 'rows' is missing"),
        ("{person: {youth: ung, kommune: odense}}", "7: no kommune is called 'odense': anden_kommune, anden_stille_"),
        ("{send: STX, spoil: {remov: [Status]}}", "7: unknown key 'remov' here; did you mean 'remove'?"),
        ("{send: STX, send: HF}", "7: 'send' is there twice"),
        ("STX", "7: should be keys with values, such as {name: value}"),
    ],
    ids=str,
)  # fmt: skip
def test_a_step_that_says_something_unknown_is_refused_with_its_line(tmp_path: Path, step: str, expected: str) -> None:
    found = said(tmp_path, f"{HEAD}  - {step}\n")
    assert [line for line in found if line.startswith(expected)], found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  name: Min egen\n", "", "2: 'name' is missing"),
        ("id: min-egen", "id: Min egen", "2: id: should be small letters, digits and single hyphens"),
        ("  name:", "  nam: x\n  name:", "3: unknown key 'nam' here; did you mean 'name'?"),
        ("  name:", "  krav: [F999]\n  name:", "3: no requirement is called 'F999'"),
        ("  name:", "  rule: '9999'\n  name:", "3: no rule is called '9999'"),
        ("born: 2008-03-05", "born: '2008-03-05'", "4: born: should be a date such as 2008-03-05, without quotes"),
        ("born: 2008-03-05", "born: 2008-03-05, komune: kommune", "4: unknown key 'komune' here; did you mean 'komm"),
        ("born: 2008-03-05", "born: 2008-03-05, kommune: odense", "4: no kommune is called 'odense'"),
        ("{ung:", "{anna:", "6: the report names none of the youths: write CPRNr: anna, or call the youth ung"),
        ("  steps:\n  - {send: HF, as: optag}\n", "", "2: a scenario has either steps or parts"),
        ("scenarios:", "senarios:", "1: 'scenarios' is missing"),
        ("{send: HF, as: optag}", "{send: HF, as: optag", "7: not YAML: "),
        ("2008-03-05", "2008-02-31", "1: not YAML"),
    ],
)  # fmt: skip
def test_a_scenario_that_is_none_is_refused_with_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in HEAD
    found = said(tmp_path, HEAD.replace(old, new))
    assert [line for line in found if line.removeprefix(" ").startswith(expected)], found


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1, 2]", b"a: &a [*a]", b"[" * 100_000, b"- !!python/name:os"])
def test_what_is_no_file_of_scenarios_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "min.yaml"
    file.write_bytes(content)
    with pytest.raises(WrongUse, match=r"min\.yaml"):
        scenario_file.read(file, places.read(), KRAV)


def test_each_id_is_given_once(tmp_path: Path) -> None:
    assert said(tmp_path, HEAD + HEAD.partition("\n")[2]) == ["7: the id 'min-egen' is given twice"]


def test_the_shipped_scenarios_are_such_a_file() -> None:
    for path in sorted(FOLDER.glob("*.yaml")):
        data = {"scenarios": yaml.load(path.read_text(encoding="utf-8"), LOADER)["scenarios"]}
        assert scenario_file.mistakes(data, places.read(), KRAV) == [], path


def conformance(monkeypatch, capsys, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["udb", "conformance", "service", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_the_command_plays_a_file_of_ones_own(monkeypatch, capsys, one_sandbox: Engine, tmp_path: Path) -> None:
    file = tmp_path / "min.yaml"
    file.write_text(f"{HEAD}  - {{fetch: kommune, cpr: ung, shows: [optag]}}\n", encoding="utf-8")
    wrong = tmp_path / "forkert.yaml"
    wrong.write_text(f"{HEAD}  - {{fetch: kommune, cpr: ung, shows: []}}\n".replace("min-egen", "din-egen"))
    with capture_logs(), strangers.served(service(one_sandbox)) as url:
        code, out, _ = conformance(monkeypatch, capsys, "--url", url, "--scenarios", str(file))
        assert (code, "1 passed, 0 failed, 0 not run (of 1" in out) == (0, True)
        both = ("--scenarios", str(file), "--scenarios", str(wrong), "--report", str(tmp_path))
        code, out, _ = conformance(monkeypatch, capsys, "--url", url, *both)
    assert (code, "1 passed, 1 failed" in out) == (1, True)
    assert "Sammenlign beskederne med det, scenariet forventer." in out
    assert "din-egen" in (tmp_path / "rapport.html").read_text(encoding="utf-8")


def test_a_misspelt_file_ends_the_command_with_2_before_anything_is_called(monkeypatch, capsys, tmp_path: Path) -> None:
    file = tmp_path / "min.yaml"
    file.write_text(HEAD.replace("send: HF,", "send: HF, Staus: 3,"), encoding="utf-8")
    code, out, err = conformance(monkeypatch, capsys, "--url", "http://127.0.0.1:1", "--scenarios", str(file))
    assert (code, out, err) == (2, "", f"{file}:6: unknown key 'Staus' here; did you mean 'Status'?\n")
    assert conformance(monkeypatch, capsys, "--scenarios", str(tmp_path / "ingen.yaml"))[0] == 2


def test_the_shared_youth_and_kinds_are_those_the_guide_names() -> None:
    page = (krav.FILE.parent / "konformitet.md").read_text(encoding="utf-8")
    assert list(shared().youths) == ["ung"]
    assert [kind for kind in shared().reports if f"`{kind}`" not in page] == []
    assert len(scenarios()) > 180


def test_the_guides_example_passes(target: InProcess, tmp_path: Path) -> None:
    page = (krav.FILE.parent / "konformitet.md").read_text(encoding="utf-8")
    file = tmp_path / "min.yaml"
    file.write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    result = run(target, "here", scenario_file.read(file, places.read(), KRAV), places=places.read())
    assert [(one.scenario.id, one.wrong) for one in result.outcomes] == [("min-pause", [])]
