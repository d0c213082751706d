"""The XML of the fetchers' guide, from real calls: ``python -m tests.hentning.guide`` writes it into the page."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from lxml import etree

from tests.support import database
from tests.support.endpoint import HOST, Endpoint, basic, codes, request
from tests.support.fetches import START, numbers
from tests.support.reports import ANNA, BO, CAJA, UNGDOM, accepted, optag
from tests.support.world import KOMMUNE, World
from udb.context import Context
from udb.domain.services import DATA_TIL_KOMMUNE, PAYLOAD_NAMESPACE, SERVICES, UNGDOMSUDDANNELSE
from udb.paths import ROOT
from udb.sandbox.soapcall import CALLER, envelope
from udb.settings import Settings
from udb.store.engine import make_engine
from udb.wsdl.soap import SOAP11
from udb.wsdl.use_cases import application

PAGE: Final = ROOT / "docs" / "vejledning-til-hentere.md"
_HENT: Final = "HentHaendelser"
_BLOCK: Final = re.compile(r"<!-- ([a-z0-9-]+) -->\n```xml\n.*?```\n", re.DOTALL)
_SEEN: Final = re.compile(r"UDB-(?:FL-)?[0-9]{23}")
CAJAS_NEW: Final = "7103075104"
DORA: Final = "7508015101"
"""Turns 25 on 15 August 2026."""
AFTER_25: Final = "2026-08-20"


def examples(world: World, context: Context) -> dict[str, str]:
    """Play the guide's story and return each XML example by its name, with the same numbers and times every time."""
    found = dict(_story(world, context))
    names: dict[str, str] = {}
    for name in sorted(set(_SEEN.findall("".join(found.values())))):
        kind = name[:-23]
        count = sum(known.startswith(f"{kind}2") for known in names)
        names[name] = f"{kind}20260810080000000{count + 1:06}"
    return {
        name: re.sub(
            r"(?<=tid>)[0-9][^<]+", "2026-08-10T08:00:00.000+02:00", _SEEN.sub(lambda seen: names[seen[0]], xml)
        )
        for name, xml in found.items()
    }


def _story(world: World, context: Context) -> Iterator[tuple[str, str]]:
    """Yield the examples by name. Every claim that the guide makes beside one is checked where it is made."""
    endpoint = Endpoint(application(replace(context, settings=Settings(sandbox=True, sidestoerrelse=1)), {}))
    for cprnr, kommune in ((ANNA, "101"), (BO, "751"), (CAJA, "101")):
        world.person(cprnr, kommune=kommune)
    annas = optag(endpoint, ANNA, 10)
    bos = optag(endpoint, BO, 10)
    cajas = optag(endpoint, CAJA, 10)

    # Pages: a new id for each; the latest again under its own; an older id is 8004.
    asked, answer = _call(endpoint, "hent-0001")
    yield "spoerg", asked
    yield "side", answer
    assert numbers(endpoint.fetch(KOMMUNE, "hent-0002")) == [cajas]
    assert numbers(endpoint.fetch(KOMMUNE, "hent-0002")) == [cajas]
    yield "brugt-id", _call(endpoint, "hent-0001")[1]

    # A cancellation, without criterion and by number.
    cancellation = {**UNGDOM, "CPRNr": ANNA, "Annullering": True, "HaendelseNummer": annas}
    cancelling = str(accepted(endpoint.report(UNGDOMSUDDANNELSE, cancellation))["HaendelseNummer"])
    asked, answer = _call(endpoint, "hent-0003")
    yield "annullering", _events(answer)
    assert cancelling in numbers(endpoint.fetch(KOMMUNE, HaendelseNummer=cajas))
    assert annas not in str(endpoint.fetch(KOMMUNE, CPRNr=ANNA))

    # By number: who moves in is missed, and found without criterion and in the look-up.
    yield "efter-nummer", _call(endpoint, "hent-0004", HaendelseNummer=cancelling)[0]
    yield "ikke-jeres", _call(endpoint, "hent-0005", CPRNr=BO)[1]
    world.person(BO, kommune="101")
    assert numbers(endpoint.fetch(KOMMUNE, HaendelseNummer=cancelling)) == []
    asked, answer = _call(endpoint, "hent-0006", CPRNr=BO)
    yield "slaa-op", asked
    yield "opslag", answer
    assert numbers(endpoint.fetch(KOMMUNE, "hent-0007")) == [bos], "a look-up does not count as fetched"
    assert codes(endpoint.fetch(KOMMUNE, HaendelseNummer=START, CPRNr=BO)) == {"8003"}

    # A new CPR number: the school sends again, and the event comes under the new number in the same course.
    world.change_number(CAJA, CAJAS_NEW)
    again = optag(endpoint, CAJAS_NEW, 10)
    page = endpoint.fetch(KOMMUNE, "hent-0008")
    (youth,) = page["HaendelserUng"]
    assert (youth["CPRNr"], numbers(page)) == (CAJAS_NEW, [again])
    assert numbers(endpoint.fetch(KOMMUNE, CPRNr=CAJAS_NEW)) == [again]
    assert codes(endpoint.fetch(KOMMUNE, CPRNr=CAJA)) == {"8002"}

    # Who moves away: nothing says so, and what comes later is not given.
    world.person(BO, kommune="751")
    optag(endpoint, BO, 11)
    assert numbers(endpoint.fetch(KOMMUNE, "hent-0009")) == []

    # From the 25th birthday: nothing from before it, and no DatoOptag in what comes after it.
    world.person(DORA)
    before = optag(endpoint, DORA, 10)
    assert numbers(endpoint.fetch(KOMMUNE, "hent-0010")) == [before]
    world.clock(f"{AFTER_25}T08:00:00")
    afbrud = {**UNGDOM, "CPRNr": DORA, "HaendelseDato": f"{AFTER_25}T00:00:00", "Status": 2, "AfbrudsarsagsKode": "9"}
    after = str(accepted(endpoint.report(UNGDOMSUDDANNELSE, afbrud))["HaendelseNummer"])
    assert before not in numbers(endpoint.fetch(KOMMUNE, HaendelseNummer=START))
    assert numbers(endpoint.fetch(KOMMUNE, CPRNr=DORA)) == [after]
    yield "fyldt-25", _events(_call(endpoint, "hent-0011")[1])


