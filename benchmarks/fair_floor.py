"""The fair floor: bare WSGI, lxml and the schema, with all the durable work that the contract demands, through libpq.

It looks up who calls, checks the dataaftale, locks the person and reads the whole history with its types, draws a
number, stores event, call key and read log, and commits; or reads a page, marks it, logs it and commits. It has no
rules, no access clauses, no limits on XML, no log line and no metrics. PostgreSQL only.
"""

import base64
import hashlib
import hmac
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication
from xml.sax.saxutils import escape

import psycopg
from lxml import etree
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus
from psycopg.types.json import Json

from benchmarks import fair_statements as sql
from udb.domain.clock import DANISH
from udb.domain.services import DATA_TIL_KOMMUNE, PAYLOAD_NAMESPACE, SERVICES, UNGDOMSUDDANNELSE
from udb.paths import CONTRACT
from udb.wsdl.soap import CLOSING, SOAP11, opening

Environ = dict[str, Any]
Rows = Sequence[Sequence[Any]]

PAGE: Final = 1000
_V1: Final = f"{{{PAYLOAD_NAMESPACE}}}"
_DONE: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
_PARSER: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "remove_comments": True,
    "remove_pis": True,
}
_SETTINGS: Final = "-c timezone=UTC -c synchronous_commit=on -c lock_timeout=5s"


