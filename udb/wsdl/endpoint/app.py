"""The WSGI application: the SOAP services, their contract files and the plain HTTP pages."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIApplication

import structlog

from udb.domain.services import BASE_PATH, SERVICES, VERSION, Service
from udb.wsdl import faults, record
from udb.wsdl.endpoint import documents, fault_xml, metrics
from udb.wsdl.endpoint.http import Environ, Response, answer_version, has_host
from udb.wsdl.endpoint.operation import Session, Soap
from udb.wsdl.endpoint.protocol import silence_spyne
from udb.wsdl.endpoint.service_endpoint import Endpoint
from udb.wsdl.endpoint.translate import as_fault
from udb.wsdl.faults import ServiceFault

SERVICES_ROOT: Final = "/services"
WITHOUT_HOST: Final = "HTTP/1.1 kræver en Host-header med tjenestens navn. Send den med."

_NOTED_LATER: Final = dict.fromkeys(("operation", "system_id", "certificate", "signature", "institution_nummer"))

_log = structlog.get_logger(__name__)


def create_app(soap: Soap, pages: Mapping[str, WSGIApplication]) -> WSGIApplication:
    """Return the WSGI application of the services. ``pages``: the applications of all other paths, by path.

    A page answers its path and everything below it; ``/`` answers only itself. If several pages fit, the one with the
    longest path answers. The page at ``SERVICES_ROOT`` answers a browser that opens the address of a service.
    """
    silence_spyne()
    endpoints = _endpoints()

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO") or "/")
        for_people = path in endpoints and SERVICES_ROOT in pages and documents.is_for_people(environ)
        if for_people or not _is_below(path, SERVICES_ROOT):
            return (_page(pages, path) if has_host(environ) else _without_host)(environ, start_response)
        correlation_id = str(uuid4())
        response = _answer(soap, endpoints, path, environ, correlation_id)
        headers = {"Content-Type": response.content_type, **response.headers, "X-Correlation-ID": correlation_id}
        start_response(response.status_line, list(headers.items()))
        return response.body

    return application


@cache
def _endpoints() -> Mapping[str, Endpoint]:
    """Return every service's endpoint by its path; they hold nothing of a call, so one process makes them once."""
    return {service.path: Endpoint(service) for service in SERVICES.values()}


def pages_alone(pages: Mapping[str, WSGIApplication]) -> WSGIApplication:
    """Return the WSGI application of the pages without the services, whose paths it does not know."""
    pages = {path: page for path, page in pages.items() if path != SERVICES_ROOT}

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO") or "/")
        return (_page(pages, path) if has_host(environ) else _without_host)(environ, start_response)

    return application


def _answer(
    soap: Soap, endpoints: Mapping[str, Endpoint], path: str, environ: Environ, correlation_id: str
) -> Response:
    service = _service(path)
    session = Session(soap, service, correlation_id) if service else None
    error_code = None
    name = service.name if service else None
    token = record.begin(correlation_id=correlation_id, service=name, **_NOTED_LATER)
    try:
        try:
            response = _route(soap, endpoints, path, environ, session)
        except Exception as error:  # noqa: BLE001 - the last resort: every caller gets a fault
            response, error_code = _refusal(error, service, environ, correlation_id)
        metrics.count(name, session.operation if session else None, error_code)
        noted = session.noted if session else {}
        _log.info("call.answered", status=response.status, error_code=error_code, **noted)
    finally:
        record.end(token)
    return response


def _route(
    soap: Soap, endpoints: Mapping[str, Endpoint], path: str, environ: Environ, session: Session | None
) -> Response:
    if not has_host(environ):
        raise ServiceFault(faults.TRANSPORT, WITHOUT_HOST, status=400)
    settings = soap.context.settings
    if document := documents.by_path(environ, path, settings):
        return document
    if session is None:
        raise _no_such_service(None)
    if path not in endpoints:
        raise _no_such_service(session.service)
    return documents.by_query(environ, session.service, settings) or endpoints[path].answer(environ, session)


def _service(path: str) -> Service | None:
    """Return the service whose name is in a path, whatever follows the name."""
    name = path.removeprefix(f"{BASE_PATH}/").partition("/")[0] if path.startswith(f"{BASE_PATH}/") else ""
    return SERVICES.get(name)


def _no_such_service(service: Service | None) -> ServiceFault:
    if service:
        details = f"{service.name} findes kun som {VERSION}: {service.path}"
    else:
        details = f"Der findes: {', '.join(found.path for found in SERVICES.values())}"
    return ServiceFault(faults.NO_SUCH_SERVICE, details, status=404)


def _refusal(error: Exception, service: Service | None, environ: Environ, correlation_id: str) -> tuple[Response, str]:
    """Return the fault that answers an exception, and its code."""
    # A function of its own: as a local variable of the caller, the fault would form a reference cycle with the
    # exception's frames, and only the garbage collector would free the message.
    fault = as_fault(error)
    # An unknown path belongs to no service, also below a service's name (contract 3).
    owner = None if fault.kind is faults.NO_SUCH_SERVICE else service
    return _fault(fault, owner, environ, correlation_id), fault.kind.error_code


def _fault(fault: ServiceFault, service: Service | None, environ: Environ, correlation_id: str) -> Response:
    version = answer_version(environ)
    content = fault_xml.document(version, service, correlation_id, fault)
    body = [] if environ["REQUEST_METHOD"] == "HEAD" else [content]
    headers = {"Content-Length": str(len(content)), **fault.headers}
    return Response(fault_xml.status(version, fault), version.content_type, body, headers)


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")


def _page(pages: Mapping[str, WSGIApplication], path: str) -> WSGIApplication:
    fitting = [root for root in pages if path == root or (root != "/" and _is_below(path, root.rstrip("/")))]
    return pages[max(fitting, key=len)] if fitting else _not_found


def _not_found(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return _text("404 Not Found", "Siden findes ikke.", start_response)


def _without_host(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return _text("400 Bad Request", WITHOUT_HOST, start_response)


def _text(status: str, text: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    content = f"{text}\n".encode()
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(content)))])
    return [content]
