"""Bytes to a tree, refusing what no caller of ours has reason to send, while it is being read.

No text of libxml2 goes further than this module: it would tell what the caller wrote.

libxml2 keeps every name it ever met for as long as the thread lives. Callers who make up names would fill the memory;
so a thread that has met too many has further calls read by threads that end with them.
"""

import codecs
import re
import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from encodings import normalize_encoding
from encodings.aliases import aliases
from typing import Any, Final

from lxml import etree

from udb.wsdl.faults import NOT_VALID, ServiceFault

PIECE: Final = 64 * 1024
MAX_ELEMENTS: Final = 5_000
MAX_ATTRIBUTES: Final = 16
"""On one element."""
MAX_NAMESPACES: Final = 64
"""Declared on one element; some toolkits declare all they know."""
MAX_DEPTH: Final = 32
MAX_NAMES: Final = 256 * 1024
"""How many characters of names a thread keeps, with what each costs beside them."""
_COST_OF_A_NAME: Final = 64

_MODULES: Final = {"utf_8": "utf-8", "utf_16": "utf-16", "latin_1": "iso8859-1", "ascii": "ascii"}
CHARSETS: Final = frozenset(_MODULES.values())
"""Encodings that are taken, by Python's name for them."""
_CHARSET_OF: Final = _MODULES | {alias: _MODULES[module] for alias, module in aliases.items() if module in _MODULES}

_BYTE_ORDER_MARKS: Final = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARATION: Final = re.compile(rb"<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


def known_charset(name: str) -> str | None:
    """Python's name of an encoding that is taken, or None.

    Not looked up with ``codecs``: it looks for a module of that name, and keeps every name it did not find for ever.
    """
    return _CHARSET_OF.get(normalize_encoding(name).lower()) if name.isascii() else None


def parse(body: bytes, charset: str | None = None) -> etree._Element:
    """Return the root element. ``charset``: what Content-Type says, by Python's name. Raises ServiceFault IPL000002."""
    if not body:
        raise ServiceFault(NOT_VALID, "Kaldet er tomt.")
    _check_encoding(body, charset)
    if _met.size <= MAX_NAMES:
        return _parse(body, charset)
    with ThreadPoolExecutor(1, thread_name_prefix="laeser") as once:
        return once.submit(_parse, body, charset).result()


def _parse(body: bytes, charset: str | None) -> etree._Element:
    parser = etree.XMLPullParser(
        events=("start", "start-ns"),
        encoding=charset,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    limits = _Limits()
    fed = 0
    try:
        for start in range(0, len(body), PIECE):
            fed = start + PIECE
            parser.feed(body[start : start + PIECE])
            limits.check(parser)
        root: etree._Element = parser.close()
    except ServiceFault:
        _met.size += min(fed, len(body))
        _end(parser)
        raise
    except etree.XMLSyntaxError as error:
        # The parser may have stopped anywhere before the mistake.
        _met.size += min(fed, len(body))
        _end(parser)
        line = f"Linje {error.lineno}: " if error.lineno else ""
        raise ServiceFault(NOT_VALID, f"{line}Kaldet er ikke velformet XML.") from None
    return root


def _end(parser: etree.XMLPullParser) -> None:
    """Release what was read: a parser stopped half-way, or events not taken, form a cycle with the tree, which only the
    collector would free.
    """
    deque(parser.read_events(), maxlen=0)
    with suppress(etree.LxmlError):
        parser.close()


class _Met(threading.local):
    """The names that this thread has met."""

    def __init__(self) -> None:
        self.names: set[str | None] = set()
        self.size = 0

    def add(self, names: set[str | None]) -> None:
        # Callers have few toolkits: nearly every call has no name that was not met before.
        for name in names - self.names:
            if self.size <= MAX_NAMES:
                self.names.add(name)
                self.size += len(name or "") + _COST_OF_A_NAME


_met = _Met()

_TOO_DEEP: Final = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")


class _Limits:
    """Counts what the parser has seen so far."""

    def __init__(self) -> None:
        self._elements = 0

    def check(self, parser: etree.XMLPullParser) -> None:
        events: list[tuple[str, Any]] = list(parser.read_events())
        begun: list[Any] = [item for event, item in events if event == "start"]
        if not begun:
            return
        if self._elements == 0 and begun[0].getroottree().docinfo.doctype:
            raise ServiceFault(NOT_VALID, "Kaldet må ikke have DOCTYPE.")
        attributes = [element.keys() for element in begun]
        declared = [item for event, item in events if event == "start-ns"]
        _met.add({str(element.tag) for element in begun}.union(*attributes, *declared))
        before, self._elements = self._elements, self._elements + len(begun)
        # All at once first, which nearly every call passes; then one by one, to find the first that is too much.
        if (
            self._elements > MAX_ELEMENTS
            or max(map(len, attributes)) > MAX_ATTRIBUTES
            or len(declared) > MAX_NAMESPACES
            or (self._elements > MAX_DEPTH and _TOO_DEEP(begun[0].getroottree()))
        ):
            _refuse_first(events, before)


def _refuse_first(events: Iterable[tuple[str, Any]], elements: int) -> None:
    """``elements``: how many came before. Raises ServiceFault for the first element that is beyond a limit."""
    namespaces = 0
    for event, item in events:
        if event == "start-ns":
            namespaces += 1
            continue
        elements += 1
        depth = 1 + sum(1 for _ in item.iterancestors())
        for count, limit, what in (
            (elements, MAX_ELEMENTS, "elementer"),
            (depth, MAX_DEPTH, "niveauer"),
            (len(item.attrib), MAX_ATTRIBUTES, "attributter på ét element"),
            (namespaces, MAX_NAMESPACES, "navnerum på ét element"),
        ):
            if count > limit:
                raise ServiceFault(NOT_VALID, f"Linje {item.sourceline}: Kaldet må højst have {limit} {what}.")
        namespaces = 0


def _check_encoding(body: bytes, charset: str | None) -> None:
    mark = next((name for start, name in _BYTE_ORDER_MARKS.items() if body.startswith(start)), None)
    found = _DECLARATION.match(body.removeprefix(codecs.BOM_UTF8))
    declared = known_charset(found.group(1).decode("ascii")) if found else None
    if found and declared is None:
        raise ServiceFault(NOT_VALID, "XML-erklæringens tegnsæt understøttes ikke. Brug UTF-8.")
    if len({name for name in (charset, mark, declared) if name}) > 1:
        raise ServiceFault(
            NOT_VALID, "Content-Type, XML-erklæringen og teksten selv angiver ikke samme tegnsæt. Brug UTF-8."
        )
