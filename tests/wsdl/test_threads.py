"""Threads: no fault carries another caller's element or line, and none carries a value."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from lxml import etree

from tests.support.fake_context import REPORT, app_of, envelope, post
from tests.wsdl.hostile import PAYLOAD
from udb.domain.services import DATA_TIL_KOMMUNE
from udb.wsdl.xml import schema

THREADS = 8
ROUNDS = 60
WRONG = [
    "CPRNr",
    "InstitutionNummer",
    "Status",
    "HaendelseDato",
    "KildeLeverandoer",
    "COsAFormaal",
    "Annullering",
    "GennemfoertHf",
]


def invalid(name: str, secret: str, lines: int) -> bytes:
    start, _, rest = PAYLOAD.partition(f"<v1:{name}>")
    end = rest.partition(f"</v1:{name}>")[2]
    return b"\n" * lines + envelope(f"{start}<v1:{name}>{secret * 40}</v1:{name}>{end}")


def test_faults_never_mix():
    app = app_of()
    clean_lines = {name: envelope(PAYLOAD).decode().partition(f"<v1:{name}>")[0].count("\n") + 1 for name in WRONG}

    def caller(number: int) -> list[str]:
        wrong = []
        name = WRONG[number]
        for turn in range(ROUNDS):
            secret = f"hemmelig{number:02}{turn:03}"
            answer = post(app, REPORT, invalid(name, secret, turn))
            details = answer.text("Details") or ""
            expected = f"Linje {clean_lines[name] + turn}: {name}: "
            if "hemmelig" in answer.body.decode() or not details.startswith(expected) or "\n" in details:
                wrong.append(details)
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        assert [found for one in pool.map(caller, range(THREADS)) for found in one] == []


def test_schemas_are_read_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads that read the first schemas of a process at once can leave libxml2 unable to read any."""
    reading, really = threading.Lock(), etree.XMLSchema
    together: list[bool] = []
    ready = threading.Barrier(8)

    def read(document: Any) -> Any:
        alone = reading.acquire(blocking=False)
        together.append(not alone)
        try:
            # Long enough for the others to come too, if they may.
            threading.Event().wait(0.02)
            return really(document)
        finally:
            if alone:
                reading.release()

    def thread() -> None:
        ready.wait()
        schema.violations(DATA_TIL_KOMMUNE, etree.fromstring("<x/>"))

    monkeypatch.setattr(etree, "XMLSchema", read)
    threads = [threading.Thread(target=thread) for _ in range(ready.parties)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert together == [False] * ready.parties
