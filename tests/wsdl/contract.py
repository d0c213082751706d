"""The contract's files as the tests read them."""

from pathlib import Path

from lxml import etree

from udb.paths import CONTRACT

OPERATIONS = {
    "IndberetningUngdomsuddannelse": ["IndberetningUngdomsuddannelse"],
    "IndberetningForberedendeGrundUddannelse": ["IndberetningForberedendeGrundUddannelse"],
    "IndberetningForberedendeAktivitet": ["IndberetningForberedendeAktivitet"],
    "IndberetningVideregaaendeUddannelse": ["IndberetningVideregaaendeUddannelse"],
    "IndberetningKommuneAktivitet": ["IndberetningKommuneAktivitet"],
    "IndberetningKontaktTilbudstid": ["IndberetningKontaktTilbudstid"],
    "IndberetningKontaktperson": ["IndberetningKontaktperson"],
    "IndberetningOnsker": ["IndberetningOnsker"],
    "IndberetInstitutionKontakt": ["IndberetInstitutionKontakt"],
    "IndberetningJobcenter": ["IndberetningJobcenter"],
    "DataTilKommune": ["HentHaendelser"],
    "DataTilInstitution": ["HentUddannelsespaalaeg", "HentUdslusningstilskud", "HentMarkeringer"],
    "HentStatusHenvisning": ["HentStatusHenvisning"],
    "DataTilDFDG": ["HentHaendelserDFDG"],
}
"""The operations that sections 4 and 5 of the contract list, by service."""

PAIRS = [(service, operation) for service, operations in OPERATIONS.items() for operation in operations]

SAMPLES = CONTRACT / "samples"
SCHEMAS = sorted(CONTRACT.glob("*.xsd"))
WSDLS = sorted(CONTRACT.glob("*.wsdl"))

ENVELOPES = {
    "soap11": "http://schemas.xmlsoap.org/soap/envelope/",
    "soap12": "http://www.w3.org/2003/05/soap-envelope",
}


def wrapper_namespace(service: str) -> str:
    return f"http://ipl.stil.dk/services/udb/{service.lower()}/v1"


def root_of(path: Path) -> etree._Element:
    return etree.parse(path).getroot()


def schema_for(element: etree._Element) -> etree.XMLSchema:
    """Return the schema, from its file, whose namespace the element is in."""
    namespace = etree.QName(element).namespace
    (path,) = [path for path in SCHEMAS if root_of(path).get("targetNamespace") == namespace]
    return etree.XMLSchema(etree.parse(path))
