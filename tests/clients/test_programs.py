"""The programs of ``clients/`` whose toolkits come from pip and npm are right, and a wrong one is noticed.

The others are tried by ``make clients``.
"""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.clients import table
from tests.clients.run import HALF, Bench, exit_code, tried
from tests.clients.table import Outcome, Row
from tests.clients.toolkits import CLIENTS, TOOLKITS, Toolkit
from tests.clients.trial import (
    ALL_PARTS,
    GENERATE,
    PARTS,
    SIGNED,
    TRIAL,
    ZEEP,
    Result,
    Trial,
    differences,
    expected,
    prepare,
    result_of,
    right_parts,
)
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


@pytest.fixture
def bench(world: World, passage: Wire, tmp_path: Path) -> Bench:
    return Bench(world, passage, tmp_path / "programs")


FROM_REGISTRIES = [toolkit for toolkit in TOOLKITS if toolkit.from_registries]


def test_these_clients_are_from_the_package_registries() -> None:
    assert [toolkit.name for toolkit in FROM_REGISTRIES] == ["zeep", "suds", "xsdata", "node", "strong-soap"]


@pytest.mark.parametrize("toolkit", FROM_REGISTRIES, ids=lambda toolkit: toolkit.name)
def test_every_client_from_the_package_registries_is_as_it_should_be(bench: Bench, toolkit: Toolkit) -> None:
    for number, soap in enumerate(toolkit.soap):
        row = tried(bench, toolkit, soap, number)
        assert row.result == Result(frozenset(ALL_PARTS) - {SIGNED})
        assert row.outcome is Outcome.RIGHT
        assert re.fullmatch(r"\d+(\.\d+)+", row.version)


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
        bare = ask("parameters.py", f"{running.bind}/").split()
        asked = ask("parameters.py", running.address, "1.2").split()
        said = [json.loads(line) for line in ask("zeep/client.py", *asked).splitlines()]
        again = ask("parameters.py", running.address, "1.2").split()
    assert bare == [*asked[:3], "1.1", *asked[4:]], "the address with http:// and without a slash"
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


def test_a_program_that_speaks_another_soap_version_is_noticed(trial: Trial, bench: Bench) -> None:
    command = f'exec {sys.executable} {CLIENTS}/zeep/client.py "$1" "$2" "$3" 1.1 "$5" "$6" "$7" "$8"'
    stubborn = replace(ZEEP, program=("sh", "-c", command, "sh"))
    result = result_of(replace(trial, toolkit=stubborn), bench.passage, bench.folder)
    assert result.faults == ("it was to speak SOAP 1.2 and spoke ['1.1']",)


def test_a_program_that_ends_with_an_error_is_noticed(trial: Trial, bench: Bench) -> None:
    result = result_of(replace(trial, system="nobody"), bench.passage, bench.folder)
    (message,) = result.faults
    assert "its program ended with 1" in message
    assert "Fault" in message
    assert result.right == {GENERATE, "Ping"}


def test_a_program_that_cannot_be_made_is_noticed(trial: Trial, bench: Bench, tmp_path: Path) -> None:
    build = tmp_path / "build.sh"
    build.write_text("#!/bin/sh\necho half > $2/done\necho 'no such tool' >&2\nexit 7\n")
    build.chmod(0o755)
    unmade = replace(ZEEP, name=str(tmp_path))
    for _ in range(2):
        result = result_of(replace(trial, toolkit=unmade), bench.passage, bench.folder)
        assert result == Result(frozenset(), ("its program could not be made: no such tool\n",))


ABSENT = Toolkit("absent", ("false",), probe="exit 1", needs="Debian: absent", version="false", soap=("1.1",))


def test_a_toolkit_that_is_not_here_is_named_and_is_no_success(bench: Bench) -> None:
    row = tried(bench, ABSENT, "1.1", 0)
    assert row == Row(ABSENT, "1.1", Outcome.NOT_HERE)
    assert "absent is not installed (Debian: absent)." in table.summary([row], date(2026, 8, 10)).splitlines()


