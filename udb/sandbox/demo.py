"""The demonstration: a youth's year in calls to a service with its own register."""

import json
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from lxml import etree

from udb.domain import elementer
from udb.domain.clock import DANISH
from udb.domain.haendelse import AFBRUDT, GENNEMFOERT
from udb.domain.services import DATA_TIL_KOMMUNE, UNGDOMSUDDANNELSE
from udb.sandbox import callers, example
from udb.sandbox.running import free_address, run_command, running
from udb.sandbox.soapcall import DIRECT, Caller, Payload
from udb.settings import sqlite_url
from udb.store.engine import make_engine, reading

YOUTHS: Final = 300
SEED: Final = 1
BEGINS: Final = date(2026, 8, 10)
LEAVES: Final = date(2026, 11, 16)
RETURNS: Final = date(2027, 1, 4)
FINISHES: Final = date(2027, 6, 25)
UNKNOWN_REASON: Final = "9"
HENT: Final = "HentHaendelser"

Line = tuple[int, str, str]
"""Depth, element name, text."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call with its explanation and its answer."""

    day: date
    told: str
    service: str
    operation: str
    answer: tuple[Line, ...]

    def value(self, name: str) -> str | None:
        """Return the text of the first element of that name."""
        return next((text for _, found, text in self.answer if found == name), None)


def year() -> Iterator[Step]:
    """Yield the steps; each call is made when its step is asked for."""
    with tempfile.TemporaryDirectory(prefix="udb-demo-") as folder:
        url = sqlite_url(Path(folder) / "udb.sqlite")
        environment = {"UDB_DATABASE_URL": url}
        run_command(environment, "migrate", quiet=True)
        seed = ("sandbox", "seed", "--youths", str(YOUTHS), "--seed", str(SEED), "--date", BEGINS.isoformat())
        run_command(environment, *seed, quiet=True)
        bind = free_address()
        with running(bind, environment, quiet=True):
            caller = Caller(f"http://{bind}", callers.EVERYTHING, callers.key_of(SEED, callers.EVERYTHING))
            yield from _story(caller, _choose(url))


def _story(caller: Caller, youth: example.Example) -> Iterator[Step]:
    def report(told: str, payload: Payload, day: date) -> Step:
        return _step(caller, day, told, UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, payload)

    def fetch(told: str, day: date, **criterion: str) -> Step:
        payload = {elementer.INSTITUTION_NUMMER: youth.kommune, **criterion}
        return _step(caller, day, told, DATA_TIL_KOMMUNE, HENT, payload)

    _set_clock(caller, BEGINS)
    while fetch("Everything from before the story.", BEGINS).value(elementer.FINDES_FLERE_HAENDELSER) == "true":
        pass
    wrong_code = example.report(youth, BEGINS, formaal="9999")
    yield report("A youth begins hf. The school reports it with a code that does not exist.", wrong_code, BEGINS)
    yield report("The school corrects the code and gets a receipt.", example.report(youth, BEGINS), BEGINS)
    yield fetch("The home kommune fetches what is new.", BEGINS)

    _set_clock(caller, LEAVES)
    left = example.report(youth, LEAVES, AFBRUDT, afbrudsaarsag=UNKNOWN_REASON)
    yield report("The youth leaves.", left, LEAVES)
    yield fetch("The kommune fetches again, and can act the same day.", LEAVES)
    mistake = example.report(youth, LEAVES, GENNEMFOERT, hf_gennemfoert=True)
    finished = report("By mistake the school reports hf as finished, too: taken, with advice.", mistake, LEAVES)
    yield finished
    cancelling = example.report(
        youth, LEAVES, GENNEMFOERT, hf_gennemfoert=True, annullerer=finished.value(elementer.HAENDELSE_NUMMER)
    )
    yield report("The school follows the advice and cancels that report.", cancelling, LEAVES)

    _set_clock(caller, RETURNS)
    yield report("The youth begins again.", example.report(youth, RETURNS), RETURNS)
    _set_clock(caller, FINISHES)
    done = example.report(youth, FINISHES, GENNEMFOERT, hf_gennemfoert=True)
    yield report("The youth finishes hf.", done, FINISHES)
    yield fetch("The kommune looks the youth up: the whole year.", FINISHES, **{elementer.CPRNR: youth.cprnr})


def _step(caller: Caller, day: date, told: str, service: str, operation: str, payload: Payload) -> Step:
    answer = caller.call(service, operation, payload)
    return Step(day, told, service, operation, tuple(line for child in answer for line in _lines(child, 0)))


def _lines(element: etree._Element, depth: int) -> Iterator[Line]:
    yield depth, etree.QName(element).localname, (element.text or "").strip()
    for child in element:
        yield from _lines(child, depth + 1)


def _set_clock(caller: Caller, day: date) -> None:
    now = datetime.combine(day, time(12), DANISH).isoformat()
    headers = {"X-UDB-Sandbox": "1", "Content-Type": "application/json"}
    body = json.dumps({"nu": now}).encode()
    request = urllib.request.Request(f"{caller.address}/sandbox/ur", body, headers, method="PUT")  # noqa: S310 - own service
    DIRECT.open(request).close()


def _choose(url: str) -> example.Example:
    engine = make_engine(url)
    with reading(engine) as connection:
        found = example.choose(connection, BEGINS)
    engine.dispose()
    assert found is not None, "this seed has such a youth"
    return found
