"""The pages of a report: the front, what happened, the form, the check, and the receipt."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from flask import Blueprint, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import Form

from udb.domain import elementer as e
from udb.domain.clock import midnight
from udb.domain.errors import NoDataaftale
from udb.domain.haendelse import Indberetning
from udb.domain.receipt import Receipt, Resultat
from udb.domain.services import INSTITUTION_KONTAKT
from udb.indberetning.own_reports import Sought, own_reports, refused_since
from udb.indberetning.take import take_report
from udb.portal.pages import page
from udb.portal.reporting.faults import USED_TRANSACTION, Fault, advice, by_field, hard
from udb.portal.reporting.forms import Lists, form_of
from udb.portal.reporting.place import Place, place
from udb.portal.reporting.shown import as_row, as_sent
from udb.portal.reporting.tasks import TITLES, Hvad, Task, task_of
from udb.portal.reporting.to_report import LONGEST_TRANSACTION, call_of, report_of
from udb.portal.state import house
from udb.store.engine import reading

pages = Blueprint("reporting", __name__, url_prefix="/indberet")
TRANSACTION: Final = "transaktion"
SEEN: Final = "raad"
"""The ticks of the advice that was seen, by code."""
UNSEEN: Final = "Sæt hak ved hvert råd, når du har set det og fastholder indberetningen."
_NO_TASK: Final = "Vælg noget, der kan ske på uddannelsen. Ændringer findes på ungdomsuddannelser og FGU."
_RECENT: Final = 5
REFUSED_WITHIN: Final = timedelta(days=30)
"""How far back the front counts what was refused."""
_KEPT_OUT: Final = frozenset({"csrf", SEEN, "knap"})


@pages.get("/")
def front() -> Response:
    """Show the institution, what it may report by hand, and its latest reports."""
    here = place()
    call = call_of("MineIndberetninger", here.own.institution.nummer, str(uuid4()))
    found, _ = own_reports(house().context, call, here.hovedinstitution, Sought(), most=_RECENT)
    latest = [as_row(one, here) for one in found]
    with reading(house().context.engine) as connection:
        refused = refused_since(connection, here.hovedinstitution, midnight(here.day - REFUSED_WITHIN))
    return page(
        "reporting/front.html", here=here, titles=TITLES, latest=latest, refused=refused, days=REFUSED_WITHIN.days
    )


@pages.get("/ny")
def choose() -> Response:
    """Let the user choose the kind of education and what happened."""
    return _choose(place(), [])


@pages.get("/oplysninger")
def fields() -> Response:
    """Show an empty form; the code is kept from the report before."""
    here, asked = place(), request.args
    service, hvad = asked.get("tjeneste", ""), asked.get("hvad", "")
    # The contact person has a service of its own, whatever kind of education was chosen.
    task = task_of(INSTITUTION_KONTAKT if hvad == Hvad.KONTAKTPERSON else service, hvad)
    if task is None:
        return _choose(here, [_missing(service, hvad)])
    if not here.reporting(task.service):
        return _not_agreed([task.service])
    given = {name: asked[name] for name in (e.COSA_FORMAAL, e.STADS_KODE) if name in asked}
    form = form_of(task, _lists(task, here), None, given)
    return _form(task, form, str(uuid4()), {}, HTTPStatus.OK)


@pages.post("/kontroller")
def check() -> Response:
    """Judge what was typed, and show it for approval, or the form again."""
    here, task = place(), _task()
    if task is None:
        return redirect(url_for("reporting.choose"))
    if not here.reporting(task.service):
        return _not_agreed([task.service])
    form = form_of(task, _lists(task, here), request.form)
    if request.form.get("knap") == "ret":
        return _form(task, form, _transaction(), {}, HTTPStatus.OK)
    return _judged(task, form, here)


@pages.post("/send")
def send() -> Response:
    """Report, when every advice was seen, and show the receipt."""
    here, task = place(), _task()
    if task is None:
        return redirect(url_for("reporting.choose"))
    if not here.reporting(task.service):
        return _not_agreed([task.service])
    form = form_of(task, _lists(task, here), request.form)
    return _judged(task, form, here, is_final=True)


def _judged(task: Task, form: Form, here: Place, *, is_final: bool = False) -> Response:
    if not form.validate():
        return _form(task, form, _transaction(), by_field(form, ()), HTTPStatus.UNPROCESSABLE_ENTITY)
    report = report_of(task, form, here.codes)
    tried = _taken(report, validate_only=True)
    if tried is None or hard(tried):
        return _refused(task, form, tried)
    unseen = {line.fejl_kode for line in advice(tried)} - set(request.form.getlist(SEEN))
    if not is_final or unseen:
        return _check(task, form, tried, unseen=unseen if is_final else set())
    receipt = _taken(report)
    if receipt is None or receipt.resultat is not Resultat.ACCEPTERET:
        return _refused(task, form, receipt)
    again = {"tjeneste": task.service, "hvad": task.hvad.value}
    again |= {name: form[name].data for name in (e.COSA_FORMAAL, e.STADS_KODE) if name in form}
    return page("reporting/receipt.html", task=task, receipt=receipt, raad=advice(receipt), again=again)


def _taken(report: Indberetning, *, validate_only: bool = False) -> Receipt | None:
    """Return the use case's receipt; None without an agreement."""
    call = call_of(report.service, report.institution_nummer, _transaction(), validate_only=validate_only)
    try:
        return take_report(house().context, call, report)
    except NoDataaftale:
        return None


