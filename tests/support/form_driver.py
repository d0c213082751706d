"""The driver that plays the rules' cases through the forms of the portal; what a form cannot express is named."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4
from wsgiref.types import WSGIApplication

from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.rules.cases import Answer
from tests.rules.through_endpoint import EndpointDriver
from tests.support import reporting as pages
from tests.support.reporting import Administrator
from udb.domain import elementer as e
from udb.domain.clock import danish
from udb.domain.persons import KOMMUNE_TYPE, Institution
from udb.domain.services import FGU, INSTITUTION_KONTAKT
from udb.portal.reporting.forms import AKTIVITET, ART, KLASSETRIN, PERIODE
from udb.portal.reporting.tasks import TITLES
from udb.store.engine import reading
from udb.store.tables import haendelse

GRADE: Final = (e.ELEV_TRIN, e.KLASSE_TRIN, e.KLASSE_TYPE, e.KLASSE_NAVN)
HEAD: Final = (e.STATUS, e.KILDE_LEVERANDOER, e.ANNULLERING, e.FRAFALDSTRUET_MARKERING, e.HAENDELSE_DATO)
OK, FORBIDDEN, NOT_FOUND, REFUSED = 200, 403, 404, 422


class InexpressibleError(Exception):
    """No form can say this."""


class FormDriver(EndpointDriver):
    """See ``tests.rules.cases.Driver``. Services that have no form go over SOAP; ``sent``: how many forms were."""

    def __init__(self, site: WSGIApplication, *given: Any) -> None:
        super().__init__(*given)
        self.site = site
        self.sent = 0

    def put_institution(self, institution: Institution) -> None:
        is_new = institution.nummer not in self.known
        super().put_institution(institution)
        if is_new and institution.type3 != KOMMUNE_TYPE:
            pages.agree(self.world.engine, institution.nummer)

    def send(self, report: Mapping[str, Any]) -> Answer:
        said = dict(report)
        service = said["service"]
        if service not in TITLES:
            return super().send(report)
        main = pages.main_of(self.world.engine, said[e.INSTITUTION_NUMMER])
        if main is None:
            raise InexpressibleError("no institution")
        self.sent += 1
        administrator = Administrator(self.site, self.world.engine, said[e.INSTITUTION_NUMMER])
        del said["service"]
        transaction = f"{self.case}-{said.pop(e.SYSTEM_TRANSACTION_ID, uuid4())}"
        if said.get(e.ANNULLERING):
            return self.cancel(administrator, service, said, transaction)
        hvad = happened(service, said)
        page = administrator.open_form(service, hvad)
        if page.status_code != OK:
            raise InexpressibleError("not agreed")
        form = {"tjeneste": service, "hvad": hvad, "transaktion": transaction} | typed(service, said, pages.names(page))
        page = administrator.send_form(pages.CHECK, form)
        if page.status_code == OK:
            page = administrator.send_form(pages.SEND, {**pages.hidden(page), "raad": pages.ticks(page)})
        return answered(page)

    def cancel(self, administrator: Administrator, service: str, said: Mapping[str, Any], transaction: str) -> Answer:
        nummer = said.get(e.HAENDELSE_NUMMER)
        with reading(self.world.engine) as connection:
            event = connection.execute(select(haendelse).where(haendelse.c.nummer == nummer)).one_or_none()
        if event is None or (event.service, event.cprnr, event.institution_nummer) != (
            service,
            said[e.CPRNR],
            said[e.INSTITUTION_NUMMER],
        ):
            raise InexpressibleError("a cancellation of something else")
        address = f"{pages.MINE}{nummer}/annuller"
        page = administrator.get(address)
        if page.status_code in {NOT_FOUND, FORBIDDEN}:
            raise InexpressibleError("not own")
        if page.status_code == OK:
            ticked = {"transaktion": transaction, "raad": pages.ticks(page)}
            page = administrator.send_form(address, ticked)
        return answered(page)


def happened(service: str, said: Mapping[str, Any]) -> str:
    """Return what the form's first page asks."""
    if service == INSTITUTION_KONTAKT:
        return "kontaktperson"
    status, risk = said[e.STATUS], said.get(e.FRAFALDSTRUET_MARKERING)
    if status == 1:
        return "risiko" if risk else "optaget"
    if risk is not None or status not in {2, 3}:
        raise InexpressibleError("a mark with another status")
    return "afbrudt" if status == 2 else "gennemfoert"


def typed(service: str, said: Mapping[str, Any], names: set[str]) -> dict[str, str]:
    """Return what a person types into the form's fields to say a report."""
    form = {name: written(value) for name, value in said.items() if name not in HEAD and value is not None}
    if e.HAENDELSE_DATO in said:
        form |= day_of(said[e.HAENDELSE_DATO])
    if service == FGU:
        form[PERIODE] = f"{form.pop(e.SKOLEPERIODE, '')}|{form.pop(e.SPECIALE, '')}"
    if ART in names:
        grade = any(name in form for name in GRADE)
        if grade and e.FORBEREDENDE_AKTIVITETS_KODE in form:
            raise InexpressibleError("both groups")
        form[ART] = KLASSETRIN if grade else AKTIVITET
    if not form.keys() <= names:
        raise InexpressibleError(f"no field: {sorted(form.keys() - names)}")
    return form


def day_of(when: date | datetime) -> dict[str, str]:
    if isinstance(when, datetime):
        local = danish(when)
        if (local.hour, local.minute, local.second) != (0, 0, 0):
            raise InexpressibleError("a time of day")
        when = local.date()
    parts = {"dag": when.day, "maaned": when.month, "aar": when.year}
    return {f"{e.HAENDELSE_DATO}-{part}": str(value) for part, value in parts.items()}


def written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def answered(page: TestResponse) -> Answer:
    """Return what a page answers; a sentence of the form's own is no answer of the rules."""
    codes = pages.codes(page)
    if page.status_code == REFUSED:
        assert "<title>Fejl: " in page.text
        if not codes:
            raise InexpressibleError(f"the form itself refuses: {pages.summary(page)}")
        return Answer(accepted=False, codes=codes, number=None)
    assert page.status_code == OK, page.text
    return Answer(accepted=True, codes=codes, number=pages.number(page))
