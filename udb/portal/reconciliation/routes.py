"""The pages of the reconciliation: the form, the result as its answer, and the marks of a status day."""

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from udb.domain.call import Call
from udb.domain.formaal import Formaal
from udb.domain.services import DATA_TIL_INSTITUTION, DATA_TIL_KOMMUNE
from udb.hentning.reconciliation.file import MOST_BYTES, MOST_ROWS, FileFaultyError, read
from udb.hentning.reconciliation.kinds import BETWEEN, COLUMNS, OF_KOMMUNER, Hvad, day_of
from udb.hentning.reconciliation.marks import WHAT_TO_DO
from udb.hentning.reconciliation.run import reconcile
from udb.hentning.reconciliation.status_day import status_day
from udb.portal.pages import page
from udb.portal.reconciliation import files
from udb.portal.reconciliation.limits import may_reconcile
from udb.portal.reconciliation.words import KINDS, MARKS, STATUS_MARKS
from udb.portal.reporting.faults import Fault
from udb.portal.reporting.to_report import call_of
from udb.portal.roles import Role
from udb.portal.state import domain_now, house, the_session
from udb.portal.youths.place import agreed
from udb.store.engine import reading

pages = Blueprint("reconciliation", __name__, url_prefix="/afstemning")
LARGEST: Final = MOST_BYTES + 1024 * 1024
"""Bytes of a request with a file: somewhat more than a file may have, so that a page can say that it has too many."""
MOST_SHOWN: Final = 200
"""How many rows of a mark a page shows; the file has all."""
CSV: Final = "csv"
_DAYS: Final = {"dag": "Dag", "fra": "Fra", "til": "Til"}
_SHOWN_STATUS: Final = 100


@pages.get("/")
def choose() -> Response:
    """Show the form."""
    return _form([])


@pages.post("/")
@agreed
def answer() -> Response:
    """Reconcile a file, and answer with the result, as a page or as a file."""
    said = request.form
    kinds = _kinds()
    hvad = next((one for one in kinds if one == said.get("hvad")), None)
    days, faults = _days(said)
    if hvad is None:
        faults.insert(0, Fault("Vælg, hvad der skal afstemmes.", f"hvad-{kinds[0]}"))
    given = request.files.get("fil")
    if given is None or not given.filename:
        faults.append(Fault("Vælg en fil.", "fil"))
    if faults or hvad is None or given is None:
        return _form(faults)
    columns = COLUMNS[hvad]
    try:
        found = read(given.stream.read(), columns.required, columns.optional)
    except FileFaultyError as fault:
        return _form([Fault(str(fault), "fil")])
    if not may_reconcile(len(found.rows)):
        return _too_often()
    result = reconcile(house().context, _call("Afstemning"), hvad, found, days["dag"], days["fra"], days["til"])
    if said.get("som") == CSV:
        return files.result(result)
    return page(
        "reconciliation/result.html",
        result=result,
        title=KINDS[hvad],
        words=MARKS,
        todo=WHAT_TO_DO,
        most=MOST_SHOWN,
        is_between=hvad in BETWEEN,
        of_day=hvad is Hvad.FORLOEB,
    )


@pages.get("/skabelon/<hvad>.csv")
def template(hvad: str) -> Response:
    """Give the template of a kind as a file."""
    found = next((one for one in _kinds() if one == hvad), None)
    if found is None:
        raise NotFound
    return files.template(found)


@pages.get("/opmaerkninger/")
@agreed
def marked() -> Response:
    """Show the own forloeb on a status day by mark."""
    day, faults = _status_day()
    call = _call("AfstemningOpmaerkninger")
    found = None if faults else status_day(house().context, call, day, most=_SHOWN_STATUS)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(
        "reconciliation/status_day.html",
        status,
        found=found,
        said=request.args.get("dag", "") or (found.dag.isoformat() if found else ""),
        words=STATUS_MARKS,
        most=_SHOWN_STATUS,
        summary=faults,
    )


@pages.get("/opmaerkninger/hent.csv")
@agreed
def marked_file() -> Response:
    """Give all of them as a file."""
    day, faults = _status_day()
    if faults:
        raise NotFound
    return files.marked(status_day(house().context, _call("AfstemningOpmaerkningerFil"), day))


def _kinds() -> Sequence[Hvad]:
    is_kommune = the_session().rolle is Role.LEDER
    return [one for one in Hvad if is_kommune or one not in OF_KOMMUNER]


def _call(operation: str) -> Call:
    session = the_session()
    return call_of(
        operation,
        session.institution_nummer or "",
        str(uuid4()),
        service=DATA_TIL_KOMMUNE if session.rolle is Role.LEDER else DATA_TIL_INSTITUTION,
        formaal=Formaal.AFSTEMNING,
    )


def _days(said: Mapping[str, str]) -> tuple[dict[str, date | None], list[Fault]]:
    days: dict[str, date | None] = {}
    faults = []
    for name, label in _DAYS.items():
        text = said.get(name, "").strip()
        days[name] = day_of(text)
        if text and days[name] is None:
            faults.append(Fault(f"{label}: Skriv datoen som 2026-08-17 eller 17-08-2026.", name))
    first, last = days["fra"], days["til"]
    if first is not None and last is not None and first > last:
        faults.append(Fault("Fra er senere end Til.", "fra"))
    return days, faults


def _status_day() -> tuple[date | None, list[Fault]]:
    text = request.args.get("dag", "").strip()
    day = day_of(text)
    if text and day is None:
        return None, [Fault("Skriv datoen som 2026-08-17 eller 17-08-2026.", "dag")]
    with reading(house().context.engine) as connection:
        today = domain_now(connection).date()
    if day is not None and day > today:
        return None, [Fault("Dagen er ikke kommet endnu.", "dag")]
    return day, []


def _form(summary: Sequence[Fault]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK
    said: Mapping[str, Any] = request.form
    kinds = [(one.value, KINDS[one], COLUMNS[one]) for one in _kinds()]
    return page("reconciliation/form.html", status, kinds=kinds, summary=summary, said=said, most=MOST_ROWS)


def _too_often() -> Response:
    found = page("reconciliation/too_often.html", HTTPStatus.TOO_MANY_REQUESTS)
    found.headers["Retry-After"] = str(60 * 60)
    return found
