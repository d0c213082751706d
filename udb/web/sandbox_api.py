"""``/sandbox/…``: the clock, the reset, imports and the list of youths, over HTTP (sources 4)."""

import hmac
import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl
from wsgiref.types import WSGIApplication

from sqlalchemy import Connection, Engine, func, select

from udb.callers import systems
from udb.domain.clock import danish
from udb.domain.errors import DatabaseUnavailable, UdbRefused, WrongUse
from udb.domain.text import DANISH
from udb.imports import catalogue
from udb.imports.result import FileRefused, silent
from udb.sandbox import callers, clock, mark
from udb.sandbox.reset import reset
from udb.sandbox.scenarios import SCENARIER, youths
from udb.settings import Settings
from udb.store.engine import reading, writing
from udb.store.tables import cprnummer, haendelse, institution, person, system
from udb.web.http import Environ, Refusal, Reply, body, json_reply, page, require_host, require_method

ROOT: Final = "/sandbox"
HEADER: Final = "X-UDB-Sandbox"
MOST_JSON: Final = 64 * 1024
MOST_CSV: Final = 64 * 1024 * 1024
MOST_YOUTHS: Final = 100
YEARS: Final = range(2000, 2101)
"""The years that the clock may be set to; outside them, a rule might compute a date beyond the calendar."""
LOANS: Final = range(24 * 60 * 60 + 1)
"""For how many seconds the clock may be lent."""

Answer = Callable[[Engine, Environ], Reply]


def sandbox_app(engine: Engine, hosts: Collection[str], settings: Settings) -> WSGIApplication:
    """Return the WSGI application of ``/sandbox`` and everything below it; it refuses Host headers not in ``hosts``."""

    def answer(environ: Environ) -> Reply:
        require_host(environ, hosts)
        # A web page of another origin cannot send this header: it would need a CORS permission, which is not granted.
        if environ.get("HTTP_X_UDB_SANDBOX") != "1":
            raise Refusal(HTTPStatus.FORBIDDEN, f"Send headeren {HEADER}: 1 i alle kald til sandkassen.")
        path = str(environ.get("PATH_INFO") or "").removeprefix(ROOT)
        try:
            if path.startswith("/import/"):
                return _import(engine, settings, environ, path.removeprefix("/import/"))
            if path not in ROUTES:
                known = ", ".join((*(f"{ROOT}{route}" for route in ROUTES), f"{ROOT}/import/<slags>"))
                raise Refusal(HTTPStatus.NOT_FOUND, f"Adressen findes ikke. Brug en af: {known}.")
            method, respond = ROUTES[path]
            require_method(environ, (method,))
            return respond(engine, environ)
        except FileRefused as refused:
            return json_reply(
                {"fejl": refused.said(DANISH), **refused.result.to_json(DANISH)}, HTTPStatus.UNPROCESSABLE_ENTITY
            )
        except WrongUse as wrong:
            raise Refusal(HTTPStatus.BAD_REQUEST, wrong.said(DANISH)) from None
        except UdbRefused as refused:
            raise Refusal(HTTPStatus.CONFLICT, refused.said(DANISH)) from None
        except DatabaseUnavailable:
            text = "Databasen svarer ikke eller er optaget. Intet er ændret; prøv igen om lidt."
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, text, {"Retry-After": "5"}) from None

    return page(answer, ("GET", "PUT", "POST"))


def _clock(engine: Engine, environ: Environ) -> Reply:
    with body(environ, MOST_JSON) as stream:
        document = _document(stream.read())
    loan = timedelta(seconds=document["laan"]) if document.get("laan") else None
    now = _instant(document["nu"]) if "nu" in document else None
    with writing(engine) as connection:
        if "nu" in document:
            clock.set_clock(connection, now, loan)
        elif loan is not None:
            clock.extend(connection, loan)
        else:
            clock.give_back(connection)
        return json_reply({"nu": clock.now(connection).isoformat()})


def _document(sent: bytes) -> dict[str, Any]:
    """Return what is asked of the clock: ``nu``, ``laan`` or both. Raises Refusal."""
    try:
        document = json.loads(sent)
        if not isinstance(document, dict) or not document or document.keys() - {"nu", "laan"}:
            raise ValueError
        loan = document.get("laan", 0)
        if type(loan) is not int or loan not in LOANS or ("nu" in document and document.get("laan") == 0):
            raise ValueError
    except (ValueError, RecursionError):
        raise _unclear() from None
    return document


