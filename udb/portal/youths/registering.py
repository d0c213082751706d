"""The pages on which a kommune registers something about a resident."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from udb.domain.receipt import Fejl
from udb.hentning.kommune.youth import YouthPage
from udb.hentning.kommune.youth import show as look_at
from udb.portal.pages import page
from udb.portal.reporting.faults import by_field
from udb.portal.reporting.routes import TRANSACTION
from udb.portal.reporting.shown import as_sent
from udb.portal.state import house
from udb.portal.youths.place import agreed, look, person
from udb.portal.youths.registration_forms import TITLES, Hvad, WishesField, form_of, lacking, report_of
from udb.portal.youths.routes import refused, require_purpose
from udb.portal.youths.sending import Sending, carried_on, said_transaction

pages = Blueprint("registering", __name__, url_prefix="/unge/s/<reference>/registrer")
pages.before_request(require_purpose)


@pages.get("/<hvad>")
@agreed
def fields(reference: str, hvad: str) -> Response:
    """Show an empty form; a contact person begins with the one that is registered."""
    found = _found(reference, hvad)
    if found is None:
        return refused()
    return _form(Hvad(hvad), form_of(Hvad(hvad), found, None), found, reference, {}, HTTPStatus.OK)


@pages.post("/<hvad>")
@agreed
def send(reference: str, hvad: str) -> Response:
    """Judge what was typed, show it for approval, and register it when it comes from the approval."""
    found = _found(reference, hvad)
    if found is None:
        return refused()
    what = Hvad(hvad)
    form = form_of(what, found, request.form)
    if request.form.get("knap") == "ret":
        return _form(what, form, found, reference, {}, HTTPStatus.OK)
    if not form.validate():
        return _form(what, form, found, reference, by_field(form, ()), HTTPStatus.UNPROCESSABLE_ENTITY)

    def again(lines: Sequence[Fejl], raad: Sequence[Fejl]) -> Response:
        faults = by_field(form, lines)
        return _form(what, form, found, reference, faults, HTTPStatus.UNPROCESSABLE_ENTITY, raad)

    back = url_for("youths.show", reference=reference)
    return carried_on(Sending(TITLES[what], report_of(what, form, found), [*_about(found), *_sent(form)], back, again))


def _found(said: str, hvad: str) -> YouthPage | None:
    if hvad not in set(Hvad):
        return None
    return look_at(house().context, look("UngRegistrering"), person(said))


def _about(found: YouthPage) -> list[tuple[str, str]]:
    navn = _name_of(found)
    return [("Den unge", navn)] if navn else []


def _name_of(found: YouthPage) -> str | None:
    return None if found.seen.beskyttet else found.seen.navn


def _sent(form: Form) -> list[tuple[str, str]]:
    wishes = {field.label.text: ", ".join(field.data) for field in form if isinstance(field, WishesField)}
    return [(label, wishes.get(label, text)) for label, text in as_sent(form) if wishes.get(label, text)]


def _form(
    what: Hvad,
    form: Form,
    found: YouthPage,
    reference: str,
    faults: Any,
    status: HTTPStatus,
    raad: Sequence[Fejl] = (),
) -> Response:
    summary = [fault for each in faults.values() for fault in each]
    return page(
        "youths/register.html",
        status,
        title=TITLES[what],
        form=form,
        navn=_name_of(found),
        reference=reference,
        hvad=what.value,
        transaction=said_transaction(),
        transaction_name=TRANSACTION,
        faults=faults,
        summary=summary,
        raad=raad,
        nothing_to_choose=lacking(what, found),
    )