class _Libpq:
    """A thread's own connection: each statement is prepared once, and psycopg's adapters convert the values."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True, options=_SETTINGS)
        self._known: dict[str, tuple[bytes, Any, tuple[PyFormat, ...]]] = {}

    def rows(self, text: str, *values: Any) -> Rows:
        """Return the rows of a statement."""
        server = self._connection.pgconn
        found = self._known.get(text)
        if found is None:
            name = b"fair_%d" % len(self._known)
            assert server.prepare(name, text.encode()).status in _DONE, text
            found = self._known[text] = name, Transformer(self._connection), (PyFormat.TEXT,) * len(values)
        name, adapts, formats = found
        dumped: Any = adapts.dump_sequence(values, formats)
        result = server.exec_prepared(name, dumped)
        assert result.status in _DONE, result.error_message
        if not result.ntuples:
            return []
        adapts.set_pgresult(result)
        rows: Rows = adapts.load_rows(0, result.ntuples, tuple)
        return rows

    def do(self, what: bytes) -> None:
        """Begin or commit."""
        result = self._connection.pgconn.exec_(what)
        assert result.status in _DONE, result.error_message
        assert result.command_status == what, result.command_status


Values = dict[str, str | None]
Work = Callable[[_Libpq, Values, str, str, str], str]


def fair_floor(url: str) -> WSGIApplication:
    """Return the fair floor on a database of PostgreSQL."""
    address = url.replace("+psycopg", "")
    local = threading.local()
    works: dict[str, tuple[str, Work]] = {
        SERVICES[name].path: (name, work) for name, work in ((UNGDOMSUDDANNELSE, _report), (DATA_TIL_KOMMUNE, _page))
    }

    def schema(name: str) -> etree.XMLSchema:
        if not hasattr(local, name):
            setattr(local, name, etree.XMLSchema(etree.parse(CONTRACT / f"{name}.xsd")))
        found: etree.XMLSchema = getattr(local, name)
        return found

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        name, work = works[environ["PATH_INFO"]]
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        message = etree.fromstring(body, etree.XMLParser(**_PARSER))[-1][0]
        schema(name).assertValid(message)
        if not hasattr(local, "database"):
            local.database = _Libpq(address)
        system = _caller(local.database, environ["HTTP_AUTHORIZATION"])
        correlation = str(uuid.uuid4())
        values = {str(child.tag).removeprefix(_V1): child.text for child in message.iter()}
        answer = work(local.database, values, system, str(message[0][1].text), correlation)
        content = (opening(SOAP11, SERVICES[name].namespace) + answer + CLOSING).encode()
        headers = [("Content-Type", SOAP11.content_type), ("Content-Length", str(len(content)))]
        start_response("200 OK", [*headers, ("X-Correlation-ID", correlation)])
        return [content]

    return application


def _caller(database: _Libpq, header: str) -> str:
    system, _, key = base64.b64decode(header.partition(" ")[2]).decode().partition(":")
    ((salt, stored, blocked),) = database.rows(sql.WHO, system)
    assert hmac.compare_digest(hashlib.sha256(f"{salt}:{key}".encode()).hexdigest(), stored)
    assert not blocked
    return system


def _admitted(database: _Libpq, system: str, institution: str | None, service: str) -> tuple[Sequence[Any], datetime]:
    """Begin a transaction; return the institution's row and the domain's time. The dataaftale must hold."""
    database.do(b"BEGIN")
    rows = database.rows(sql.ADMIT, system, institution, service)
    clock, now = rows[0][1], datetime.now(UTC)
    if clock is not None:
        now = datetime.fromisoformat(clock["nu"]) + (now - datetime.fromisoformat(clock["sat"]))
    now = now.astimezone(DANISH)
    today = now.date()
    agreed = (
        (fra is None or fra <= today) and (til is None or today <= til) for _, _, key, fra, til, *_ in rows if key
    )
    assert any(agreed)
    return rows[0], now


def _report(database: _Libpq, values: Values, system: str, transaction: str, correlation: str) -> str:
    get, service = values.get, UNGDOMSUDDANNELSE
    institution = get("InstitutionNummer")
    (edition, _, _, _, _, _, hovedinstitution, *_), now = _admitted(database, system, institution, service)
    (person, *_), *_ = database.rows(sql.LOCK, get("CPRNr"))
    history = database.rows(sql.HISTORY, get("CPRNr"), system, service, institution, transaction, person)
    assert history[0][:2] == (person, None)
    said = {name: text for name, text in values.items() if text and text.strip() and name != "SystemTransactionID"}
    fingerprint = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    lowest = f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03}000000"
    ((last,),) = database.rows(sql.DRAW, lowest)
    nummer, forloeb, registered = f"UDB-{last}", f"UDB-FL-{last}", now.isoformat(timespec="milliseconds")
    receipt = Json({"resultat": "Accepteret", "haendelse_nummer": nummer, "forloeb_id": forloeb, "tid": registered})
    system_time = datetime.now(UTC).replace(tzinfo=None)
    ((current,),) = database.rows(
        sql.STORE,
        *(nummer, forloeb, person, get("CPRNr"), service, institution),
        date.fromisoformat(str(get("HaendelseDato"))[:10]),
        now.astimezone(UTC).replace(tzinfo=None),
        *(get("KildeLeverandoer"), int(str(get("Status"))), get("COsAFormaal"), int(str(get("COsAFormaalVersion")))),
        bool(_flag(get("Annullering"))),
        hovedinstitution or institution,
        *(get("Speciale"), get("Praktiksted"), _flag(get("GennemfoertHF")), _flag(get("FrafaldstruetMarkering"))),
        get("AfbrudsarsagsKode"),
        *(system, transaction, fingerprint, receipt, system_time, correlation, Json([person])),
    )
    assert current == edition
    database.do(b"COMMIT")
    return (
        f"<ipl:{service}Response>{_identifier(system, transaction, correlation)}<ipl:Message><v1:{service}Svar>"
        f"<v1:Resultat>Accepteret</v1:Resultat><v1:HaendelseNummer>{nummer}</v1:HaendelseNummer>"
        f"<v1:ForloebId>{forloeb}</v1:ForloebId><v1:Registreringstid>{registered}</v1:Registreringstid>"
        f"</v1:{service}Svar></ipl:Message></ipl:{service}Response>"
    )


def _flag(text: str | None) -> bool | None:
    return None if text is None else text in {"true", "1"}


def _page(database: _Libpq, values: Values, system: str, transaction: str, correlation: str) -> str:
    kommune = values.get("InstitutionNummer")
    (*_, kode, _, _), now = _admitted(database, system, kommune, DATA_TIL_KOMMUNE)
    found = database.rows(sql.PAGE, kode, values.get("HaendelseNummer") or "")
    more, rows = len(found) > PAGE, found[:PAGE]
    if rows:
        system_time = datetime.now(UTC).replace(tzinfo=None)
        domain_time = now.astimezone(UTC).replace(tzinfo=None)
        database.rows(sql.MARK, system, kommune, domain_time, system_time, " ".join([row[2] for row in rows]))
        persons = Json(sorted({row[1] for row in rows}))
        database.rows(sql.READ, system_time, system, kommune, correlation, persons, rows[0][2], rows[-1][2])
    database.do(b"COMMIT")
    youths: dict[str, list[Sequence[Any]]] = {}
    for row in rows:
        youths.setdefault(row[0], []).append(row)
    content = "".join(
        [
            f"<v1:HaendelserUng><v1:CPRNr>{cprnr}</v1:CPRNr>{''.join(map(_event, events))}</v1:HaendelserUng>"
            for cprnr, events in youths.items()
        ]
    )
    return (
        f"<ipl:HentHaendelserResponse>{_identifier(system, transaction, correlation)}<ipl:Message>"
        f"<v1:HentHaendelserSvar><v1:FindesFlereHaendelser>{str(more).lower()}</v1:FindesFlereHaendelser>{content}"
        f"</v1:HentHaendelserSvar></ipl:Message></ipl:HentHaendelserResponse>"
    )


_is_unsafe: Final = re.compile("[&<>]").search


def _event(row: Sequence[Any]) -> str:
    elements = "".join(
        [
            f"<v1:{name}>{escape(value) if type(value) is str and _is_unsafe(value) else value}</v1:{name}>"
            for name, value in zip(sql.ELEMENTS, row[3:], strict=True)
            if value is not None
        ]
    )
    return (
        f"<v1:HaendelseUddannelsesForloeb><v1:HaendelseNummer>{row[2]}</v1:HaendelseNummer>"
        f"{elements}</v1:HaendelseUddannelsesForloeb>"
    )


def _identifier(system: str, transaction: str, correlation: str) -> str:
    return (
        f"<ipl:Identifier><ipl:SystemName>{escape(system)}</ipl:SystemName><ipl:SystemTransactionID>"
        f"{escape(transaction)}</ipl:SystemTransactionID></ipl:Identifier><ipl:CorrelationID>{correlation}"
        "</ipl:CorrelationID>"
    )