def _unclear() -> Refusal:
    example = '{"nu": "2026-08-01T08:00:00+02:00"} eller {"nu": null}'
    return Refusal(
        HTTPStatus.BAD_REQUEST,
        f"Send tidspunktet som JSON: {example}. Til låns: også laan, et antal sekunder til og med {LOANS[-1]}; "
        '{"laan": 0} giver uret tilbage.',
    )


def _instant(said: object) -> datetime | None:
    if said is None:
        return None
    try:
        now = datetime.fromisoformat(str(said))
    except ValueError:
        raise _unclear() from None
    if now.year not in YEARS or danish(now).year not in YEARS:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"Uret kan stilles til årene {YEARS[0]} til {YEARS[-1]}.")
    return now


def _reset(engine: Engine, environ: Environ) -> Reply:
    del environ
    reset(engine)
    with reading(engine) as connection:
        return json_reply(status(connection))


def _status(engine: Engine, environ: Environ) -> Reply:
    del environ
    with reading(engine) as connection:
        return json_reply(status(connection))


def status(connection: Connection) -> dict[str, Any]:
    """Return the state of the sandbox: clock, parameters of the seed, counts, and the systems with their keys.

    Of the CPR numbers it says how many there are at most of one birth date.
    """
    seeded = mark.seed_parameters(connection) or {}
    birth = func.substr(cprnummer.c.cprnr, 1, 6)
    of_a_day = select(func.count().label("antal")).select_from(cprnummer).group_by(birth).subquery()
    counts = {
        "unge": select(func.count()).select_from(person),
        "numre_flest_paa_en_dag": select(func.coalesce(func.max(of_a_day.c.antal), 0)),
        "institutioner": select(func.count()).select_from(institution),
        "haendelser": select(func.count()).select_from(haendelse),
    }
    return {
        "nu": clock.now(connection).isoformat(),
        "ur_sat": clock.is_set(connection),
        "ur_til_laans": clock.is_lent(connection),
        "seed": seeded,
        **{name: connection.execute(query).scalar_one() for name, query in counts.items()},
        "systemer": [
            {"id": row.id, "navn": row.navn, "spaerret": row.spaerret, "noegle": _key(seeded, row)}
            # No caller has the key of the portal's own system.
            for row in connection.execute(select(system).where(system.c.id != systems.WEB).order_by(system.c.id))
        ],
    }


def _key(seeded: dict[str, Any], row: Any) -> str | None:
    """Return the key of a system that the seed has made; None for other systems, whose keys are not known."""
    if "seed" not in seeded:
        return None
    key = callers.key_of(seeded["seed"], row.id)
    return key if hmac.compare_digest(systems.key_hash(row.noegle_salt, key), row.noegle_hash) else None


def _import(engine: Engine, settings: Settings, environ: Environ, kind: str) -> Reply:
    require_method(environ, ("POST",))
    options = dict(_query(environ))
    with body(environ, MOST_CSV) as stream:
        job = catalogue.Job(engine, stream, options, sandbox=True, settings=settings, progress=silent)
        result = catalogue.run(kind, job)
    return json_reply(result.to_json(DANISH))


def _youths(engine: Engine, environ: Environ) -> Reply:
    query = dict(_query(environ))
    name = query.pop("scenarie", "")
    wanted = query.pop("antal", "10")
    known = {"scenarier": {name: scenarie.tekst for name, scenarie in SCENARIER.items()}}
    if name not in SCENARIER:
        return json_reply({"fejl": "Vælg et af scenarierne: ?scenarie=<navn>.", **known}, HTTPStatus.BAD_REQUEST)
    if query or not (wanted.isascii() and wanted.isdigit()) or not 1 <= int(wanted) <= MOST_YOUTHS:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"Valgene er scenarie og antal (1 til {MOST_YOUTHS}).")
    with reading(engine) as connection:
        found = youths(connection, name, clock.now(connection).date(), int(wanted))
    return json_reply({"scenarie": name, "tekst": SCENARIER[name].tekst, "unge": found})


def _query(environ: Environ) -> list[tuple[str, str]]:
    return parse_qsl(str(environ.get("QUERY_STRING") or ""), keep_blank_values=True)


ROUTES: Final[dict[str, tuple[str, Answer]]] = {
    "/ur": ("PUT", _clock),
    "/nulstil": ("POST", _reset),
    "/status": ("GET", _status),
    "/unge": ("GET", _youths),
}
"""The method and the function of each path below ``/sandbox``."""
