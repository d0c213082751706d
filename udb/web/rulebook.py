"""Serve the rule book: ``/regler`` and ``/regler/<kode>`` in Danish, and the same under ``/regler/en`` in English."""

from functools import cache
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs
from wsgiref.types import WSGIApplication

from udb.rulebook.attempt import MAKE_RUN
from udb.rulebook.book import entry_of
from udb.rulebook.search import MOST_SOUGHT, found
from udb.rulebook.words import DANISH, ENGLISH, WORDS
from udb.settings import Settings
from udb.web.http import Environ, Reply, page
from udb.web.rulebook_html import ROOT, SOUGHT, STYLE_HASH, index_page, message_page, rule_page, search_page
from udb.wsdl.contract_files import base_address
from udb.wsdl.faults import ServiceFault

HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src '{STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "max-age=300",
}
MOST_QUERY: Final = 2000
"""The most characters that a query string may have."""
MOST_FIELDS: Final = 10


def application(settings: Settings) -> WSGIApplication:
    """Return the WSGI application of ``/regler`` and everything below it. ``settings``: they know its own addresses."""
    return page(lambda environ: _answer(environ, settings))


def _answer(environ: Environ, settings: Settings) -> Reply:
    path = str(environ.get("PATH_INFO") or "").removeprefix(ROOT).strip("/")
    head, _, rest = path.partition("/")
    language, code = (ENGLISH, rest) if head == ENGLISH else (DANISH, path)
    if code:
        known = _rule(language, code, _base(environ, settings)) if entry_of(code) else None
        return _reply(known, HTTPStatus.OK) if known else _no(language, "missing", HTTPStatus.NOT_FOUND)
    try:
        sought = _sought(str(environ.get("QUERY_STRING") or ""))
    except ValueError:
        return _no(language, "bad", HTTPStatus.BAD_REQUEST)
    return _reply(search_page(language, sought, found(sought, language)) if sought else _index(language), HTTPStatus.OK)


def _sought(query: str) -> str:
    """Return the search text, printable and at most MOST_SOUGHT long. Raises ValueError when it cannot be read."""
    if len(query) > MOST_QUERY:
        raise ValueError
    given = parse_qs(query, max_num_fields=MOST_FIELDS).get(SOUGHT, [""])[0]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in given).split())[:MOST_SOUGHT]


@cache
def _index(language: str) -> str:
    return index_page(language)


@cache
def _rule(language: str, code: str, base: str) -> str | None:
    entry = entry_of(code)
    return rule_page(language, entry, base) if entry else None


def _base(environ: Environ, settings: Settings) -> str:
    """Return the address that served the page; that of ``make run`` where the Host header may not be repeated."""
    try:
        return base_address(settings, environ)
    except ServiceFault:
        return MAKE_RUN


def _no(language: str, why: str, status: HTTPStatus) -> Reply:
    words = WORDS[language]
    text = words["missing_text"] if why == "missing" else words["bad"]
    return _reply(message_page(language, words["missing"] if why == "missing" else words["title"], text), status)


def _reply(content: str, status: HTTPStatus) -> Reply:
    return Reply(content.encode(), "text/html; charset=utf-8", status, HEADERS)
