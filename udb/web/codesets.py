"""Serve the code sets of the database: ``/koder`` and ``/koder/<saet>`` in Danish, and the same under ``/koder/en``."""

from http import HTTPStatus
from typing import Final
from wsgiref.types import WSGIApplication

from sqlalchemy import Connection, Engine

from udb.domain.errors import DatabaseUnavailable
from udb.imports.kodesaet_file import SAET
from udb.rulebook.set_words import WORDS
from udb.rulebook.sets import SetPage, from_database, page_of
from udb.rulebook.words import DANISH, ENGLISH
from udb.store import state
from udb.store.codes import holding_edition, rows_of
from udb.store.engine import reading
from udb.web.codesets_html import index_page, message_page, set_page
from udb.web.http import Environ, Reply, page
from udb.web.rulebook import HEADERS
from udb.web.rulebook_html import SETS

AGAIN: Final = {"Cache-Control": "no-store", "Retry-After": "5"}
"""Headers of the answer while the database is down."""


def application(engine: Engine) -> WSGIApplication:
    """Return the WSGI application of ``/koder`` and everything below it."""
    made: dict[tuple[str, str], tuple[int, str]] = {}

    def content(language: str, saet: str) -> str:
        """Return a page, made again when the code sets have changed."""
        with reading(engine) as connection:
            edition = state.read(connection, state.CODE_EDITION) or 0
            known = made.get((language, saet))
            if known is None or known[0] != edition:
                found = [_set(connection, name, language) for name in (SAET if not saet else (saet,))]
                known = edition, set_page(language, found[0]) if saet else index_page(language, found)
                made[language, saet] = known
        return known[1]

    def answer(environ: Environ) -> Reply:
        path = str(environ.get("PATH_INFO") or "").removeprefix(SETS).strip("/")
        head, _, rest = path.partition("/")
        language, saet = (ENGLISH, rest) if head == ENGLISH else (DANISH, path)
        words = WORDS[language]
        if saet and saet not in SAET:
            return _reply(message_page(language, words["missing"], words["missing_text"]), HTTPStatus.NOT_FOUND)
        try:
            return _reply(content(language, saet), HTTPStatus.OK)
        except DatabaseUnavailable:
            return _reply(message_page(language, words["title"], words["down"]), HTTPStatus.SERVICE_UNAVAILABLE)

    return page(answer)


def _set(connection: Connection, saet: str, language: str) -> SetPage:
    _, rows = rows_of(connection, saet)
    return page_of(saet, (from_database(saet, row) for row in rows), language, holding_edition(connection))


def _reply(content: str, status: HTTPStatus) -> Reply:
    headers = {**HEADERS, **AGAIN} if status == HTTPStatus.SERVICE_UNAVAILABLE else HEADERS
    return Reply(content.encode(), "text/html; charset=utf-8", status, headers)
