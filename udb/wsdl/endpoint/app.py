"""The WSGI application: the SOAP services, their contract files and the plain HTTP pages."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIApplication

import structlog
from structlog.contextvars import bind_contextvars, reset_contextvars

from udb.domain.services import BASE_PATH, SERVICES, VERSION, Service
from udb.wsdl import contract_files, faults
from udb.wsdl.endpoint import fault_xml, metrics
from udb.wsdl.endpoint.http import Environ, Response, answer_version
from udb.wsdl.endpoint.operation import Session, Soap
from udb.wsdl.endpoint.protocol import silence_spyne
from udb.wsdl.endpoint.service_endpoint import Endpoint
from udb.wsdl.endpoint.translate import as_fault
from udb.wsdl.faults import ServiceFault

SERVICES_ROOT: Final = "/services"
XML: Final = "text/xml; charset=utf-8"
READING: Final = frozenset({"GET", "HEAD"})

_BOUND_LATER: Final = dict.fromkeys(("operation", "system_id", "certificate", "signature", "institution_nummer"))

_log = structlog.get_logger(__name__)


def create_app(soap: Soap, pages: Mapping[str, WSGIApplication]) -> WSGIApplication:
    """Return the WSGI application of the services. ``pages``: the applications of all other paths, by path.

    A page answers its path and everything below it; ``/`` answers only itself. If several pages fit, the one with the
    longest path answers.
    """
    silence_spyne()
    endpoints = {service.path: Endpoint(service) for service in SERVICES.values()}

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO") or "/")
        if not _is_below(path, SERVICES_ROOT):
            return _page(pages, path)(environ, start_response)
        correlation_id = str(uuid4())
        response = _answer(soap, endpoints, path, environ, correlation_id)
        headers = {"Content-Type": response.content_type, **response.headers, "X-Correlation-ID": correlation_id}
        start_response(response.status_line, list(headers.items()))
        return response.body

    return application


def _answer(
    soap: Soap, endpoints: Mapping[str, Endpoint], path: str, environ: Environ, correlation_id: str
) -> Response:
    service = _service(path)
    session = Session(soap, service, correlation_id) if service else None
    error_code = None
    # Values bound to the log lines of one call must not be in those of the next.
    name = service.name if service else None
    before = bind_contextvars(correlation_id=correlation_id, service=name, **_BOUND_LATER)
    try:
        try:
            response = _route(endpoints, path, environ, session)
        except Exception as error:  # noqa: BLE001 - the last resort: every caller gets a fault
            response, error_code = _refusal(error, service, environ, correlation_id)
        metrics.count(name, session.operation if session else None, error_code)
        _log.info("call.answered", status=response.status, error_code=error_code)
    finally:
        reset_contextvars(**before)
    return response


def _route(endpoints: Mapping[str, Endpoint], path: str, environ: Environ, session: Session | None) -> Response:
    if session is None:
        raise _no_such_service(None)
    if path in endpoints:
        asks_contract = str(environ.get("QUERY_STRING") or "").partition("=")[0].lower() == "wsdl"
        if environ["REQUEST_METHOD"] in READING and asks_contract:
            base = contract_files.base_address(session.context.settings, environ)
            return _document(environ, contract_files.wsdl(session.service, base))
        return endpoints[path].answer(environ, session)
    schema = contract_files.schema_file(session.service, path.rpartition("/")[2])
    if schema is None or path.count("/") != session.service.path.count("/"):
        raise _no_such_service(session.service)
    if environ["REQUEST_METHOD"] not in READING:
        raise ServiceFault(faults.TRANSPORT, "Skemaet hentes med GET.", status=405, headers={"Allow": "GET, HEAD"})
    return _document(environ, schema)


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


def _document(environ: Environ, content: bytes) -> Response:
    body = [] if environ["REQUEST_METHOD"] == "HEAD" else [content]
    return Response(200, XML, body, {"Content-Length": str(len(content))})


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
    content = b"Siden findes ikke.\n"
    start_response(
        "404 Not Found", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(content)))]
    )
    return [content]
