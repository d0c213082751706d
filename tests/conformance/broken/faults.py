"""Broken services, one fault each, with the scenarios that must notice it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from wsgiref.types import WSGIApplication

from lxml import etree

from tests.conformance.broken.rewriting import Change, Passing, added, changed, in_xml, named, removed, rewritten

SAME_ID = "00000000-0000-0000-0000-000000000000"
ALWAYS = "indberetning-hver-service"
"""A scenario that reports over most services and looks up."""


@dataclass(frozen=True)
class Fault:
    """A fault: its description, the ids of scenarios of which at least one must fail, and how it breaks the service."""

    name: str
    noticed_by: tuple[str, ...]
    change: Change

    def __str__(self) -> str:
        return self.name

    def broken(self, app: WSGIApplication) -> WSGIApplication:
        """Return the service with the fault."""
        return changed(app, self.change)


def _swapped(parent: str, at: int = 0) -> Change:
    def change(root: etree._Element, _passing: Passing) -> None:
        for element in named(root, parent):
            if len(element) > at + 1:
                element.insert(at, element[at + 1])

    return in_xml(change)


def _status(passing: Passing) -> None:
    if b":Fault>" in passing.body and passing.status in {400, 500}:
        passing.status = 200


def _status_of_11(passing: Passing) -> None:
    if b":Fault>" in passing.body and passing.headers["content-type"].startswith("text/xml"):
        passing.status = 400


def _without(name: str) -> Change:
    def change(passing: Passing) -> None:
        passing.headers.pop(name, None)

    return change


def _plain_404(passing: Passing) -> None:
    if passing.status == 404:
        passing.headers["content-type"] = "text/html"
        passing.body = b"<html><body>Not found</body></html>"


def _as_text_xml(passing: Passing) -> None:
    passing.headers["content-type"] = passing.headers["content-type"].replace("application/soap+xml", "text/xml")


def _without_soap11(passing: Passing) -> None:
    if passing.environ.get("CONTENT_TYPE", "").startswith("text/xml"):
        passing.status, passing.body = 415, b""


def _other_schema(passing: Passing) -> None:
    if passing.path.endswith("udb.xsd"):
        passing.body = passing.body.replace(
            b'name="KlasseNavn" type="v1:TekstType" minOccurs="0"', b'name="KlasseNavn"'
        )


def _wsdl_gone(passing: Passing) -> None:
    if passing.query == "wsdl" and "DFDG" in passing.path:
        passing.status, passing.body = 404, b"<none/>"


def _one_finding(root: etree._Element, _passing: Passing) -> None:
    for line in named(root, "Fejl")[1:]:
        line.getparent().remove(line)


def _findings_backwards(root: etree._Element, _passing: Passing) -> None:
    lines = named(root, "Fejl")
    for line in lines:
        lines[0].getparent().append(line)
    for line in reversed(lines):
        line.getparent().append(line)


def _cpr_in_text(root: etree._Element, passing: Passing) -> None:
    for number in named(etree.fromstring(passing.request), "CPRNr") if passing.request else []:
        for element in named(root, "FejlTekst"):
            element.text = f"{element.text} ({number.text})"


def _cpr_in_fault(root: etree._Element, passing: Passing) -> None:
    if b"CPRNr>6503084999" in passing.request:
        for element in named(root, "ErrorMessage"):
            element.text = f"{element.text} 6503084999"


def _last_event_skipped(root: etree._Element, passing: Passing) -> None:
    events = named(root, "HaendelseUddannelsesForloeb")
    if passing.is_feed and len(events) > 1:
        events[-1].getparent().remove(events[-1])


def _without_cancellations(root: etree._Element, passing: Passing) -> None:
    if passing.is_feed:
        for event in named(root, "HaendelseUddannelsesForloeb"):
            if event.findtext("{*}Annullering") == "true":
                event.getparent().remove(event)
        left = [number.text or "" for number in named(root, "HaendelseNummer")]
        for highest in named(root, "HoejesteHaendelseNummer") if not passing.by_number else []:
            highest.text = max(left, default="")
            if not left:
                highest.getparent().remove(highest)


def _level_for_all(root: etree._Element, _passing: Passing) -> None:
    for youth in named(root, "HaendelserUng"):
        if youth.find("{*}AfsluttetUddannelsesNiveau") is None:
            level = etree.Element(youth[0].tag.replace("CPRNr", "AfsluttetUddannelsesNiveau"))
            level.text = "Uddannelsespligt"
            youth.insert(1, level)


def _youth_twice(root: etree._Element, _passing: Passing) -> None:
    for youth in named(root, "HaendelserUng"):
        events = youth.findall("{*}HaendelseUddannelsesForloeb")
        if len(events) > 1:
            other = etree.SubElement(youth.getparent(), youth.tag)
            other.append(etree.fromstring(etree.tostring(youth.find("{*}CPRNr"))))
            other.append(events[-1])


def _events_backwards(root: etree._Element, _passing: Passing) -> None:
    for youth in named(root, "HaendelserUng"):
        events = youth.findall("{*}HaendelseUddannelsesForloeb")
        at = youth.index(events[0]) if events else 0
        for event in events:
            youth.insert(at, event)


def _wrapper_changed(passing: Passing) -> None:
    if passing.operation != "Ping":
        passing.body = passing.body.replace(b"/indberetningungdomsuddannelse/v1", b"/indberetningungdomsuddannelse/v2")


def _empty_elements(root: etree._Element, _passing: Passing) -> None:
    for event in named(root, "HaendelseUddannelsesForloeb"):
        if event.find("{*}KlasseNavn") is None and event.find("{*}Annullering") is not None:
            empty = etree.Element(event.find("{*}Annullering").tag.replace("Annullering", "KlasseNavn"))
            event.insert(event.index(event.find("{*}Annullering")), empty)


def _complemented(number: str) -> str:
    prefix, _, digits = number.rpartition("-")
    return f"{prefix}-{''.join(str(9 - int(digit)) for digit in digits)}"


def _new_forloeb() -> Callable[[str], str]:
    serial = count(1)
    return lambda _id: f"UDB-FL-{next(serial):023}"


def _is_report(passing: Passing) -> bool:
    return passing.operation.startswith("Indberet")


def _is_look_up(passing: Passing) -> bool:
    return passing.operation == "HentHaendelser" and not passing.is_feed


FAULTS = (
    # The envelope and the transport.
    Fault("elements of a receipt in the wrong order", (ALWAYS,), _swapped("IndberetningUngdomsuddannelseSvar")),
    Fault("the Identifier is not repeated", (ALWAYS,), rewritten("SystemTransactionID", lambda _: "andet")),
    Fault(
        "every call has the same CorrelationID",
        (ALWAYS,),
        rewritten("CorrelationID", lambda _: SAME_ID),
    ),
    Fault("no CorrelationID", (ALWAYS,), removed("CorrelationID")),
    Fault(
        "an element that the contract does not know",
        (ALWAYS,),
        added("IndberetningUngdomsuddannelseSvar", "Advis", "x"),
    ),
    Fault("another wrapper namespace", (ALWAYS,), _wrapper_changed),
    Fault("SOAP 1.2 answered as text/xml", ("kontrakt-kvittering",), _as_text_xml),
    Fault("SOAP 1.1 not understood", ("indberetning-soap11",), _without_soap11),
    Fault("a fault with HTTP 200", ("kontrakt-godkendelse",), _status),
    Fault("a fault over SOAP 1.1 with HTTP 400", ("kontrakt-godkendelse",), _status_of_11),
    Fault("401 without WWW-Authenticate", ("kontrakt-godkendelse",), _without("www-authenticate")),
    Fault("405 without Allow", ("kontrakt-http",), _without("allow")),
    Fault("an unknown address answered with HTML", ("kontrakt-ukendt-adresse",), _plain_404),
    Fault("Details do not name the element", ("kontrakt-skema",), removed("Details")),
    Fault("another ErrorCode", ("kontrakt-dataaftale",), rewritten("ErrorCode", lambda _: "IPL000001")),
    Fault("a CPR number in a fault", ("kontrakt-skema",), in_xml(_cpr_in_fault)),
    Fault("a schema other than the contract's", ("kontrakt-filer",), _other_schema),
    Fault("a WSDL that is not served", ("kontrakt-filer",), _wsdl_gone),
    Fault(
        "Ping says down",
        ("kontrakt-ping",),
        rewritten("Status", lambda _: "down", lambda passing: passing.operation == "Ping"),
    ),
    # Receipts.
    Fault("only the first finding", ("indberetning-afvist",), in_xml(_one_finding)),
    Fault("findings in the wrong order", ("indberetning-afvist",), in_xml(_findings_backwards)),
    Fault("a hard finding called soft", ("kontrakt-kvittering",), rewritten("Alvor", lambda _: "Bloed")),
    Fault("advice refuses", ("indberetning-raad",), rewritten("Resultat", lambda _: "Afvist")),
    Fault("a CPR number in FejlTekst", ("kontrakt-kvittering",), in_xml(_cpr_in_text)),
    Fault("an accepted report without a number", (ALWAYS,), removed("HaendelseNummer", where=_is_report)),
    Fault(
        "numbers of another form",
        (ALWAYS,),
        rewritten("HaendelseNummer", lambda number: number.replace("UDB-", "UDB_")),
    ),
    Fault("numbers that fall", (ALWAYS,), rewritten("HaendelseNummer", _complemented, _is_report)),
    Fault(
        "every event a forløb of its own", ("forloeb-datooptag",), rewritten("ForloebId", _new_forloeb(), _is_report)
    ),
    # Fetching.
    Fault(
        "elements of an event in the wrong order", ("hentning-eksempel",), _swapped("HaendelseUddannelsesForloeb", 2)
    ),
    Fault("a feed that skips", ("hentning-tre-maader",), in_xml(_last_event_skipped)),
    Fault("cancellations are not delivered", ("annullering",), in_xml(_without_cancellations)),
    Fault("always more to fetch", ("hentning-opslag-hoejeste",), rewritten("FindesFlereHaendelser", lambda _: "true")),
    Fault("no highest number", ("hentning-opslag-hoejeste",), removed("HoejesteHaendelseNummer")),
    Fault("a youth twice in an answer", ("forloeb-datooptag",), in_xml(_youth_twice)),
    Fault("events of a youth in the wrong order", ("forloeb-datooptag",), in_xml(_events_backwards)),
    Fault("no DatoOptag", ("forloeb-datooptag",), removed("DatoOptag")),
    Fault("dates without their offset", ("hentning-dato",), rewritten("HaendelseDato", lambda text: text[:23])),
    Fault(
        "winter time all year",
        ("hentning-dato",),
        rewritten("HaendelseDato", lambda text: text.replace("+02:00", "+01:00")),
    ),
    Fault("empty elements instead of none", ("hentning-tre-maader",), in_xml(_empty_elements)),
    Fault("no level for the home kommune", ("hentning-eksempel",), removed("AfsluttetUddannelsesNiveau")),
    Fault("no flag for the home kommune", ("hentning-eksempel",), removed("UngHarUddannelsespaalaeg")),
    Fault(
        "the vendor is not delivered",
        ("hentning-eksempel",),
        rewritten("KildeLeverandoer", lambda _: "UDB", _is_look_up),
    ),
    Fault("no mark of risk", ("forloeb-datooptag",), removed("FrafaldstruetMarkering")),
    Fault("an afbrud without its cause", ("forloeb-datooptag",), removed("AfbrudsarsagsKode")),
    Fault(
        "school kommuner are told the level",
        ("skolekommune",),
        in_xml(_level_for_all),
    ),
    Fault(
        "wishes registered at an hour",
        ("kommune-kontakt-og-oensker",),
        rewritten("JobRegistreringstid", lambda text: text.replace("T00:", "T09:")),
    ),
    Fault(
        "contact times without their time of day",
        ("kommune-kontakttid",),
        rewritten("HaendelseDato", lambda text: f"{text[:10]}T00:00:00.000+02:00"),
    ),
    Fault("no contact person in the look-up", ("kommune-kontakt-og-oensker",), removed("KommuneKontakt")),
    Fault(
        "a refusal that says more",
        ("hentning-afvisninger",),
        added("HentHaendelserSvar", "FindesFlereHaendelser", "false"),
    ),
    Fault("the basis of a grant is not told", ("udslusning-uddannelse",), removed("Grundlag")),
    Fault("degrees rounded up", ("eindkomst",), rewritten("Beskaeftigelsesgrad", lambda degree: str(int(degree) + 1))),
    Fault("benefits are not delivered", ("eindkomst",), removed("HaendelseSocialYdelse")),
    Fault("the pålæg is not told", ("jobcenter-paalaeg",), removed("HaendelseUddannelsespaalaeg")),
    Fault("a henvisning is never fulfilled", ("henvisning",), rewritten("Opfyldt", lambda _: "false")),
)
