"""The programs of ``clients/`` that sign: those whose toolkits come from pip and npm are accepted, and a wrong one is
noticed.

The others are tried by ``make clients``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.signed import SIGNING, Recorder, Signing, signed_faults_of
from tests.clients.toolkits import CLIENTS, PYTHON, TOOLKITS
from tests.clients.wire import wire
from tests.support import service
from tests.support.world import World
from udb.paths import ROOT
from udb.wsdl.signature.reasons import Reason


@pytest.fixture
def recorder(sandbox_url: str, tmp_path: Path) -> Iterator[Recorder]:
    with (
        wire(Recorder) as passage,
        service.running(sandbox_url, tmp_path, UDB_ADRESSE=passage.address, UDB_SIGNATUR="kraev") as running,
    ):
        passage.bind = running.bind
        yield passage


def test_every_signing_program_from_the_package_registries_is_accepted(world: World, recorder: Recorder) -> None:
    pairs = [(signing, soap) for signing in SIGNING if signing.from_registries for soap in signing.soap]
    assert {signing.name for signing, _ in pairs} >= {"zeep", "suds", "node"}
    faults = {
        (signing.name, soap): signed_faults_of(world, signing, soap, number, recorder)
        for number, (signing, soap) in enumerate(pairs)
    }
    assert [pair for pair, found in faults.items() if found] == [], faults


def test_programs_that_do_not_sign_or_do_not_report_are_noticed(world: World, recorder: Recorder) -> None:
    command = f'{PYTHON} {CLIENTS}/zeep/client.py "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$8"'
    unsigned = Signing("zeep", ("sh", "-c", command, "sh"), probe="", needs="")
    (message,) = signed_faults_of(world, unsigned, "1.1", 0, recorder)
    assert "its program ended with 1" in message
    assert Reason.HEADER_MISSING.key in message
    silent = Signing("zeep", (PYTHON, "-c", ""), probe="", needs="")
    assert signed_faults_of(world, silent, "1.2", 1, recorder) == ["it was to speak SOAP 1.2 and spoke []"]


def test_every_toolkit_signs_or_the_page_says_how_else() -> None:
    found = {folder.name for folder in CLIENTS.iterdir() if list(folder.glob("[sS]igned.*"))}
    assert found == {signing.name for signing in SIGNING}
    page = (ROOT / "docs" / "signering.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"`clients/([a-z0-9-]+)/[sS]igned\.\w+`", page))
    assert linked == found
    otherwise = {toolkit.name for toolkit in TOOLKITS} - found
    assert [name for name in otherwise if f"`{name}`" not in page] == []
