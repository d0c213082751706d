"""The contract as the running service serves it."""

from urllib.parse import urljoin

from lxml import etree

from tests.support.service import Service, get
from udb.domain.services import SERVICES

XS = "{http://www.w3.org/2001/XMLSchema}"
STRANGER = "evil.example"


def test_every_contract_names_this_address_and_leads_to_its_schemas(served: Service) -> None:
    for service in SERVICES.values():
        url = f"{served.address}{service.path}?wsdl"
        wsdl = etree.fromstring(get(url).body)
        assert locations(wsdl) == {f"{served.address}{service.path}"}
        (own,) = imported(wsdl, url)
        assert own == f"{served.address}/services/UDB/{service.name}.xsd"
        # One address, so that a program that reads several services meets each type once.
        assert imported(parsed(own), own) == [f"{served.address}/services/UDB/udb.xsd"]


def test_only_an_allowed_host_stands_in_it(served: Service) -> None:
    port = served.bind.rpartition(":")[2]
    for service in SERVICES.values():
        url = f"{served.address}{service.path}?wsdl"
        known = get(url, {"Host": f"localhost:{port}"})
        assert locations(etree.fromstring(known.body)) == {f"http://localhost:{port}{service.path}"}
        for host in (STRANGER, f"{served.bind}.{STRANGER}", f"{STRANGER}:{port}"):
            answer = get(url, {"Host": host, "X-Forwarded-Host": STRANGER})
            assert answer.status == 400
            assert STRANGER not in f"{answer.body!r} {answer.headers}"
        forwarded = get(url, {"X-Forwarded-Host": STRANGER, "Forwarded": f"host={STRANGER}"})
        assert locations(etree.fromstring(forwarded.body)) == {f"{served.address}{service.path}"}


def locations(wsdl: etree._Element) -> set[str]:
    return {str(value) for value in wsdl.xpath("//@location")}


def parsed(url: str) -> etree._Element:
    answer = get(url)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    return etree.fromstring(answer.body)


def imported(document: etree._Element, url: str) -> list[str]:
    """Return the addresses that a document imports, each of which must answer."""
    found = [urljoin(url, str(element.get("schemaLocation"))) for element in document.iter(f"{XS}import")]
    for schema in found:
        parsed(schema)
    return found
