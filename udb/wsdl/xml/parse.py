"""Parse bytes to a tree, and refuse a call beyond the limits while it is being read.

No error text of libxml2 leaves this module, because it may quote the message.

libxml2 keeps every name that it has read for as long as the thread lives. Callers who invent names would fill the
memory, so a thread that has read too many names lets each further call be parsed by a new thread, which then ends.
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
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from lxml import etree

from udb.wsdl.faults import NOT_VALID, ServiceFault
from udb.wsdl.xml.default_prefix import know_default

PIECE: Final = 64 * 1024
MAX_ELEMENTS: Final = 5_000
MAX_ATTRIBUTES: Final = 16
"""The most attributes on one element."""
MAX_NAMESPACES: Final = 64
"""The most namespaces declared on one element; some toolkits declare all that they know."""
MAX_DEPTH: Final = 32
MAX_NAMES: Final = 256 * 1024
"""How many characters of names a thread may keep; each name counts ``_COST_OF_A_NAME`` more."""
_COST_OF_A_NAME: Final = 64

_NOT_WELL_FORMED: Final = (
    "Kaldet er ikke velformet XML. Kontrollér, at hvert element lukkes, at hvert præfiks er erklæret, og at & og < i "
    "tekst skrives &amp; og &lt;."
)

_MODULES: Final = {"utf_8": "utf-8", "utf_16": "utf-16", "latin_1": "iso8859-1", "ascii": "ascii"}
CHARSETS: Final = frozenset(_MODULES.values())
"""The accepted encodings, by Python's name for them."""
_ASCII: Final = "ascii"
_CHARSET_OF: Final = _MODULES | {alias: _MODULES[module] for alias, module in aliases.items() if module in _MODULES}

_BYTE_ORDER_MARKS: Final = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARATION: Final = re.compile(rb"<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


@lru_cache(maxsize=256)
def known_charset(name: str) -> str | None:
    """Return Python's name of an encoding if it is accepted, else None."""
    # ``codecs.lookup`` is not used: it searches for a module of that name, and keeps every name that it did not find.
    return _CHARSET_OF.get(normalize_encoding(name).lower()) if name.isascii() else None


def parse(body: bytes, charset: str | None = None) -> etree._Element:
    """Return the root element. ``charset``: Python's name of the one in Content-Type. Raises ServiceFault IPL000002."""
    if not body:
        raise ServiceFault(NOT_VALID, "Kaldet er tomt.")
    _check_encoding(body, charset)
    if _met.size <= MAX_NAMES:
        return _parse(body, charset)
    with ThreadPoolExecutor(1, thread_name_prefix="laeser") as once:
        return once.submit(_parse, body, charset).result()


def _parse(body: bytes, charset: str | None) -> etree._Element:
    # For signatures: the dictionary is that of the thread that parses.
    know_default()
    parser = etree.XMLPullParser(
        events=("start", "start-ns"),
        encoding=charset,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        # Kept in order to be found. They are not among the events, because with them lxml leaves the parser in a cycle.
        remove_pis=False,
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
        _refuse_instruction(root)
    except ServiceFault:
        _met.size += min(fed, len(body))
        _end(parser)
        raise
    except etree.XMLSyntaxError as error:
        # The parser may have stopped anywhere before the mistake.
        _met.size += min(fed, len(body))
        _end(parser)
        line = f"Linje {error.lineno}: " if error.lineno else ""
        raise ServiceFault(NOT_VALID, f"{line}{_NOT_WELL_FORMED}") from None
    return root


def _end(parser: etree.XMLPullParser) -> None:
    """Close the parser and drop its events: otherwise they form a cycle with the tree, which only the garbage collector
    would free.
    """
    deque(parser.read_events(), maxlen=0)
    with suppress(etree.LxmlError):
        parser.close()


class _Met(threading.local):
    """The names that this thread has read, and about how much memory they take."""

    def __init__(self) -> None:
        self.names: set[str | None] = set()
        self.size = 0

    def add(self, names: set[str | None]) -> None:
        # Callers use few toolkits: nearly every call has only names that were read before.
        for name in names - self.names:
            if self.size <= MAX_NAMES:
                self.names.add(name)
                self.size += len(name or "") + _COST_OF_A_NAME


_met = _Met()

_TOO_DEEP: Final = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")


class _Limits:
    """Check the limits of what the parser has read so far."""

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
        # Nearly every call passes this check of all at once; only a refused call is searched for its first excess.
        if (
            self._elements > MAX_ELEMENTS
            or max(map(len, attributes)) > MAX_ATTRIBUTES
            or len(declared) > MAX_NAMESPACES
            or (self._elements > MAX_DEPTH and _TOO_DEEP(begun[0].getroottree()))
        ):
            _refuse_first(events, before)


def _refuse_instruction(root: etree._Element) -> None:
    """Raise ServiceFault for a processing instruction: SOAP forbids them (1.1, section 3; 1.2 part 1, section 5)."""
    # Not by XPath, which sorts what it finds: many instructions in a row would take minutes.
    inside = root.iter(etree.ProcessingInstruction)
    before, after = (root.itersiblings(etree.ProcessingInstruction, preceding=side) for side in (True, False))
    found = next(chain(before, inside, after), None)
    if found is not None:
        details = "Et kald må ikke have instruktioner (<?…?>) ud over XML-erklæringen. Fjern dem, og signér derefter."
        raise ServiceFault(NOT_VALID, f"Linje {found.sourceline}: {details}")


def _refuse_first(events: Iterable[tuple[str, Any]], elements: int) -> None:
    """Raise ServiceFault for the first element beyond a limit. ``elements``: how many elements came before these."""
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
    named = {name for name in (charset, mark, declared) if name}
    if body.isascii():
        # ASCII is a part of the other two, so a body of ASCII alone has one meaning.
        named = {name for name in named if name != _ASCII} or named
    if len(named) > 1:
        raise ServiceFault(
            NOT_VALID, "Content-Type, XML-erklæringen og teksten selv angiver ikke samme tegnsæt. Brug UTF-8."
        )
