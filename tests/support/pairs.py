"""Pairs of calls that must not be distinguishable: about what does not exist, and about what is not the caller's."""

import re
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from tests.support.endpoint import HOST, Answer, Endpoint, basic, request, written
from tests.support.reports import REPORTS
from tests.support.world import FGU_SCHOOL, GYMNASIUM, KOMMUNE, World
from udb.domain.services import (
    DATA_TIL_INSTITUTION,
    DATA_TIL_KOMMUNE,
    FGU,
    FORBEREDENDE_AKTIVITET,
    KOMMUNE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    KONTAKTPERSON,
    ONSKER,
    SERVICES,
    STATUS_HENVISNING,
    UNGDOMSUDDANNELSE,
)
from udb.sandbox.soapcall import Payload, envelope

UNKNOWN: Final = "7103075199"
ELSEWHERE: Final = "7103075198"
AT_OUR_SCHOOL: Final = "7103075197"
DEAD: Final = "7103075196"
ABROAD: Final = "7103075195"
CHILD: Final = "7108125194"
GROWN_UP: Final = "7008964194"
BEFORE_A_CHANGE: Final = "7103075193"
REPLACED_ELSEWHERE: Final = "7103075189"
"""The earlier number of a youth of another kommune."""
NO_DATE: Final = "0000000000"
NOT_OURS: Final = (ELSEWHERE, AT_OUR_SCHOOL, DEAD, ABROAD, CHILD, GROWN_UP, BEFORE_A_CHANGE, NO_DATE)
"""Youths that KOMMUNE may not look up."""

OTHER_GYMNASIUM, OTHER_FGU, THIRD_GYMNASIUM = "461998", "483998", "461997"
NEVER: Final = "UDB-" + "1" * 23
NO_INSTITUTION: Final = "999998"
NOT_AGREED: Final = "282999"
"""An institution in the register that the calling system has no dataaftale for."""


_CANCELLING: Final[dict[str, Payload | str]] = {
    "HaendelseDato": "2026-08-11T00:00:00",
    "Status": "1",
    "KildeLeverandoer": "LUDUS",
    "Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": "2"},
    "Annullering": "true",
}
"""The elements of a cancellation of an optag, except CPRNr, institution and number."""


def build(world: World) -> None:
    """Add the youths and the institution of these pairs; the clock is as ``World.build`` leaves it."""
    for cprnr in (ELSEWHERE, AT_OUR_SCHOOL):
        world.person(cprnr, kommune="751")
    world.person(DEAD, status="90")
    world.person(ABROAD, status="80")
    world.person(CHILD)
    world.person(GROWN_UP)
    world.person(BEFORE_A_CHANGE)
    world.change_number(BEFORE_A_CHANGE, "7103075192")
    world.person(REPLACED_ELSEWHERE, kommune="751")
    world.change_number(REPLACED_ELSEWHERE, "7103075188")
    world.institution(NOT_AGREED, type3="KOM", kommune="299", agreed=False)


def report_elsewhere(world: World, endpoint: Endpoint) -> None:
    """Report on two of the youths that are not the caller's: what a kommune sees in its feed alone, and at other
    institutions what the three look-ups of institutions are about.
    """
    for number, type3 in ((OTHER_GYMNASIUM, "1061"), (OTHER_FGU, "1027")):
        world.institution(number, type3=type3)
    stx = {"Uddannelse": {"COsAFormaal": "3009", "COsAFormaalVersion": 2}, "InstitutionNummer": OTHER_GYMNASIUM}
    fgu = {"InstitutionNummer": OTHER_FGU}
    left = {"Status": 2, "AfbrudsarsagsKode": "904"}
    for service, cprnr, day, fields in (
        (FORBEREDENDE_AKTIVITET, AT_OUR_SCHOOL, "2026-08-10", {}),
        (UNGDOMSUDDANNELSE, ELSEWHERE, "2026-01-05", stx),
        (UNGDOMSUDDANNELSE, ELSEWHERE, "2026-02-01", {**stx, **left}),
        (FGU, ELSEWHERE, "2025-08-01", fgu),
        (FGU, ELSEWHERE, "2025-12-31", {**fgu, "Status": 3}),
        (UNGDOMSUDDANNELSE, ELSEWHERE, "2026-08-10", {"InstitutionNummer": OTHER_GYMNASIUM}),
    ):
        report = {**REPORTS[service], "CPRNr": cprnr, "HaendelseDato": f"{day}T00:00:00", **fields}
        assert endpoint.report(service, report)["Resultat"] == "Accepteret"


