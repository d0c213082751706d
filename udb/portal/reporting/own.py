"""The pages of what was reported: the list, one report, its CPR number, and its cancellation."""

import re
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from flask import Blueprint, request
from werkzeug.wrappers import Response

from udb.callers.systems import WEB
from udb.domain.errors import NoDataaftale
from udb.domain.receipt import Receipt, Resultat
from udb.indberetning.own_reports import PAGE, OwnReport, Sought, own_report, own_reports
from udb.indberetning.take import take_report
from udb.portal.pages import page
from udb.portal.reporting.faults import Fault, advice, hard
from udb.portal.reporting.place import Place, place
from udb.portal.reporting.routes import SEEN, TRANSACTION, UNSEEN
from udb.portal.reporting.shown import as_row, details, grouped, once_more
from udb.portal.reporting.tasks import TITLES
from udb.portal.reporting.to_report import LONGEST_TRANSACTION, call_of, cancellation_of
from udb.portal.state import house
from udb.rules.catalogue import BY_CODE

pages = Blueprint("own_reports", __name__, url_prefix="/indberet/mine")
_LIST, _ONE, _NUMBER = "MineIndberetninger", "MinIndberetning", "MinIndberetningCPR"
"""The operations of the read log."""
_FILTERS: Final = ("fra", "til", "status", "tjeneste", "system", "resultat")
_LONGEST_NUMBER: Final = 40
_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)
"""What is looked for: far enough from the ends of the calendar to count days from."""
_DATE: Final = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})", re.ASCII)


@pages.get("/")
def mine() -> Response:
    """Show the reports of the own main institution that fit."""
    here, asked = place(), request.args
    found = _sought(asked)
    summary = found.faults
    rows, more = (
        ([], False)
        if summary
        else own_reports(house().context, _call(_LIST, here), here.hovedinstitution, found.sought)
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK
    following = {**_kept(asked), "foer": rows[-1].event.nummer} if more else None
    return page(
        "reporting/mine.html",
        status,
        rows=[as_row(one, here) for one in rows],
        asked=asked,
        titles=TITLES,
        summary=summary,
        following=following,
        most=PAGE,
    )


@pages.get("/<nummer>")
def detail(nummer: str) -> Response:
    """Show a report, its CPR number masked."""
    here = place()
    found = _found(_ONE, here, nummer)
    return _missing() if found is None else _detail(found, here)


@pages.post("/<nummer>/cpr")
def reveal(nummer: str) -> Response:
    """Show a report with the CPR number as it was reported; the read log has an operation of its own for that."""
    here = place()
    found = _found(_NUMBER, here, nummer)
    return _missing() if found is None else _detail(found, here, cpr=grouped(found.event.cprnr))


@pages.get("/<nummer>/annuller")
def cancel(nummer: str) -> Response:
    """Show what would be cancelled, for approval."""
    here = place()
    found = _found(_ONE, here, nummer)
    return _missing() if found is None else _tried(found, here, str(uuid4()))


@pages.post("/<nummer>/annuller")
def cancelled(nummer: str) -> Response:
    """Cancel a report, when every advice was seen, and show the receipt."""
    here = place()
    found = _found(_ONE, here, nummer)
    if found is None:
        return _missing()
    said = request.form.get(TRANSACTION, "")
    usable = said.isprintable() and 0 < len(said) <= LONGEST_TRANSACTION
    return _tried(found, here, said if usable else str(uuid4()), is_final=usable)


def _tried(found: OwnReport, here: Place, transaction: str, *, is_final: bool = False) -> Response:
    tried = _taken(found, transaction, validate_only=True)
    if tried is None:
        service = found.event.service
        return page("reporting/not_agreed.html", HTTPStatus.FORBIDDEN, services=[(service, TITLES[service])])
    summary = [Fault(line.fejl_tekst, None, line.fejl_kode) for line in hard(tried)]
    unseen = {line.fejl_kode for line in advice(tried)} - set(request.form.getlist(SEEN)) if is_final else set()
    if is_final and unseen and not summary:
        summary = [Fault(UNSEEN, f"raad-{code}") for code in sorted(unseen)[:1]]
    receipt = _taken(found, transaction) if is_final and not summary else None
    if receipt is not None and receipt.resultat is Resultat.ACCEPTERET:
        again = once_more(found.event) if here.reporting(found.event.service) else None
        row = as_row(found, here)
        return page("reporting/cancelled.html", row=row, receipt=receipt, raad=advice(receipt), again=again)
    if receipt is not None:
        summary = [Fault(line.fejl_tekst, None, line.fejl_kode) for line in hard(receipt)]
    return page(
        "reporting/cancel.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK,
        row=as_row(found, here),
        transaction=transaction,
        possible=not hard(tried),
        raad=advice(tried),
        seen=request.form.getlist(SEEN),
        unseen=unseen,
        summary=summary,
    )


def _taken(found: OwnReport, transaction: str, *, validate_only: bool = False) -> Receipt | None:
    """Return the use case's receipt for the cancellation; None without an agreement."""
    report = cancellation_of(found.event)
    call = call_of(report.service, report.institution_nummer, transaction, validate_only=validate_only)
    try:
        return take_report(house().context, call, report)
    except NoDataaftale:
        return None


def _found(operation: str, here: Place, nummer: str) -> OwnReport | None:
    # One row of the read log for every number that is asked for, also for one that no report can have.
    return own_report(house().context, _call(operation, here), here.hovedinstitution, _number(nummer))


def _number(said: str) -> str:
    """Return a number that the database can compare; empty for one that no report can have."""
    return said if said.isascii() and said.isprintable() and len(said) <= _LONGEST_NUMBER else ""


def _call(operation: str, here: Place) -> Any:
    return call_of(operation, here.own.institution.nummer, str(uuid4()))


def _detail(found: OwnReport, here: Place, cpr: str | None = None) -> Response:
    raad = [(code, BY_CODE[code].tekst) for code in found.raad if code in BY_CODE]
    row = as_row(found, here)
    return page("reporting/detail.html", row=row, details=details(found.event, here.codes), cpr=cpr, raad=raad)


def _missing() -> Response:
    return page("reporting/missing.html", HTTPStatus.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class _Asked:
    sought: Sought
    faults: list[Fault]


def _sought(asked: Any) -> _Asked:
    faults: list[Fault] = []
    days: dict[str, date | None] = {}
    for name, label in (("fra", "Fra"), ("til", "Til")):
        said = asked.get(name, "").strip()
        days[name] = day_of(said)
        if said and days[name] is None:
            faults.append(Fault(f"{label}: Skriv datoen som dag, måned og år, fx 17-08-2026.", name))
    if days["fra"] and days["til"] and days["til"] < days["fra"]:
        faults.append(Fault("Til ligger før Fra.", "til"))
    status, result = asked.get("status", ""), asked.get("resultat", "")
    sought = Sought(
        fra=days["fra"],
        til=days["til"],
        status=int(status) if status in {"1", "2", "3"} else None,
        service=asked.get("tjeneste") if asked.get("tjeneste") in TITLES else None,
        system_id=WEB if asked.get("system") == "manuel" else None,
        annulleret={"accepteret": False, "annulleret": True}.get(result),
        foer=_number(asked.get("foer", "")) or None,
    )
    return _Asked(sought, faults)


def _kept(asked: Any) -> dict[str, str]:
    return {name: asked[name] for name in _FILTERS if name in asked}


def day_of(said: str) -> date | None:
    """Return the date that was typed, None when it is none that anything is looked for by."""
    found = _DATE.fullmatch(said)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
    return day if day is not None and _FIRST <= day <= _LAST else None