def _call(endpoint: Endpoint, transaction: str, **criterion: str) -> tuple[str, str]:
    """Return the request and the answer's payload, as the guide shows them."""
    asked = envelope(DATA_TIL_KOMMUNE, _HENT, {"InstitutionNummer": KOMMUNE, **criterion}, transaction)
    asked = asked.replace(CALLER, "Jeres system")
    headers = {"Content-Type": SOAP11.content_type, "Authorization": basic()}
    answer = request(endpoint.app, "POST", f"http://{HOST}{SERVICES[DATA_TIL_KOMMUNE].path}", asked.encode(), headers)
    assert answer.status == 200, answer.body
    (sent,) = etree.fromstring(asked).iter(f"{{{SERVICES[DATA_TIL_KOMMUNE].namespace}}}{_HENT}Request")
    (payload,) = etree.fromstring(answer.body).iter(f"{{{PAYLOAD_NAMESPACE}}}{_HENT}Svar")
    return _shown(sent), _shown(payload)


def _events(payload: str) -> str:
    (event,) = etree.fromstring(payload).iter(f"{{{PAYLOAD_NAMESPACE}}}HaendelseUddannelsesForloeb")
    return _shown(event)


def _shown(element: Any) -> str:
    """Return an element alone, indented, with only the namespaces that it uses."""
    alone = etree.fromstring(etree.tostring(element, with_tail=False), etree.XMLParser(remove_blank_text=True))
    etree.cleanup_namespaces(alone)
    etree.indent(alone)
    return etree.tostring(alone, encoding="unicode") + "\n"


def page(text: str, found: dict[str, str]) -> str:
    """Return the guide with these examples in its marked blocks."""
    return _BLOCK.sub(lambda block: f"<!-- {block[1]} -->\n```xml\n{found[block[1]]}```\n", text)


def shown(text: str) -> list[str]:
    """Return the names of the guide's marked blocks, in order."""
    return [block[1] for block in _BLOCK.finditer(text)]


def _write() -> None:
    with tempfile.TemporaryDirectory() as folder, database.sqlite(Path(folder)) as source, source.migrated() as url:
        engine = make_engine(url)
        world = World(engine)
        world.build()
        found = examples(world, Context(engine, Settings(sandbox=True)))
        engine.dispose()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    _write()