@dataclass(frozen=True, slots=True)
class Asked:
    """A refused call: a fetch, or the cancellation of ``number``."""

    institution: str
    cprnr: str | None = None
    service: str = DATA_TIL_KOMMUNE
    operation: str = "HentHaendelser"
    number: str | None = None

    def body(self) -> bytes:
        """Return the request."""
        payload: dict[str, Payload | str] = {"InstitutionNummer": self.institution}
        if self.cprnr is not None and self.number is not None:
            payload = {"CPRNr": self.cprnr, "HaendelseNummer": self.number, **payload, **_CANCELLING}
        elif self.cprnr is not None:
            payload["CPRNr"] = self.cprnr
        return envelope(self.service, self.operation, payload, "noegle").encode()

    def ask(self, app: object, body: bytes) -> Answer:
        """Send its request, made before, to the application."""
        headers = {"Content-Type": "text/xml", "Authorization": basic()}
        return request(app, "POST", f"http://{HOST}{SERVICES[self.service].path}", body, headers)  # type: ignore[arg-type]  # any WSGI app


def cancelled(world: World, endpoint: Endpoint) -> tuple[Asked, Asked]:
    """Return two refused cancellations: of a report that never existed, and of a report by an institution that makes no
    call here; call it after ``report_elsewhere``.
    """
    world.institution(THIRD_GYMNASIUM, type3="1061")
    report = {
        **REPORTS[UNGDOMSUDDANNELSE],
        "CPRNr": ELSEWHERE,
        "InstitutionNummer": THIRD_GYMNASIUM,
        "HaendelseDato": "2026-08-11T00:00:00",
    }
    theirs = endpoint.report(UNGDOMSUDDANNELSE, report)["HaendelseNummer"]
    never, not_ours = (
        Asked(OTHER_GYMNASIUM, ELSEWHERE, UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, number) for number in (NEVER, theirs)
    )
    return never, not_ours


def without_ids(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    """Return an answer without the parts that differ in every answer: the call's own id, and the time of a fault."""
    content = answer.body
    root = etree.fromstring(content)
    for name in ("CorrelationID", "Timestamp"):
        for found in root.iterfind(f".//{{*}}{name}"):
            assert found.text
            content = content.replace(found.text.encode(), b"-" * len(name))
    headers = {name: value for name, value in answer.headers.items() if "correlation" not in name}
    return answer.status, headers, content


LOOK_UPS: Final = [(Asked(KOMMUNE, UNKNOWN), Asked(KOMMUNE, cprnr)) for cprnr in NOT_OURS]
INSTITUTIONS: Final = {
    "8301": (GYMNASIUM, DATA_TIL_INSTITUTION, "HentUddannelsespaalaeg"),
    "8101": (FGU_SCHOOL, DATA_TIL_INSTITUTION, "HentUdslusningstilskud"),
    "8201": (GYMNASIUM, STATUS_HENVISNING, "HentStatusHenvisning"),
}
"""The look-ups of one youth by institutions, by the code of the refusal that reveals nothing."""
THEIR_LOOK_UPS: Final = [
    (code, Asked(institution, UNKNOWN, service, operation), Asked(institution, cprnr, service, operation))
    for code, (institution, service, operation) in INSTITUTIONS.items()
    for cprnr in (ELSEWHERE, AT_OUR_SCHOOL, BEFORE_A_CHANGE, NO_DATE)
]
CALLERS: Final = [
    (Asked(NO_INSTITUTION, UNKNOWN), Asked(NOT_AGREED, UNKNOWN)),
    (Asked(NO_INSTITUTION), Asked(NOT_AGREED)),
]


TAKES_BACK: Final = {"Annullering": True, "HaendelseNummer": NEVER}
_EVENT: Final = {"HaendelseDato": "2026-08-10T00:00:00", "KildeLeverandoer": "UVvej", "Annullering": False}
_CONTACT: Final = {"KontaktNavn": "Test Jensen", "KontaktMail": "test@jensen.example", "KontaktTelefon": "23456789"}
_ACTIVITY: Final = {**_EVENT, "Status": 1, "KommuneAktivitetsKode": "K01"}
_MARK: Final = {**_EVENT, "Status": 1, "IfoelgeKommunen": "Risiko", "VedroererHaendelseNummer": NEVER}
_TIME: Final = {**_EVENT, "Type": "Kontakttid", "AfbrudHaendelseNummer": NEVER}
KOMMUNE_MESSAGES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "activity": (KOMMUNE_AKTIVITET, _ACTIVITY),
    "mark": (KOMMUNE_AKTIVITET, _MARK),
    "activity cancelled": (KOMMUNE_AKTIVITET, {**_ACTIVITY, **TAKES_BACK}),
    "time": (KONTAKT_TILBUDSTID, _TIME),
    "time cancelled": (KONTAKT_TILBUDSTID, {**_TIME, **TAKES_BACK}),
    "contact": (KONTAKTPERSON, _CONTACT),
    "contact deleted": (KONTAKTPERSON, {"Slet": True}),
    "wishes": (ONSKER, {"JobOnsker": [{"JobOnsker": "Kok"}]}),
    "wishes deleted": (ONSKER, {"Slet": "Begge"}),
}
"""What a kommune may send, without the youth and the institution."""
_OPTAG: Final = {name: value for name, value in REPORTS[UNGDOMSUDDANNELSE].items() if name != "InstitutionNummer"}
_MESSAGES: Final = {
    **KOMMUNE_MESSAGES,
    "optag": (UNGDOMSUDDANNELSE, _OPTAG),
    "optag cancelled": (UNGDOMSUDDANNELSE, {**_OPTAG, **TAKES_BACK}),
}
NOT_THEIRS: Final = (ELSEWHERE, AT_OUR_SCHOOL, DEAD, ABROAD, REPLACED_ELSEWHERE)
"""Youths that KOMMUNE must not distinguish from an unknown number. ELSEWHERE has a history, DEAD has none."""
MUCH: Final = "7103075190"
"""As these, with twenty events (``report_much``)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message by its name in KOMMUNE_MESSAGES, or a school's ``optag`` or ``optag cancelled``; or a trial of one."""

    message: str
    cprnr: str
    institution: str = KOMMUNE
    trial: bool = False
    fields: tuple[tuple[str, Any], ...] = ()

    @property
    def operation(self) -> str:
        """The operation that it is sent to."""
        return _MESSAGES[self.message][0]

    def body(self) -> bytes:
        """Return the request."""
        service, said = _MESSAGES[self.message]
        payload = {**said, "CPRNr": self.cprnr, "InstitutionNummer": self.institution, **dict(self.fields)}
        return written(service, service, payload, "noegle")

    def ask(self, app: object, body: bytes) -> Answer:
        """Send its request, made before, to the application."""
        headers = {"Content-Type": "text/xml", "Authorization": basic()}
        query = "?kun-validering=1" if self.trial else ""
        return request(app, "POST", f"http://{HOST}{SERVICES[self.operation].path}{query}", body, headers)  # type: ignore[arg-type]  # any WSGI app