def _refused(task: Task, form: Form, receipt: Receipt | None) -> Response:
    if receipt is None:
        return _not_agreed([task.service])
    others = [line for line in receipt.fejl if line.fejl_kode != USED_TRANSACTION]
    if len(others) < len(receipt.fejl):
        return page("reporting/used.html", HTTPStatus.UNPROCESSABLE_ENTITY, task=task, others=others)
    faults = by_field(form, hard(receipt))
    return _form(task, form, _transaction(), faults, HTTPStatus.UNPROCESSABLE_ENTITY, raad=advice(receipt))


def _check(task: Task, form: Form, tried: Receipt, *, unseen: set[str]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if unseen else HTTPStatus.OK
    summary = [Fault(UNSEEN, f"raad-{code}") for code in sorted(unseen)[:1]]
    return page(
        "reporting/check.html",
        status,
        task=task,
        sent=as_sent(form),
        kept=_kept(),
        raad=advice(tried),
        seen=request.form.getlist(SEEN),
        unseen=unseen,
        summary=summary,
    )


def _form(
    task: Task,
    form: Form,
    transaction: str,
    faults: Mapping[str, Sequence[Fault]],
    status: HTTPStatus,
    raad: Sequence[Any] = (),
) -> Response:
    summary = [fault for found in faults.values() for fault in found]
    return page(
        "reporting/fields.html",
        status,
        task=task,
        form=form,
        transaction=transaction,
        faults=faults,
        summary=summary,
        raad=raad,
    )


def _choose(here: Place, summary: Sequence[Fault]) -> Response:
    if not here.services:
        return _not_agreed(here.lacking)
    educations = [(name, TITLES[name]) for name in here.services if name != INSTITUTION_KONTAKT]
    words = [
        (hvad.value, hvad.words)
        for hvad in Hvad
        if (INSTITUTION_KONTAKT in here.services if hvad is Hvad.KONTAKTPERSON else educations)
    ]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK
    chosen = {request.args.get("tjeneste"), request.args.get("hvad")}
    if len(educations) == 1:
        chosen.add(educations[0][0])
    return page("reporting/choose.html", status, educations=educations, words=words, summary=summary, chosen=chosen)


def _missing(service: str, hvad: str) -> Fault:
    if hvad not in {one.value for one in Hvad}:
        return Fault("Vælg, hvad der er sket.", "hvad-1")
    if service not in TITLES:
        return Fault("Vælg en uddannelse.", "tjeneste-1")
    return Fault(_NO_TASK, "hvad-1")


def _not_agreed(services: Sequence[str]) -> Response:
    names = [(name, TITLES[name]) for name in services]
    return page("reporting/not_agreed.html", HTTPStatus.FORBIDDEN, services=names)


def _task() -> Task | None:
    """Return what the form is about; None for a form that is none of ours."""
    said = request.form.get(TRANSACTION, "")
    if not said.isprintable() or not 0 < len(said) <= LONGEST_TRANSACTION:
        return None
    return task_of(request.form.get("tjeneste", ""), request.form.get("hvad", ""))


def _lists(task: Task, here: Place) -> Lists:
    return Lists(here.reporting(task.service), here.codes, here.day, here.day)


def _transaction() -> str:
    """Return the hidden id of the form."""
    return request.form[TRANSACTION]


def _kept() -> list[tuple[str, str]]:
    """Return what the form said, to be sent once more from the next page."""
    said: MultiDict[str, str] = request.form
    return [(name, value) for name, value in said.items(multi=True) if name not in _KEPT_OUT]
