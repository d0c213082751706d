"""Every message of the contract has a sample, and every sample is what its name says."""

import re
from pathlib import Path

import pytest
from lxml import etree

from tests.wsdl.contract import ENVELOPES, OPERATIONS, PAIRS, SAMPLES, root_of, schema_for, wrapper_namespace
from udb.domain import services


def name_of(path: Path):
    return path.name


def expected_samples() -> set[str]:
    names = {f"{operation}{end}.xml" for _, operation in PAIRS for end in ("Request", "Response")}
    names |= {f"{service}.Ping{end}.xml" for service in OPERATIONS for end in ("Request", "Response")}
    names |= {f"{kind}.{version}.xml" for kind in ("kald", "proeve", "fault") for version in ENVELOPES}
    return names | {"IndberetningUngdomsuddannelseResponse.afvist.xml", "HentUdslusningstilskudResponse.afvist.xml"}


BODIES = sorted(name for name in expected_samples() if "soap1" not in name)


def test_every_message_has_its_sample_and_no_sample_is_astray():
    assert {path.name for path in SAMPLES.iterdir()} == expected_samples()


@pytest.mark.parametrize("name", BODIES)
def test_sample_is_valid_and_holds_what_its_name_says(name: str):
    sample = root_of(SAMPLES / name)
    *service, element = name.removesuffix(".xml").removesuffix(".afvist").split(".")
    if not service:
        service = [of for of, operation in PAIRS if element in {f"{operation}Request", f"{operation}Response"}]
    assert [sample.tag] == [f"{{{wrapper_namespace(of)}}}{element}" for of in service]
    schema_for(sample).assertValid(sample)


@pytest.mark.parametrize("version", ENVELOPES)
def test_sample_call_is_the_sample_request_in_an_envelope(version: str):
    def canonical(element: etree._Element) -> list[tuple[str, str]]:
        return [(item.tag, (item.text or "").strip()) for item in element.iter("*")]

    envelope = root_of(SAMPLES / f"kald.{version}.xml")
    (body,) = envelope
    (call,) = body
    assert [envelope.tag, body.tag] == [f"{{{ENVELOPES[version]}}}Envelope", f"{{{ENVELOPES[version]}}}Body"]
    assert canonical(call) == canonical(root_of(SAMPLES / "IndberetningUngdomsuddannelseRequest.xml"))
    schema_for(call).assertValid(call)


@pytest.mark.parametrize("version", ENVELOPES)
def test_sample_trial_is_the_sample_call_with_its_header(version: str):
    envelope = root_of(SAMPLES / f"proeve.{version}.xml")
    (trial,) = envelope[0]
    assert trial.attrib == {f"{{{ENVELOPES[version]}}}mustUnderstand": "1"}
    trial.attrib.clear()
    schema_for(trial).assertValid(trial)
    envelope.remove(envelope[0])
    call = root_of(SAMPLES / f"kald.{version}.xml")
    text = [[(one.tag, (one.text or "").strip()) for one in root.iter("*")] for root in (envelope, call)]
    assert text[0] == text[1]


@pytest.mark.parametrize(
    ("version", "code", "detail"),
    [
        ("soap11", "faultcode", "detail"),
        ("soap12", "{*}Code/{*}Value", "{http://www.w3.org/2003/05/soap-envelope}Detail"),
    ],
)
def test_sample_fault_has_a_valid_detail(version: str, code: str, detail: str):
    (fault,) = root_of(SAMPLES / f"fault.{version}.xml").find(f"{{{ENVELOPES[version]}}}Body")
    assert fault.tag == f"{{{ENVELOPES[version]}}}Fault"
    assert fault.findtext(code) == {"soap11": "soap:Client", "soap12": "soap:Sender"}[version]
    (detailer,) = fault.find(detail)
    schema_for(detailer).assertValid(detailer)


def test_the_fault_of_an_unknown_address_is_the_same_in_its_own_namespace():
    detailer = root_of(SAMPLES / "fault.soap11.xml").find(".//detail")[0]
    text = etree.tostring(detailer, encoding="unicode")
    unknown = etree.fromstring(text.replace(detailer.nsmap["ipl"], services.UNKNOWN_SERVICE_NAMESPACE))
    schema_for(unknown).assertValid(unknown)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=name_of)
def test_samples_hold_only_invented_cpr_numbers(path: Path):
    numbers = re.findall(r"CPRNr>(\d+)<", path.read_text("utf-8"))
    assert [number for number in numbers if not 61 <= int(number[:2]) <= 91] == []
