"""``make audit`` with a pip-audit that answers as the real one was seen to."""

import json
import sys

import pytest

from tests.deploy.audit import main

SOUND = {"name": "lxml", "version": "6.0.2", "vulns": []}
WEAK = {"name": "jinja2", "version": "3.1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.6"], "aliases": []}]}
UNKNOWN = {"name": "spyne", "skip_reason": "Dependency not found on PyPI and could not be audited: spyne (2.14.0)"}


@pytest.fixture
def pip_audit(tmp_path):
    """Return a function that makes a pip-audit with an output and an exit code."""

    def made(output, code):
        program = tmp_path / "pip-audit"
        program.write_text(f"#!{sys.executable}\nimport sys\nprint({output!r})\nsys.exit({code})\n")
        program.chmod(0o755)
        return str(program)

    return made


@pytest.mark.parametrize(
    ("packages", "code", "expected", "said"),
    [
        ([SOUND], 0, 0, "1 packages, none with a known weakness."),
        ([SOUND, WEAK], 1, 1, "jinja2 3.1.0: PYSEC-1, mended in 3.1.6"),
        ([SOUND, UNKNOWN], 0, 3, "NOT COMPARED: 1 of 2 packages, which the database lacks: spyne"),
        ([WEAK, UNKNOWN], 1, 1, "NOT COMPARED: 1 of 2"),
        ([], 0, 3, "NOT COMPARED: the database of weaknesses cannot be reached."),
    ],
    ids=["sound", "weak", "not in the database", "both", "nothing"],
)
def test_only_what_was_compared_is_sound(pip_audit, capsys, packages, code, expected, said):
    program = pip_audit(json.dumps({"dependencies": packages, "fixes": []}), code)
    assert main(program, ["requirements.lock"]) == expected
    assert f"requirements.lock: {said}" in capsys.readouterr().out


@pytest.mark.parametrize("output", ["", "ERROR:pip_audit._cli:connection refused"])
def test_without_an_answer_nothing_is_said_to_be_sound(pip_audit, capsys, output):
    assert main(pip_audit(output, 1), ["requirements.lock", "requirements-dev.lock"]) == 3
    said = capsys.readouterr().out
    assert said.count("NOT COMPARED: the database of weaknesses cannot be reached.") == 2
    assert "none with a known weakness" not in said


def test_a_weakness_outweighs_what_was_not_compared(tmp_path, capsys):
    program = tmp_path / "pip-audit"
    weak, unknown = (json.dumps({"dependencies": [package]}) for package in (WEAK, UNKNOWN))
    program.write_text(f"#!{sys.executable}\nimport sys\nprint({weak!r} if 'a.lock' in sys.argv else {unknown!r})\n")
    program.chmod(0o755)
    assert main(str(program), ["a.lock", "b.lock"]) == 1
    assert main(str(program), ["b.lock", "b.lock"]) == 3
    assert capsys.readouterr().out.count("NOT COMPARED") == 3