def test_what_a_program_that_signs_does_is_in_the_table(bench: Bench) -> None:
    asked = []

    def signs(soap: str, number: int) -> list[str]:
        asked.append((soap, number))
        return [] if soap == "1.1" else ["it was not accepted"]

    bench = replace(bench, signs={"zeep": signs})
    rows = [tried(bench, ZEEP, soap, number) for number, soap in enumerate(("1.1", "1.2"))]
    assert [(soap, number >= HALF) for soap, number in asked] == [("1.1", True), ("1.2", True)]
    assert [row.outcome for row in rows] == [Outcome.RIGHT, Outcome.WRONG]
    assert rows[1].result == Result(frozenset(ALL_PARTS) - {SIGNED}, ("signed: it was not accepted",))
    assert [row.line().split("|")[-2].strip() for row in rows] == ["ok", "**wrong**"]
    assert table.summary(rows, date(2026, 8, 10)) == (
        "2026-08-10: 0 of 1 stacks are right.\nzeep, SOAP 1.2:\n  signed: it was not accepted"
    )


def test_a_toolkit_that_does_not_say_its_version_is_noticed(bench: Bench) -> None:
    row = tried(bench, replace(ZEEP, version="true"), "1.1", 0)
    assert row.outcome is Outcome.WRONG
    assert row.result == Result(frozenset(ALL_PARTS) - {SIGNED}, ("it did not say its version",))


def test_the_table_has_a_cell_for_every_part() -> None:
    result = Result(frozenset({GENERATE, "Ping", "receipt"}), ("it said this", "it said that"))
    rows = [
        Row(replace(ZEEP, unsigned="it has no certificates"), "1.1", Outcome.WRONG, "4.3.3", result),
        Row(ABSENT, "1.1", Outcome.NOT_HERE),
    ]
    lines = [*table.heading().splitlines(), *(row.line() for row in rows)]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == ["stack", "version", "SOAP", *ALL_PARTS]
    assert cells[2] == ["zeep", "4.3.3", "1.1", "read", "ok", "ok", *["**wrong**"] * 3, "no"]
    assert cells[3] == ["absent", "not installed", "1.1", *[""] * len(ALL_PARTS)]
    assert table.summary(rows, date(2026, 8, 10)).splitlines() == [
        "2026-08-10: 0 of 2 stacks are right.",
        "zeep, SOAP 1.1:",
        "  it said this",
        "  it said that",
        "absent is not installed (Debian: absent).",
        "zeep has no program that signs: it has no certificates.",
    ]


def test_the_exit_code_tells_wrong_from_missing_from_well() -> None:
    assert exit_code({Outcome.RIGHT}) == 0
    assert exit_code({Outcome.RIGHT, Outcome.NOT_HERE}) == 3
    assert exit_code({Outcome.RIGHT, Outcome.NOT_HERE, Outcome.WRONG}) == 1


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
    assert right_parts(TRIAL, printed(right)) == set(PARTS)
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
    assert right_parts(TRIAL, "up\n") == set()


def test_a_wrong_line_makes_its_part_wrong() -> None:
    for line in transcript():
        kept = [other for other in transcript() if other != line]
        missed = set(PARTS) - right_parts(TRIAL, printed(kept))
        assert line["step"] in set().union(*(PARTS[part] for part in missed)), line


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


def test_parameters_of_another_soap_version_are_one_line() -> None:
    assert asked_in_vain("http://127.0.0.1:8080", "1.3") == "parameters.py [ADDRESS [SOAP]], where SOAP is 1.1 or 1.2\n"


def asked_in_vain(*arguments: str) -> str:
    command = [sys.executable, str(CLIENTS / "parameters.py"), *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=direct(), check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    return done.stderr
