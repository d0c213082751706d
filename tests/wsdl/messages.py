"""Messages of the contract for validators: its samples, and what a seeded sandbox returns to a kommune."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from lxml import etree
from sqlalchemy import Engine, select

from tests.support.endpoint import basic, request
from tests.wsdl.contract import SAMPLES, SCHEMAS, root_of
from udb.context import Context
from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES
from udb.imports.institutioner import KOMMUNE
from udb.imports.kodesaet import load_shipped
from udb.sandbox.callers import EVERYTHING, key_of
from udb.sandbox.seed import Parameters, seed
from udb.sandbox.soapcall import envelope
from udb.settings import Settings
from udb.store.engine import reading, writing
from udb.store.tables import institution
from udb.wsdl.soap import SOAP11
from udb.wsdl.use_cases import application

SEED: Final = 1
TODAY: Final = date(2026, 8, 10)
SCHEMA_OF: Final = {root_of(path).get("targetNamespace"): path for path in SCHEMAS}


@dataclass(frozen=True, slots=True)
class Message:
    """A payload, and the file of the schema that it must follow."""

    name: str
    schema: Path
    content: bytes


def samples() -> Iterator[Message]:
    """Yield the contract's samples; of whole envelopes what is in their Body."""
    for path in sorted(SAMPLES.iterdir()):
        root = root_of(path)
        body = root.find("{*}Body")
        payload = root if body is None else body[0]
        detail = next(iter(payload.xpath("./*[translate(local-name(), 'D', 'd') = 'detail']/*")), payload)
        yield _message(path.name, detail)


def feed(engine: Engine, youths: int) -> Iterator[Message]:
    """Seed a database with invented youths, and yield every page of the feed of every kommune."""
    with writing(engine) as connection:
        load_shipped(connection)
    seed(engine, Parameters(youths, SEED, TODAY), lambda *_: None)
    with reading(engine) as connection:
        kommuner = list(connection.scalars(select(institution.c.nummer).where(institution.c.type3 == KOMMUNE)))
    app = application(Context(engine, Settings(sandbox=True)), {})
    headers = {"Content-Type": SOAP11.content_type, "Authorization": basic(EVERYTHING, key_of(SEED, EVERYTHING))}
    for number in kommuner:
        more, page = True, 0
        while more:
            page += 1
            call = envelope(DATA_TIL_KOMMUNE, "HentHaendelser", {"InstitutionNummer": number}).encode()
            answer = request(app, "POST", SERVICES[DATA_TIL_KOMMUNE].path, call, headers)
            assert answer.status == 200, answer.body
            payload = etree.fromstring(answer.body)[-1][0]
            more = payload.findtext(".//{*}FindesFlereHaendelser") == "true"
            if payload.find(".//{*}HaendelserUng") is not None:
                yield _message(f"{number}, page {page}", payload)


def _message(name: str, payload: etree._Element) -> Message:
    return Message(name, SCHEMA_OF[etree.QName(payload).namespace], etree.tostring(payload, with_tail=False))
