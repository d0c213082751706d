"""Senders as vendors make them: a right one, and others with one mistake each."""

import http.client
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from lxml import etree

from tests.support import certificates
from tests.support.signing import ZeepSignature
from udb.conformance.sender.workbook import FREE, Assignment
from udb.conformance.shared import contract, places
from udb.conformance.shared.scenario import shared
from udb.conformance.shared.stage import Caller
from udb.domain import elementer
from udb.domain.services import SERVICES
from udb.wsdl.soap import SOAP12

TRIES = 3
Message = dict[str, Any]
WRONG_CODE = {"COsAFormaal": "9999", "COsAFormaalVersion": 1}
CERTIFICATE = "konformitet"
OTHERS = ("fgu", "stads", "aktivitet", "kommune", "jobcenter")
"""The ends of the ids of tasks that are given for each service."""


class Sender:
    """Do every task as the workbook says; subclasses make one mistake."""

    def __init__(self, address: str, caller: Caller) -> None:
        self.address = address
        self.caller = caller
        self.signs = False
        self.path = ""

    def work(self, assignments: Sequence[Assignment]) -> None:
        """Do the tasks."""
        for one in assignments:
            self.do(one)

    def do(self, assignment: Assignment) -> None:
        """Do one task: send its messages, with numbers from the receipts."""
        self.signs = assignment.task.signed
        numbers: dict[str, str] = {}
        messages = self.messages(assignment)
        for message in messages:
            if "annullerer" in message:
                cancelled = message["annullerer"]
                self.cancel(
                    next(one for one in messages if one.get("som") == cancelled), numbers[cancelled], assignment
                )
            else:
                numbers[message.get("som", "")] = self.report(message, assignment) or ""

    def messages(self, assignment: Assignment) -> list[Message]:
        """Return the messages to send, in order."""
        found = [dict(message) for message in assignment.task.messages]
        wrong = assignment.task.wrong_code
        return found if wrong is None else [found[0] | wrong, *found]

    def cancel(self, message: Message, number: str, assignment: Assignment) -> None:
        """Cancel an earlier report."""
        self.report({**message, "Annullering": True, "HaendelseNummer": number}, assignment)

    def report(self, message: Message, assignment: Assignment) -> str | None:
        """Send one report; return its number."""
        who = assignment.numbers[message["om"]] if "om" in message else assignment.cprnr
        kind = {"CPRNr": who, "KildeLeverandoer": "Skolen", "Annullering": False}
        if "Handling" in shared().reports[message["send"]]:
            del kind["Annullering"]
        said = {**kind, **shared().reports[message["send"]], **message}
        said = {name: assignment.events.get(str(one), one) for name, one in said.items() if one != FREE}
        said["InstitutionNummer"] = places.read().institutioner.get(
            said["InstitutionNummer"], said["InstitutionNummer"]
        )
        return self.send(said["service"], {name: one for name, one in said.items() if name in elementer.ATTRIBUTE})

    def send(self, service: str, values: Mapping[str, Any]) -> str | None:
        """Send until there is an answer, under one id."""
        transaction = str(uuid4())
        for _ in range(TRIES):
            try:
                return self.post(service, values, transaction)
            except (ConnectionError, http.client.HTTPException):
                continue
        return None

    def post(self, service: str, values: Mapping[str, Any], transaction: str) -> str | None:
        envelope = contract.envelope(service, service, values, transaction, SOAP12)
        if self.signs:
            envelope = self.signed(envelope)
        body = self.changed(etree.tostring(envelope))
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        headers = {"Content-Type": SOAP12.content_type, "Authorization": self.caller.authorization}
        try:
            connection.request("POST", self.path or SERVICES[service].path, body, headers)
            answer = etree.fromstring(connection.getresponse().read())
        finally:
            connection.close()
        return answer.findtext(".//{*}HaendelseNummer")

    def signed(self, envelope: etree._Element) -> etree._Element:
        """Return the message with a signature."""
        signed, _ = ZeepSignature(certificates.issued(CERTIFICATE)).apply(envelope, {})
        return signed

    def changed(self, body: bytes) -> bytes:
        """Return the message as it is sent."""
        return body


class NewIdEachTime(Sender):
    def send(self, service: str, values: Mapping[str, Any]) -> str | None:
        for _ in range(TRIES):
            try:
                return self.post(service, values, str(uuid4()))
            except (ConnectionError, http.client.HTTPException):
                continue
        return None


