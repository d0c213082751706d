"""The programs of ``clients/`` whose toolkits come from pip and npm are right, and a wrong one is noticed.

The others are tried by ``make clients``.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.clients.run import Outcome, exit_code, tried
from tests.clients.toolkits import CLIENTS, TOOLKITS, Toolkit
from tests.clients.trial import TRIAL, ZEEP, Trial, differences, expected, faults_of, prepare
from tests.clients.wire import Wire, wire
from tests.support import service
from tests.support.programs import direct
from tests.support.world import World
from udb.imports.kodesaet import load_shipped
from udb.sandbox.running import free_address
from udb.sandbox.seed import Parameters, seed
from udb.store.engine import make_engine, writing


@pytest.fixture
def passage(sandbox_url: str, tmp_path: Path) -> Iterator[Wire]:
    with wire() as passage, service.running(sandbox_url, tmp_path, UDB_ADRESSE=passage.address) as running:
        passage.bind = running.bind
        yield passage


def test_every_client_from_the_package_registries_is_as_it_should_be(world: World, passage: Wire) -> None:
    pairs = [(toolkit, soap) for toolkit in TOOLKITS if toolkit.from_registries for soap in toolkit.soap]
    assert [toolkit.name for toolkit, _ in pairs] == ["zeep", "zeep", "suds", "node", "node"]
    outcomes = {
        (toolkit.name, soap): tried(world, passage, toolkit, soap, number)
        for number, (toolkit, soap) in enumerate(pairs)
    }
    assert set(outcomes.values()) == {(Outcome.GREEN, "")}, outcomes


def test_every_toolkit_has_a_program_and_every_program_a_toolkit() -> None:
    folders = {folder.name for folder in CLIENTS.iterdir() if folder.is_dir()} - {"soapui", "xmlsec1"}
    assert folders == {toolkit.name for toolkit in TOOLKITS}


def test_a_running_sandbox_has_what_a_program_is_to_be_given(database_url: str, tmp_path: Path) -> None:
    engine = make_engine(database_url)
    with writing(engine) as connection:
        load_shipped(connection)
    seed(engine, Parameters(unge=300, seed=1, dato=date(2026, 8, 10)), lambda *_: None)
    engine.dispose()
    with service.running(database_url, tmp_path) as running:
        asked = ask("parameters.py", running.address, "1.2").split()
        said = [json.loads(line) for line in ask("zeep/client.py", *asked).splitlines()]
        again = ask("parameters.py", running.address, "1.2").split()
    assert asked[:2] + asked[3:4] + asked[7:] == [running.address, "sandbox", "1.2", "2026-08-10"]
    assert said[1]["Resultat"] == "Accepteret"
    assert {line["CPRNr"] for line in said if line["step"] == "cpr.haendelse"} == {asked[4]}
    assert again[4] != asked[4], "another youth, since this one has a report now"


def ask(program: str, *parameters: str) -> str:
    command = [sys.executable, str(CLIENTS / program), *parameters]
    return subprocess.run(command, env=direct(), capture_output=True, encoding="utf-8", check=True, timeout=60).stdout


@pytest.fixture
def trial(world: World) -> Trial:
    return prepare(world, ZEEP, "1.2", 0)


def test_a_program_that_speaks_another_soap_version_is_noticed(trial: Trial, passage: Wire) -> None:
    command = f'exec {sys.executable} {CLIENTS}/zeep/client.py "$1" "$2" "$3" 1.1 "$5" "$6" "$7" "$8"'
    stubborn = replace(ZEEP, program=("sh", "-c", command, "sh"))
    assert faults_of(replace(trial, toolkit=stubborn), passage) == ["it was to speak SOAP 1.2 and spoke ['1.1']"]


def test_a_program_that_ends_with_an_error_is_noticed(trial: Trial, passage: Wire) -> None:
    (message,) = faults_of(replace(trial, system="nobody"), passage)
    assert "its program ended with 1" in message
    assert "Fault" in message


def test_a_program_that_cannot_be_made_is_noticed(trial: Trial, passage: Wire, tmp_path: Path) -> None:
    build = tmp_path / "build.sh"
    build.write_text("#!/bin/sh\necho 'no such tool' >&2\nexit 7\n")
    build.chmod(0o755)
    unmade = replace(ZEEP, name=str(tmp_path))
    assert faults_of(replace(trial, toolkit=unmade), passage) == ["its program could not be made: no such tool\n"]


def test_a_toolkit_that_is_not_here_is_told_of_and_is_no_success(world: World, passage: Wire) -> None:
    absent = Toolkit("absent", ("false",), probe="exit 1", needs="Debian: absent", soap=("1.1",))
    assert tried(world, passage, absent, "1.1", 0) == (Outcome.NOT_HERE, " (Debian: absent)")
    assert tried(world, passage, absent, "1.2", 0) == (Outcome.NOT_SPOKEN, "")


def test_the_exit_code_tells_wrong_from_missing_from_well() -> None:
    assert exit_code({Outcome.GREEN, Outcome.NOT_SPOKEN}) == 0
    assert exit_code({Outcome.GREEN, Outcome.NOT_HERE}) == 3
    assert exit_code({Outcome.GREEN, Outcome.NOT_HERE, Outcome.WRONG}) == 1


NUMBERS = {"HaendelseNummer": "UDB-" + "1" * 23, "ForloebId": "UDB-FL-" + "1" * 23}
REGISTERED = {"Registreringstid": "2026-08-10T06:00:00.123+00:00"}


def transcript() -> list[dict[str, str]]:
    """Return what a right program prints."""
    own = [{"step": "optag", **NUMBERS, **REGISTERED}, {"step": "afvist", **REGISTERED}]
    times = [{**line, "Registreringstid": datetime.fromisoformat(line["Registreringstid"])} for line in own]
    return [
        {name: value if isinstance(value, str) else value.isoformat() for name, value in line.items()}
        for line in expected(TRIAL, times)
    ]


def printed(lines: list[dict[str, str]]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_every_line_and_every_field_counts() -> None:
    right = transcript()
    assert differences(TRIAL, printed(right)) == []
    assert len(right) == 12
    for place, line in enumerate(right):
        assert differences(TRIAL, printed(right[:place] + right[place + 1 :]))
        assert differences(TRIAL, printed([*right[: place + 1], line, *right[place + 1 :]]))
        for name, value in line.items():
            time = value.startswith("2026")
            wrong = {**line, name: "2026-08-12T00:00:00+02:00" if time else f"{value}x"}
            assert differences(TRIAL, printed([*right[:place], wrong, *right[place + 1 :]])), (place, name)
            less = {key: kept for key, kept in line.items() if key != name}
            assert differences(TRIAL, printed([*right[:place], less, *right[place + 1 :]])), (place, name)


def test_what_is_no_json_is_noticed() -> None:
    (message,) = differences(TRIAL, "up\n")
    assert "README.md" in message


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (403, "Serveren svarer ikke på denne Host.", "is no sandbox that can be asked: HTTP 403. Serveren svarer ikke"),
        (404, "", "is no sandbox that can be asked: HTTP 404."),
        (200, "<html>", "No sandbox answers at"),
        (
            200,
            '{"systemer": [{"id": "sandbox", "noegle": "n"}], "nu": "2026-08-10T08:00:00", "unge": []}',
            "No youth without reports is left in the sandbox. Put it back as it was: udb sandbox reset",
        ),
    ],
    ids=["refused", "no sandbox", "something else", "used up"],
)
def test_parameters_that_cannot_be_had_are_one_line(status: int, answer: str, said: str) -> None:
    class Sandbox(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: object) -> None:
            """Write nothing."""

    with HTTPServer(("127.0.0.1", 0), Sandbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = asked_in_vain(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert said in found


def test_an_address_where_nothing_answers_is_one_line() -> None:
    address = f"http://{free_address()}"
    expected = f"No sandbox answers at {address}. Start one with make run, or give its address: parameters.py ADDRESS\n"
    assert asked_in_vain(address) == expected


def asked_in_vain(address: str) -> str:
    command = [sys.executable, str(CLIENTS / "parameters.py"), address]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=direct(), check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    return done.stderr
