"""From a report of the kommune to its trial, its ticks and its receipt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from flask import request
from werkzeug.wrappers import Response

from udb.domain.errors import NoDataaftale
from udb.domain.haendelse import Indberetning
from udb.domain.receipt import Fejl, Receipt, Resultat
from udb.indberetning.take import take_report
from udb.portal.pages import page
from udb.portal.reporting.faults import USED_TRANSACTION, Fault, advice, hard
from udb.portal.reporting.routes import SEEN, TRANSACTION, UNSEEN
from udb.portal.reporting.to_report import LONGEST_TRANSACTION, call_of
from udb.portal.state import house

FINAL: Final = "send"
"""The value of the button that sends; any other only tries."""
SHOWN: Final = "vist"
"""The form's field that says what the approval showed."""
CHANGED: Final = "Registreringen er ændret, siden du så den. Se den nye, og godkend igen."
_KEPT_OUT: Final = frozenset({"csrf", SEEN, SHOWN, "knap"})


@dataclass(frozen=True, slots=True)
class Sending:
    """What is about to be sent. ``sent``: labels and values for approval; ``back``: where to go without sending;
    ``refused``: the page that shows the lines of a refusal, None: the approval itself does. ``shown``: a digest of
    the registration that the approval shows; if it is another meanwhile, that one is shown first.
    """

    title: str
    report: Indberetning
    sent: Sequence[tuple[str, str]]
    back: str
    refused: Callable[[Sequence[Fejl], Sequence[Fejl]], Response] | None = None
    shown: str = ""


def carried_on(sending: Sending) -> Response:
    """Return the next page: the refusal, the approval, or the receipt."""
    transaction = said_transaction()
    is_final = request.method == "POST" and request.form.get("knap") == FINAL and TRANSACTION in request.form
    tried = taken(sending.report, transaction, validate_only=True)
    if tried is None:
        return not_agreed(sending.report.service)
    if hard(tried):
        return _refused(sending, tried, transaction)
    unseen = {line.fejl_kode for line in advice(tried)} - set(request.form.getlist(SEEN))
    is_changed = is_final and request.form.get(SHOWN, "") != sending.shown
    if not is_final or unseen or is_changed:
        return _approval(sending, tried, transaction, unseen if is_final else set(), is_changed=is_changed)
    receipt = taken(sending.report, transaction)
    if receipt is None or receipt.resultat is not Resultat.ACCEPTERET:
        return not_agreed(sending.report.service) if receipt is None else _refused(sending, receipt, transaction)
    return page("youths/receipt.html", title=sending.title, receipt=receipt, raad=advice(receipt), back=sending.back)


def taken(report: Indberetning, transaction: str, *, validate_only: bool = False) -> Receipt | None:
    """Return the use case's receipt; None without an agreement."""
    call = call_of(report.service, report.institution_nummer, transaction, validate_only=validate_only)
    try:
        return take_report(house().context, call, report)
    except NoDataaftale:
        return None


def said_transaction() -> str:
    """Return the hidden id of the form, a new one when it has none that can be used."""
    said = request.form.get(TRANSACTION, "") if request.method == "POST" else ""
    return said if said.isprintable() and 0 < len(said) <= LONGEST_TRANSACTION else str(uuid4())


def not_agreed(service: str) -> Response:
    """Return the page that names the agreement that is lacking."""
    return page("youths/not_agreed.html", HTTPStatus.FORBIDDEN, service=service)


def _refused(sending: Sending, receipt: Receipt, transaction: str) -> Response:
    if any(line.fejl_kode == USED_TRANSACTION for line in receipt.fejl):
        return page("youths/used.html", HTTPStatus.UNPROCESSABLE_ENTITY, back=sending.back)
    if sending.refused is not None:
        return sending.refused(hard(receipt), advice(receipt))
    return _approval(sending, receipt, transaction, set())


def _approval(
    sending: Sending, tried: Receipt, transaction: str, unseen: set[str], *, is_changed: bool = False
) -> Response:
    refusing = hard(tried)
    summary = [Fault(line.fejl_tekst, None, line.fejl_kode) for line in refusing]
    summary += [Fault(UNSEEN, f"raad-{code}") for code in sorted(unseen)[:1]]
    summary += [Fault(CHANGED, None)] if is_changed else []
    kept: list[tuple[str, Any]] = []
    if request.method == "POST":
        kept = [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in _KEPT_OUT and name != TRANSACTION
        ]
    return page(
        "youths/check.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK,
        title=sending.title,
        sent=sending.sent,
        kept=kept,
        transaction=transaction,
        shown=sending.shown,
        possible=not refusing,
        raad=advice(tried),
        seen=request.form.getlist(SEEN),
        unseen=unseen,
        summary=summary,
        back=sending.back,
    )
