"""The pages of reports from a file: it is sent once to be judged, and once more to report its valid lines."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import Blueprint, request
from werkzeug.wrappers import Response

from udb.domain import elementer as e
from udb.domain.receipt import Resultat
from udb.domain.services import INSTITUTION_KONTAKT
from udb.portal.pages import page
from udb.portal.reporting.faults import Fault
from udb.portal.reporting.file import MOST, REFERENCE, FileFaultyError, Line, judged, read, sent
from udb.portal.reporting.place import Place, place
from udb.portal.reporting.routes import SEEN, TRANSACTION, UNSEEN
from udb.portal.reporting.tasks import TITLES

pages = Blueprint("report_file", __name__, url_prefix="/indberet/fil")
_LONGEST_BASE = 90
"""The number of the line comes after it."""


@pages.get("/")
def choose() -> Response:
    """Let the user choose a file."""
    return _choose(place(), [])


@pages.post("/")
def check() -> Response:
    """Judge the lines of a file; report the valid ones when the file comes from the page that showed them."""
    here, service = place(), request.form.get("tjeneste", "")
    if service not in _services(here):
        return _choose(here, [Fault("Vælg en uddannelse.", "tjeneste-1")])
    try:
        text = _text()
        rows = read(text)
    except FileFaultyError as fault:
        return _choose(here, [Fault(str(fault), "fil")])
    said = request.form.get(TRANSACTION, "")
    known = said.isprintable() and 0 < len(said) <= _LONGEST_BASE
    base = said if known else str(uuid4())
    lines = judged(rows, service, here, base)
    valid = [line for line in lines if line.is_valid]
    raad = {one.fejl_kode: one for line in valid for one in line.raad}
    unseen = set(raad) - set(request.form.getlist(SEEN)) if known else set()
    if known and not unseen:
        return _sent(lines, base)
    summary = [Fault(UNSEEN, f"raad-{code}") for code in sorted(unseen)[:1]]
    return page(
        "reporting/file_check.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK,
        lines=lines,
        valid=valid,
        raad=[raad[code] for code in sorted(raad)],
        seen=request.form.getlist(SEEN),
        unseen=unseen,
        summary=summary,
        text=text,
        transaction=base,
        service=service,
        title=TITLES[service],
    )


def _sent(lines: Sequence[Line], base: str) -> Response:
    done: list[tuple[Line, Any]] = [(line, sent(line, base) if line.is_valid else None) for line in lines]
    return page("reporting/file_receipt.html", done=done, accepted=Resultat.ACCEPTERET)


def _text() -> str:
    given = request.files.get("fil")
    if given is None or not given.filename:
        text = request.form.get("indhold", "")
        if not text:
            raise FileFaultyError("Vælg en fil.")
        return text
    raw = given.stream.read()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A spreadsheet saves so when it is asked for CSV alone.
        return raw.decode("cp1252", errors="replace")


def _services(here: Place) -> list[str]:
    return [name for name in here.services if name != INSTITUTION_KONTAKT]


def _choose(here: Place, summary: Sequence[Fault]) -> Response:
    services = _services(here)
    if not services:
        lacking = [(name, TITLES[name]) for name in here.lacking]
        return page("reporting/not_agreed.html", HTTPStatus.FORBIDDEN, services=lacking)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK
    educations = [(name, TITLES[name]) for name in services]
    columns = [e.CPRNR, e.INSTITUTION_NUMMER, e.HAENDELSE_DATO, e.STATUS]
    return page(
        "reporting/file.html",
        status,
        educations=educations,
        summary=summary,
        most=MOST,
        columns=columns,
        reference=REFERENCE,
    )
