"""The public endpoint, called in this process: raw HTTP requests, and zeep clients made from the WSDL files."""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4
from wsgiref.types import WSGIApplication
from wsgiref.util import setup_testing_defaults

import zeep
from lxml import etree
from requests import Response
from zeep.transports import Transport

from tests.support.world import KEY, SYSTEM
from udb.domain.services import PAYLOAD_NAMESPACE, SERVICES
from udb.paths import CONTRACT

HOST: Final = "127.0.0.1:8080"
SOAP_11: Final = "Soap11"
SOAP_12: Final = "Soap12"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def basic(system: str = SYSTEM, key: str = KEY) -> str:
    """Return the Authorization header of a system."""
    return "Basic " + base64.b64encode(f"{system}:{key}".encode()).decode()


def environ_of(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """Return the WSGI environ of a request."""
    parts = urlsplit(url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "HTTP_HOST": parts.netloc or HOST,
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1",
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    setup_testing_defaults(environ)
    return environ


def request(
    app: WSGIApplication, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answer:
    """Send one request to a WSGI application and read its whole answer."""
    seen: dict[str, Any] = {}

    def start_response(status: str, answered: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        seen.update(status=int(status.split(maxsplit=1)[0]), headers={name.lower(): value for name, value in answered})

    chunks = app(environ_of(method, url, body, headers or {}), start_response)
    try:
        content = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return Answer(seen["status"], seen["headers"], content)


class InProcess(Transport):
    """zeep's transport, with the service called as a function."""

    def __init__(self, app: WSGIApplication, headers: Mapping[str, str]) -> None:
        transport: Any = super()
        transport.__init__()
        self.app = app
        self.headers = headers

    def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> Response:
        answer = request(self.app, "POST", address, message, {**headers, **self.headers})
        response = Response()
        response.status_code = answer.status
        response._content = answer.body
        response.headers.update(answer.headers)
        return response


@cache
def _client(service: str) -> Any:
    client: Any = zeep.Client
    return client(str(CONTRACT / f"{service}.wsdl"))


class Endpoint:
    """One caller at the endpoint of one application."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        system: str = SYSTEM,
        key: str = KEY,
        soap: str = SOAP_12,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        wsse: Any = None,
    ) -> None:
        """Set up the caller. ``headers``: instead of the header with the system and its key. ``wsse``: what signs, as
        zeep wants it.
        """
        self.app = app
        self.query = f"?{query}" if query else ""
        self.soap = soap
        self.authorization = basic(system, key)
        self.headers = {"Authorization": self.authorization} if headers is None else headers
        self.wsse = wsse

    def call(self, service: str, operation: str, payload: Mapping[str, Any], transaction: str | None = None) -> Any:
        """Call an operation with a payload by element names; return the payload of the answer. Raises zeep's Fault."""
        client = _client(service)
        address = f"http://{HOST}{SERVICES[service].path}{self.query}"
        binding = f"{{{SERVICES[service].namespace}}}{service}{self.soap}Binding"
        proxy = client.create_service(binding, address)
        identifier = {"SystemName": "afprøver", "SystemTransactionID": transaction or str(uuid4())}
        client.transport = InProcess(self.app, self.headers)
        client.wsse = self.wsse
        answer = proxy[operation](Identifier=identifier, Message={operation: payload})
        assert answer["Identifier"]["SystemTransactionID"] == identifier["SystemTransactionID"]
        return answer["Message"][f"{operation}Svar"]

    def report(self, service: str, payload: Mapping[str, Any], transaction: str | None = None) -> Any:
        """Send a report; return its receipt."""
        return self.call(service, service, payload, transaction)

    def fetch(self, kommune: str, transaction: str | None = None, **criterion: str) -> Any:
        """Call HentHaendelser for a kommune."""
        return self.call("DataTilKommune", "HentHaendelser", {"InstitutionNummer": kommune, **criterion}, transaction)


def written(service: str, operation: str, payload: Mapping[str, Any], transaction: str) -> bytes:
    """Return the request of a call in SOAP 1.1, as a client made from the WSDL writes it."""
    client = _client(service)
    proxy = client.create_service(f"{{{SERVICES[service].namespace}}}{service}{SOAP_11}Binding", f"http://{HOST}")
    identifier = {"SystemName": "afprøver", "SystemTransactionID": transaction}
    made = client.create_message(proxy, operation, Identifier=identifier, Message={operation: payload})
    return bytes(etree.tostring(made, encoding="utf-8"))


def codes(receipt: Any) -> set[str]:
    """Return the codes of a receipt's or a refusal's lines."""
    return {line["FejlKode"] for line in receipt["Fejl"]}


def payload_name(local: str) -> str:
    """Return a payload element's full name."""
    return f"{{{PAYLOAD_NAMESPACE}}}{local}"
