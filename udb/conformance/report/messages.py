"""The messages of a run for a reader: the payload by element, without the envelope around it."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree

from udb.conformance.shared.stage import Exchange
from udb.conformance.shared.xml import Unreadable, parsed
from udb.domain import elementer
from udb.domain.visible import visible

LONGEST: Final = 6000
_CUT: Final = "\n… (afkortet)"


def sent(exchange: Exchange) -> str:
    """Return the readable request."""
    return readable(exchange.sent)


def answered(exchange: Exchange) -> str:
    """Return the readable answer, with its HTTP status and time."""
    reply = exchange.reply
    head = f"HTTP {reply.status}, {round(reply.seconds * 1000)} ms"
    return f"{head}\n{readable(reply.body)}"


def raw(exchange: Exchange) -> str:
    """Return both messages as sent, for what ``readable`` leaves out: envelope, namespaces, Content-Type."""
    reply = exchange.reply
    kind = visible(reply.headers.get("content-type", "-"))
    received = f"HTTP {reply.status}\nContent-Type: {kind}\n\n{_short(reply.body.decode('utf-8', 'replace'))}"
    return f"{_short(exchange.sent.decode('utf-8', 'replace'))}\n\n{received}".lstrip()


def readable(body: bytes) -> str:
    """Return the payload of a message, or its fault, one element per line; a body that is not XML as it is."""
    try:
        root = parsed(body)
    except Unreadable:
        return _short(body.decode("utf-8", "replace"))
    found = next((child for message in root.iter(f"{{*}}{elementer.MESSAGE}") for child in message), None)
    if found is None:
        found = next(iter(root.iter("{*}Fault")), None)
    if found is None:
        found = next((child for body in root.iter("{*}Body") for child in body.iterchildren("{*}*")), root)
    return _short("\n".join(islice(_lines(found, 0), LONGEST)))


def _lines(element: etree._Element, depth: int) -> Iterator[str]:
    text = (element.text or "").strip()
    yield f"{'  ' * depth}{etree.QName(element).localname}" + (f": {text[:LONGEST]}" if text else "")
    for child in element.iterchildren("{*}*"):
        yield from _lines(child, depth + 1)


def _short(text: str) -> str:
    return visible(text if len(text) <= LONGEST else text[:LONGEST] + _CUT)
