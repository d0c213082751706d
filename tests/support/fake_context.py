"""A context without database, and a way to call its endpoint in this process."""

import base64
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final

from lxml import etree

from udb.domain.call import Call, Caller
from udb.domain.errors import NotAuthenticated, TooManyCalls
from udb.domain.receipt import Receipt, Resultat
from udb.domain.services import SERVICES
from udb.paths import CONTRACT
from udb.wsdl.endpoint.app import create_app
from udb.wsdl.endpoint.operation import Soap
from udb.wsdl.soap import SOAP11, SOAP12, Version

KEY: Final = "Basic " + base64.b64encode(b"system:noegle").decode()
CPR: Final = "6101051234"
REPORT: Final = "IndberetningUngdomsuddannelse"
FETCH: Final = "DataTilKommune"
HOST: Final = "localhost:8080"


def receipt(_call: Call, payload: Any) -> Any:
    return Receipt(Resultat.ACCEPTERET, payload.haendelse_dato)


def empty_page(_call: Call, _payload: Any) -> Any:
    return page(())


def page(youths: Iterable[Any]) -> Any:
    return SimpleNamespace(
        fejl=(), findes_flere_haendelser=False, hoejeste_haendelse_nummer=None, haendelser_ung=youths
    )


SETTINGS: Final = {
    "adresse": None,
    "vaerter": (HOST,),
    "maks_body": 1024 * 1024,
    "sandbox": True,
    "kraever_signatur": False,
    "signatur_sha1": False,
}


@dataclass
class FakeContext:
    operations: dict[str, Callable[[Call, Any], Any]] = field(
        default_factory=lambda: {REPORT: receipt, "HentHaendelser": empty_page}
    )
    settings: Any = field(default_factory=lambda: SimpleNamespace(**SETTINGS))
    up: bool = True
    sign_answer: Any = None
    calls_left: int = -1

    def authenticate(self, environ: Mapping[str, Any]) -> Caller:
        sent = environ.get("HTTP_AUTHORIZATION")
        if sent != KEY:
            raise NotAuthenticated(credentials_sent=sent is not None, sandbox=True)
        return Caller("system")

    def certificate(self, _fingerprint: str) -> Any:
        return None

    def first_use(self, _fingerprint: str, _signature: bytes, _expires: datetime) -> bool:
        return True

    def count_call(self, system_id: str) -> None:
        if self.calls_left == 0:
            raise TooManyCalls(limit=60, seconds=0.5)
        self.calls_left -= 1

    def require_room(self, _system_id: str) -> None: ...

    def count_refused(self, _system_id: str) -> bool:
        return False

    def ping(self) -> bool:
        return self.up


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def root(self) -> Any:
        return etree.fromstring(self.body)

    def text(self, name: str) -> str | None:
        """Return the text of the first element with this local name."""
        found = self.root.xpath(f"//*[local-name()='{name}']")
        return found[0].text if found else None

    @property
    def error_code(self) -> str | None:
        return self.text("ErrorCode")

    @property
    def soap_code(self) -> str | None:
        """Return the fault's SOAP code without prefix, of either version."""
        found = self.root.xpath("//*[local-name()='faultcode'] | //*[local-name()='Code']/*[local-name()='Value']")
        return found[0].text.partition(":")[2] if found else None

    @property
    def version(self) -> Version:
        namespace = etree.QName(self.root).namespace
        return SOAP11 if namespace == SOAP11.namespace else SOAP12


def environ(path: str, body: bytes = b"", content_type: str | None = None, **more: Any) -> dict[str, Any]:
    path, _, query = path.partition("?")
    made = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "HTTP_HOST": HOST,
        "HTTP_AUTHORIZATION": KEY,
        "CONTENT_TYPE": SOAP12.media_type if content_type is None else content_type,
    }
    return {name: value for name, value in {**made, **more}.items() if value is not None}


def send(app: Any, env: dict[str, Any]) -> Answer:
    seen: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        seen.update(status=int(status[:3]), headers=dict(headers))

    pieces = app(env, start_response)
    try:
        body = b"".join(pieces)
    finally:
        getattr(pieces, "close", lambda: None)()
    return Answer(seen["status"], seen["headers"], body)


def post(app: Any, service: str, body: bytes, version: Version = SOAP12, **more: Any) -> Answer:
    return send(app, environ(SERVICES[service].path, body, version.media_type, **more))


def app_of(context: FakeContext | None = None, pages: Mapping[str, Any] | None = None) -> Any:
    context = context or FakeContext()
    operations = {
        name: lambda _context, call, payload, use_case=use_case: use_case(call, payload)
        for name, use_case in context.operations.items()
    }
    soap: Any = Soap(context, operations, context.sign_answer)  # type: ignore[arg-type]  # it does what a context does
    return create_app(soap, pages or {})


def envelope(content: str, version: Version = SOAP12, headers: str = "") -> bytes:
    header = f"<s:Header>{headers}</s:Header>" if headers else ""
    return f'<s:Envelope xmlns:s="{version.namespace}">{header}<s:Body>{content}</s:Body></s:Envelope>'.encode()


def sample(name: str) -> str:
    """Return a sample's text without XML declaration."""
    text = (CONTRACT / "samples" / f"{name}.xml").read_text(encoding="utf-8")
    return re.sub(r"^<\?xml[^>]*\?>\s*", "", text)


def ping(service: str) -> str:
    return f'<PingRequest xmlns="{SERVICES[service].namespace}"/>'
