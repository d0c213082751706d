"""The page that a browser gets at a service's address: what the service is, its contract, and how to call it."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl
from wsgiref.types import WSGIApplication

from lxml import etree

from udb.domain.services import SERVICES, Service
from udb.paths import CONTRACT
from udb.rulebook.words import DANISH, ENGLISH
from udb.settings import Settings
from udb.templating import environment
from udb.web.http import Environ, Reply, page
from udb.web.rulebook import HEADERS
from udb.web.rulebook_html import ROOT, STYLE
from udb.wsdl.contract_files import ARCHIVE_PATH, SHARED_SCHEMA, base_address, schema_path
from udb.wsdl.endpoint.http import VALIDATE_ONLY
from udb.wsdl.faults import ServiceFault
from udb.wsdl.models.envelope import PING
from udb.wsdl.soap import SOAP11, SOAP12, TRIAL_NAME

LANGUAGE: Final = "sprog"
"""The query parameter with the language; without it, Danish."""
_WSDL: Final = "{http://schemas.xmlsoap.org/wsdl/}"


@dataclass(frozen=True, slots=True)
class _Operation:
    name: str
    text: str
    """Its documentation in the WSDL, in Danish."""


def application(settings: Settings) -> WSGIApplication:
    """Return the WSGI application of the services' addresses for browsers."""
    return page(lambda environ: _answer(environ, settings))


def _answer(environ: Environ, settings: Settings) -> Reply:
    by_path = {service.path: service for service in SERVICES.values()}
    service = by_path[str(environ["PATH_INFO"])]
    query = dict(parse_qsl(str(environ.get("QUERY_STRING") or "")))
    language = ENGLISH if query.get(LANGUAGE) == ENGLISH else DANISH
    html = _TEMPLATE.render(
        language=language,
        second=DANISH if language == ENGLISH else ENGLISH,
        parameter=LANGUAGE,
        style=STYLE,
        service=service,
        about=_about(service),
        operations=_operations(service),
        ping=PING,
        address=_address(environ, settings, service),
        versions=(SOAP11, SOAP12),
        soap12=SOAP12,
        schemas=[schema_path(name) for name in (f"{service.name}.xsd", SHARED_SCHEMA)],
        archive=ARCHIVE_PATH,
        rules=ROOT,
        is_sandbox=settings.sandbox,
        signed=settings.kraever_signatur,
        trial=VALIDATE_ONLY,
        trial_header=TRIAL_NAME,
    )
    # The same address answers programs with a fault.
    return Reply(html.encode(), "text/html; charset=utf-8", headers={**HEADERS, "Vary": "Accept"})


def _address(environ: Environ, settings: Settings, service: Service) -> str:
    """Return the service's whole address, or its path alone where the Host header may not be repeated."""
    try:
        return f"{base_address(settings, environ)}{service.path}"
    except ServiceFault:
        return service.path


def _about(service: Service) -> str:
    return _text(_contract(service).find(f"{_WSDL}service/{_WSDL}documentation"))


def _operations(service: Service) -> list[_Operation]:
    found = _contract(service).iterfind(f"{_WSDL}portType/{_WSDL}operation")
    return [_Operation(str(one.get("name")), _text(one.find(f"{_WSDL}documentation"))) for one in found]


def _contract(service: Service) -> etree._Element:
    return etree.parse(CONTRACT / f"{service.name}.wsdl").getroot()


def _text(element: etree._Element | None) -> str:
    return " ".join((element.text or "").split()) if element is not None else ""


_TEMPLATE: Final = environment("udb.web").get_template("service.html")
