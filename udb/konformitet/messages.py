"""The messages of a run as a reader wants them: the payload, indented, without the envelope that is always the same."""

from typing import Final

from lxml import etree

from udb import elementer
from udb.konformitet.stage import Exchange

LONGEST: Final = 6000
_CUT: Final = "\n… (afkortet)"


def sent(exchange: Exchange) -> str:
    """What was sent."""
    return readable(exchange.sent)


def answered(exchange: Exchange) -> str:
    """What came back, with its HTTP status."""
    reply = exchange.reply
    head = f"HTTP {reply.status}, {round(reply.seconds * 1000)} ms"
    return f"{head}\n{readable(reply.body)}"


def readable(body: bytes) -> str:
    """The payload of a message, its fault, or what it is when it is neither."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True))
    except etree.XMLSyntaxError:
        return _short(body.decode("utf-8", "replace"))
    found = next((child for message in root.iter(f"{{*}}{elementer.MESSAGE}") for child in message), None)
    if found is None:
        found = next(iter(root.iter("{*}Fault")), root)
    for element in found.iter("{*}*"):
        element.tag = etree.QName(element).localname
    etree.cleanup_namespaces(found)
    etree.indent(found)
    return _short(etree.tostring(found, encoding="unicode", with_tail=False))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + _CUT