class GivesUp(Sender):
    def send(self, service: str, values: Mapping[str, Any]) -> str | None:
        try:
            return self.post(service, values, str(uuid4()))
        except (ConnectionError, http.client.HTTPException):
            return None


class CancelsTwice(Sender):
    def cancel(self, message: Message, number: str, assignment: Assignment) -> None:
        super().cancel(message, number, assignment)
        super().cancel(message, number, assignment)


class BreaksOffInsteadOfCancelling(Sender):
    def cancel(self, message: Message, number: str, assignment: Assignment) -> None:
        self.report({**message, "Status": 2, "AfbrudsarsagsKode": "1"}, assignment)


class TriesFirst(Sender):
    """Send each report as a trial first, as the guide for senders advises."""

    query = "?kun-validering=1"

    def send(self, service: str, values: Mapping[str, Any]) -> str | None:
        self.path = f"{SERVICES[service].path}{self.query}"
        super().send(service, values)
        self.path = ""
        return super().send(service, values)


class OnlyTries(TriesFirst):
    def send(self, service: str, values: Mapping[str, Any]) -> str | None:
        self.path = f"{SERVICES[service].path}{self.query}"
        return Sender.send(self, service, values)


class DoesNotSign(Sender):
    def signed(self, envelope: etree._Element) -> etree._Element:
        return envelope


class SignsWithSha1(Sender):
    def signed(self, envelope: etree._Element) -> etree._Element:
        body = super().signed(envelope)
        for method in body.iter("{*}DigestMethod"):
            method.set("Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1")
        return body


class RepeatsTheRefused(Sender):
    def messages(self, assignment: Assignment) -> list[Message]:
        found = super().messages(assignment)
        return [found[0], *found] if assignment.task.refused_first else found


class IgnoresTheRefusal(Sender):
    def messages(self, assignment: Assignment) -> list[Message]:
        return super().messages(assignment)[: 1 if assignment.task.refused_first else None]


class DoesNothing(Sender):
    def work(self, assignments: Sequence[Assignment]) -> None:
        """Do no task at all."""


class NotWellFormed(Sender):
    def post(self, service: str, values: Mapping[str, Any], transaction: str) -> str | None:
        return super().post(service, {**values, "Status": 7}, transaction)


def changing(change: Callable[[Message, Assignment], Message]) -> type[Sender]:
    """Return a sender that changes its messages."""

    class Changing(Sender):
        def messages(self, assignment: Assignment) -> list[Message]:
            return [change(message, assignment) for message in super().messages(assignment)]

    return Changing


def reordering(order: Callable[[list[Message]], list[Message]]) -> type[Sender]:
    """Return a sender that sends other messages, or in another order."""

    class Reordering(Sender):
        def messages(self, assignment: Assignment) -> list[Message]:
            return order(super().messages(assignment))

    return Reordering


def _day_late(message: Message, _assignment: Assignment) -> Message:
    return message | ({"HaendelseDato": message["HaendelseDato"].replace(day=12)} if "HaendelseDato" in message else {})


def _no_risk(message: Message, _assignment: Assignment) -> Message:
    return message | {"FrafaldstruetMarkering": False}


def _other_cause(message: Message, _assignment: Assignment) -> Message:
    return message | ({"AfbrudsarsagsKode": "904"} if "AfbrudsarsagsKode" in message else {})


def _other_education(message: Message, _assignment: Assignment) -> Message:
    return message | ({"COsAFormaal": "3010"} if message.get("send") == "STX" else {})


def _single_subject(message: Message, _assignment: Assignment) -> Message:
    return message | ({"GennemfoertHf": False} if "GennemfoertHf" in message else {})


def _other_service(message: Message, _assignment: Assignment) -> Message:
    school = {"send": "AKTIVITET", "InstitutionNummer": "gymnasium"}
    return {**message, **school} if message.get("send") == "HF" else message


def _without(*names: str) -> type[Sender]:
    return changing(lambda message, _: {name: one for name, one in message.items() if name not in names})


def _old_number(message: Message, _assignment: Assignment) -> Message:
    return {name: one for name, one in message.items() if name != "om"}


def _hour_early(message: Message, _assignment: Assignment) -> Message:
    return message | {"HaendelseDato": message["HaendelseDato"] - timedelta(hours=1)}


def _saying(name: str, value: Any) -> type[Sender]:
    return changing(lambda message, _: message | ({name: value} if name in message else {}))


