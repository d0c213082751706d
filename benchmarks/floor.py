"""The floor: the least that a Python service of this contract does. Bytes to a tree, the schema, and one insert that is
committed, or one select and a template. No rules, no access, no log, no check of who calls.

A fetch without criterion also writes the marks that the contract demands (V 7).
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication
from xml.sax.saxutils import escape

import psycopg
from lxml import etree
from sqlalchemy import Engine, make_url, text

from udb.domain.elementer import ATTRIBUTE
from udb.domain.services import DATA_TIL_KOMMUNE, PAYLOAD_NAMESPACE, SERVICES, UNGDOMSUDDANNELSE
from udb.paths import CONTRACT
from udb.settings import Settings
from udb.store.engine import writing
from udb.wsdl.soap import CLOSING, SOAP11, opening

Environ = dict[str, Any]

STORED: Final = (
    "cprnr",
    "institution_nummer",
    "haendelse_dato",
    "kilde_leverandoer",
    "annullering",
    "status",
    "afbrudsarsags_kode",
    "cosa_formaal",
    "cosa_formaal_version",
    "speciale",
    "praktiksted",
    "gennemfoert_hf",
    "frafaldstruet_markering",
)
TOLD: Final = (
    "annulleret_haendelse_nummer",
    "forloeb_id",
    "institution_nummer",
    "haendelse_dato",
    "status",
    "afbrudsarsags_kode",
    "kilde_leverandoer",
    "elev_trin",
    "klasse_trin",
    "klasse_type",
    "klasse_navn",
    "annullering",
    "speciale",
    "praktiksted",
    "skoleperiode",
    "kode",
    "vedroerer_haendelse_nummer",
    "registreringstid",
    "frafaldstruet_markering",
)
ELEMENT: Final = {attribute: element for element, attribute in ATTRIBUTE.items()} | {"kode": "COsAFormaal"}
_NAMES: Final = tuple(ELEMENT[name] for name in TOLD)
_PARSER: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "remove_comments": True,
    "remove_pis": True,
}
_V1: Final = f"{{{PAYLOAD_NAMESPACE}}}"
_SYSTEM_NAME: Final = f"{{{SERVICES[DATA_TIL_KOMMUNE].namespace}}}SystemName"


def make_table(engine: Engine) -> None:
    """Create the table that the floor inserts into: the values of a report as they came."""
    key = "BIGSERIAL" if engine.dialect.name == "postgresql" else "INTEGER"
    columns = ", ".join(f"{name} TEXT" for name in STORED)
    with writing(engine) as connection:
        connection.execute(text(f"CREATE TABLE benchmark_floor (nummer {key} PRIMARY KEY, {columns})"))


@dataclass(frozen=True, slots=True)
class _Database:
    connection: Any
    cursor: Any
    mark: str

    def marks(self, count: int) -> str:
        return ", ".join([self.mark] * count)


def floor(url: str) -> WSGIApplication:
    """Return the floor on a database, which has the table."""
    database = _connect(url)
    operations = {
        SERVICES[name].path: (etree.XMLSchema(etree.parse(CONTRACT / f"{name}.xsd")), SERVICES[name].namespace, answer)
        for name, answer in ((UNGDOMSUDDANNELSE, _report), (DATA_TIL_KOMMUNE, _page))
    }

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        schema, namespace, answer = operations[environ["PATH_INFO"]]
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        message = etree.fromstring(body, etree.XMLParser(**_PARSER))[-1][0]
        schema.assertValid(message)
        content = (opening(SOAP11, namespace) + answer(database, message) + CLOSING).encode()
        start_response("200 OK", [("Content-Type", SOAP11.content_type), ("Content-Length", str(len(content)))])
        return [content]

    return application


def _connect(url: str) -> _Database:
    if make_url(url).get_backend_name() == "sqlite":
        lite = sqlite3.connect(str(make_url(url).database), check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            lite.execute(f"PRAGMA {pragma}")
        return _Database(lite, lite.cursor(), "?")
    postgres = psycopg.connect(url.replace("+psycopg", ""))
    return _Database(postgres, postgres.cursor(), "%s")


def _report(database: _Database, message: etree._Element) -> str:
    values = {child.tag: child.text for child in message.iter()}
    row = [values.get(f"{_V1}{ELEMENT[name]}") for name in STORED]
    database.cursor.execute(
        f"INSERT INTO benchmark_floor ({', '.join(STORED)}) VALUES ({database.marks(len(row))})",  # noqa: S608 - names of ours
        row,
    )
    database.connection.commit()
    return (
        f"<ipl:{UNGDOMSUDDANNELSE}Response>{_identifier(message)}<ipl:Message><v1:{UNGDOMSUDDANNELSE}Svar>"
        f"<v1:Resultat>Accepteret</v1:Resultat></v1:{UNGDOMSUDDANNELSE}Svar></ipl:Message>"
        f"</ipl:{UNGDOMSUDDANNELSE}Response>"
    )


def _page(database: _Database, message: etree._Element) -> str:
    asked = {child.tag: child.text for child in message.iter()}
    kommune, after = asked[f"{_V1}InstitutionNummer"], asked.get(f"{_V1}HaendelseNummer")
    database.cursor.execute(
        f"SELECT p.cprnr, h.nummer, h.{', h.'.join(TOLD)} FROM haendelse h JOIN person p ON p.id = h.person_id "  # noqa: S608 - names of ours
        "JOIN institution i ON i.administrerende_kommune = p.kommunekode AND i.type3 = 'KOM' "
        f"WHERE i.nummer = {database.mark} AND h.nummer > {database.mark} "
        f"ORDER BY h.nummer LIMIT {Settings().sidestoerrelse}",
        (kommune, after or ""),
    )
    rows = database.cursor.fetchall()
    if after is None:
        now = datetime.now(UTC).isoformat()
        database.cursor.executemany(
            "INSERT INTO hentet (system_id, modtager, nummer, hentet_tid, hentet_system, givet_tid) "  # noqa: S608 - marks alone
            f"VALUES ({database.marks(6)}) ON CONFLICT DO NOTHING",
            [(asked[_SYSTEM_NAME], kommune, row[1], now, now, now) for row in rows],
        )
    database.connection.commit()
    youths = groupby(sorted(rows, key=itemgetter(0)), key=itemgetter(0))
    told = "".join(
        f"<v1:HaendelserUng><v1:CPRNr>{cprnr}</v1:CPRNr>{''.join(map(_event, events))}</v1:HaendelserUng>"
        for cprnr, events in youths
    )
    return (
        f"<ipl:HentHaendelserResponse>{_identifier(message)}<ipl:Message><v1:HentHaendelserSvar>"
        f"{told}</v1:HentHaendelserSvar></ipl:Message></ipl:HentHaendelserResponse>"
    )


def _event(row: tuple[Any, ...]) -> str:
    elements = "".join(
        f"<v1:{name}>{escape(str(value))}</v1:{name}>"
        for name, value in zip(_NAMES, row[2:], strict=True)
        if value is not None
    )
    return (
        f"<v1:HaendelseUddannelsesForloeb><v1:HaendelseNummer>{row[1]}</v1:HaendelseNummer>"
        f"{elements}</v1:HaendelseUddannelsesForloeb>"
    )


def _identifier(message: etree._Element) -> str:
    name, transaction = (escape(str(child.text)) for child in message[0])
    return (
        f"<ipl:Identifier><ipl:SystemName>{name}</ipl:SystemName>"
        f"<ipl:SystemTransactionID>{transaction}</ipl:SystemTransactionID></ipl:Identifier>"
    )