def without_time(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    """Return a receipt without the parts that differ in every receipt: the call's own id and its time."""
    status, headers, content = without_ids(answer)
    said = {name: value for name, value in headers.items() if name != "content-length"}
    return status, said, re.sub(rb"Registreringstid>[^<]*<", b"Registreringstid><", content)


def report_much(world: World, endpoint: Endpoint) -> None:
    """Add a youth of another kommune with twenty events."""
    world.person(MUCH, kommune="751")
    for day in range(1, 11):
        for status in ({"Status": 1}, {"Status": 2, "AfbrudsarsagsKode": "904"}):
            report = {**REPORTS[UNGDOMSUDDANNELSE], "CPRNr": MUCH, "HaendelseDato": f"2026-07-{day:02}T00:00:00"}
            assert endpoint.report(UNGDOMSUDDANNELSE, {**report, **status})["Resultat"] == "Accepteret"


REPORTED: Final = (
    *((Sent(message, UNKNOWN), Sent(message, cprnr)) for message in KOMMUNE_MESSAGES for cprnr in (ELSEWHERE, MUCH)),
    *(
        (Sent(message, UNKNOWN, trial=True), Sent(message, MUCH, trial=True))
        for message in ("activity", "activity cancelled", "contact deleted")
    ),
    (Sent("activity", DEAD), Sent("activity", MUCH)),
    (Sent("activity cancelled", DEAD), Sent("activity cancelled", MUCH)),
    (Sent("optag cancelled", DEAD, OTHER_GYMNASIUM), Sent("optag cancelled", MUCH, OTHER_GYMNASIUM)),
)
"""Refused messages whose answers are the same: about an unknown number and a youth of another kommune, with and without
history; and a school's cancellation of what does not exist (6002).
"""
STOPPED: Final = (
    (Sent("optag", UNKNOWN, GYMNASIUM), Sent("optag", MUCH, GYMNASIUM)),
    (Sent("optag", UNKNOWN, GYMNASIUM, trial=True), Sent("optag", MUCH, GYMNASIUM, trial=True)),
)
"""Reports of a system that has reached its limit of refused ones."""
