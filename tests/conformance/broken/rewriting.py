"""A service whose answers are changed on their way out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import WSGIApplication

from lxml import etree

from udb.domain.services import PAYLOAD_NAMESPACE


@dataclass
class Passing:
    """An answer on its way out, with the request it answers."""

    path: str
    query: str
    request: bytes
    status: int
    headers: dict[str, str]
    body: bytes
    environ: dict[str, Any] = field(default_factory=dict)

    @property
    def operation(self) -> str:
        """Return the local name of the request's element in Body; empty when the request is no SOAP."""
        try:
            body = etree.fromstring(self.request).find("{*}Body")
        except etree.XMLSyntaxError:
            return ""
        return "" if body is None or not len(body) else etree.QName(body[0]).localname.removesuffix("Request")

    @property
    def is_feed(self) -> bool:
        """Return whether the answer is a page of events, not a look-up."""
        return self.operation == "HentHaendelser" and b":CPRNr>" not in self.request

    @property
    def by_number(self) -> bool:
        """Return whether the page was asked for by number."""
        return b":HaendelseNummer>" in self.request


Change = Callable[[Passing], None]


def changed(app: WSGIApplication, change: Change) -> WSGIApplication:
    """Return the application with every answer changed."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        sent = environ["wsgi.input"].read()
        environ["wsgi.input"].seek(0)
        seen: dict[str, Any] = {}

        def keep(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
            seen.update(status=int(status[:3]), headers={name.lower(): value for name, value in headers})

        chunks = app(environ, keep)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        passing = Passing(environ["PATH_INFO"], environ["QUERY_STRING"], sent, **seen, body=body, environ=environ)
        if not passing.path.startswith("/sandbox"):
            change(passing)
        passing.headers["content-length"] = str(len(passing.body))
        start_response(f"{passing.status} X", list(passing.headers.items()))
        return [passing.body]

    return application


def in_xml(change: Callable[[etree._Element, Passing], None]) -> Change:
    """Return a change of the answer's XML, where it is XML."""

    def apply(passing: Passing) -> None:
        if "xml" not in passing.headers.get("content-type", "") or passing.query:
            return
        root = etree.fromstring(passing.body)
        change(root, passing)
        passing.body = etree.tostring(root)

    return apply


def named(root: etree._Element, name: str) -> list[etree._Element]:
    """Return the elements of a local name, wherever they are."""
    return list(root.iter(f"{{*}}{name}"))


def removed(*names: str, where: Callable[[Passing], bool] = lambda _: True) -> Change:
    """Return a change that removes the elements of these names."""

    def change(root: etree._Element, passing: Passing) -> None:
        if where(passing):
            for name in names:
                for element in named(root, name):
                    element.getparent().remove(element)

    return in_xml(change)


def rewritten(name: str, say: Callable[[str], str], where: Callable[[Passing], bool] = lambda _: True) -> Change:
    """Return a change that replaces the text in the elements of a name."""

    def change(root: etree._Element, passing: Passing) -> None:
        if where(passing):
            for element in named(root, name):
                element.text = say(element.text or "")

    return in_xml(change)


def added(parent: str, name: str, text: str, at: int | None = None) -> Change:
    """Return a change that adds an element to those of a name."""

    def change(root: etree._Element, _passing: Passing) -> None:
        for element in named(root, parent):
            child = etree.Element(f"{{{PAYLOAD_NAMESPACE}}}{name}")
            child.text = text
            element.insert(len(element) if at is None else at, child)

    return in_xml(change)