BAD: Mapping[str, tuple[type[Sender], str]] = {
    "a day that is not the one": (changing(_day_late), "afsender-optag"),
    "a risk without its mark": (changing(_no_risk), "afsender-risiko"),
    "another cause": (changing(_other_cause), "afsender-afbrud"),
    "a no-show with another cause": (changing(_other_cause), "afsender-ej-moedt"),
    "another education": (changing(_other_education), "afsender-afbrud"),
    "a whole hf reported as a subject": (changing(_single_subject), "afsender-gennemfoert"),
    "another service": (changing(_other_service), "afsender-optag"),
    "the end before the beginning": (reordering(lambda found: found[::-1]), "afsender-gennemfoert"),
    "the last message forgotten": (reordering(lambda found: found[:-1] or found), "afsender-afbrud"),
    "everything twice": (reordering(lambda found: [*found, found[0]]), "afsender-optag"),
    "a cancellation twice": (CancelsTwice, "afsender-annullering"),
    "an afbrud instead of a cancellation": (BreaksOffInsteadOfCancelling, "afsender-annullering"),
    "no cancellation": (reordering(lambda found: found[:1]), "afsender-annullering"),
    "a new id for what is sent again": (NewIdEachTime, "afsender-afbrudt-forbindelse"),
    "giving up when the connection is cut": (GivesUp, "afsender-afbrudt-forbindelse"),
    "the refused sent again": (RepeatsTheRefused, "afsender-afvist"),
    "the refusal ignored": (IgnoresTheRefusal, "afsender-afvist"),
    "messages the schema refuses": (NotWellFormed, "afsender-optag"),
    "no speciale": (_without("Speciale"), "afsender-speciale"),
    "an admission test without its end": (reordering(lambda found: [found[0], found[2]]), "afsender-optagelsesproeve"),
    "an ordinary cause for a test": (_saying("AfbrudsarsagsKode", "1"), "afsender-proeve-afbrudt"),
    "on with the old CPR number": (changing(_old_number), "afsender-nyt-cpr"),
    "nothing on the new CPR number": (reordering(lambda found: found[:1]), "afsender-nyt-cpr"),
    "no shift of period": (reordering(lambda found: [found[0], *found[2:]]), "afsender-fgu"),
    "the shift of period as a new day alone": (_saying("Skoleperiode", "BA"), "afsender-fgu"),
    "egu without its mark": (_without("EGU_uddannelsesniveau"), "afsender-egu"),
    "an activity never completed": (reordering(lambda found: found[:1]), "afsender-aktivitet"),
    "another STADS code": (changing(lambda m, _: m | {"STADSKode": "9303"}), "afsender-stads"),
    "another contact person": (_saying("KontaktNavn", "En Anden"), "afsender-institutionskontakt"),
    "another activity of the kommune": (
        changing(lambda m, _: m | {"KommuneAktivitetsKode": "K04"}),
        "afsender-kommuneaktivitet",
    ),
    "a mark without its course": (_without("VedroererHaendelseNummer"), "afsender-kommunens-markering"),
    "a contact time an hour early": (changing(_hour_early), "afsender-kontakttid"),
    "a contact person never deleted": (reordering(lambda found: found[:1]), "afsender-kontaktperson"),
    "half of the wishes": (_saying("JobOnsker", ["Tømrer"]), "afsender-oensker"),
    "another group of activities": (changing(lambda m, _: m | {"AktivitetsgruppeKode": "30"}), "afsender-jobcenter"),
    "a subscription never ended": (reordering(lambda found: found[:2]), "afsender-abonnement"),
    "no signature": (DoesNotSign, "afsender-signeret"),
    "a signature with SHA-1": (SignsWithSha1, "afsender-signeret"),
    **{
        f"no cancellation, {name}": (reordering(lambda found: found[:1]), f"afsender-annullering-{name}")
        for name in OTHERS
    },
    **{f"a new id, {name}": (NewIdEachTime, f"afsender-afbrudt-forbindelse-{name}") for name in OTHERS},
    **{f"the refusal ignored, {name}": (IgnoresTheRefusal, f"afsender-afvist-{name}") for name in OTHERS},
    "trials alone": (OnlyTries, "afsender-optag"),
    "nothing at all": (DoesNothing, "afsender-optag"),
}
"""By name: the sender, and the task that must fail."""
