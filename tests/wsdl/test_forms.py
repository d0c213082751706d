"""Every refusal says what to do, and the form that it names is the schema's."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.support.fake_context import app_of, send
from tests.wsdl.contract import PAIRS, SAMPLES
from tests.wsdl.hostile import CASES, Case, as_environ
from tests.wsdl.schema_draw import broken, request
from udb.paths import CONTRACT
from udb.wsdl import faults
from udb.wsdl.xml.forms import EXAMPLE_OF_A_TIME, declared, form_of
from udb.wsdl.xml.schema import violations

TOKEN_UP_TO = "skriv 1 til {} tegn".format
FORMS = {
    "v1:CPRNrType": "skriv 10 cifre uden andre tegn",
    "v1:InstitutionNummerType": "skriv præcis 6 tegn",
    "v1:HaendelseNummerType": TOKEN_UP_TO(40),
    "v1:SystemNameType": TOKEN_UP_TO(100),
    "v1:DatoTidType": "skriv dato og klokkeslæt i årene 1900 til 2999, fx 2026-08-10T00:00:00",
    "v1:StatusType": "skriv et helt tal fra 1 til 3",
    "v1:TrinType": "skriv et helt tal fra 0 til 99",
    "v1:BeskaeftigelsesgradType": "skriv et helt tal, mindst 0",
    "v1:KodeType": TOKEN_UP_TO(10),
    "v1:TidsartType": "skriv Kontakttid eller Tilbudstid",
    "v1:SletOnskerType": "skriv Job, Uddannelse eller Begge",
    "xs:boolean": "skriv true eller false",
    "xs:string": "skriv tekst",
    "v1:UddannelseType": "",
}
IMPERATIVE = re.compile(r"(^|\. )(Ret|Brug|Del|Send|Vent|Prøv|Udelad|Få)\b|, eller (få|fjern)\b|Vent, og send")
ADVICE = re.compile(r"; (skriv|brug|udelad|fjern|ret|her ventes) .+\.$")


@pytest.mark.parametrize(("kind", "form"), FORMS.items())
def test_a_type_s_form(kind: str, form: str) -> None:
    assert form_of(kind) == form


def test_the_example_of_a_time_is_one() -> None:
    schema = etree.XMLSchema(etree.parse(CONTRACT / "udb.xsd"))
    report = etree.parse(SAMPLES / "IndberetningUngdomsuddannelseRequest.xml").find(
        ".//{*}IndberetningUngdomsuddannelse"
    )
    assert report is not None
    report.find("{*}HaendelseDato").text = EXAMPLE_OF_A_TIME  # type: ignore[union-attr]
    schema.assertValid(report)


def test_an_element_is_found_in_the_service_s_schema() -> None:
    request_of = "IndberetningUngdomsuddannelseRequest", "Message", "IndberetningUngdomsuddannelse"
    found = declared("IndberetningUngdomsuddannelse", (*request_of, "Uddannelse", "COsAFormaalVersion"))
    assert found is not None
    assert (found.form, found.optional) == ("skriv et helt tal fra 1 til 999", False)
    system = declared("DataTilKommune", ("HentHaendelserRequest", "Identifier", "SystemName"))
    assert system is not None
    assert (system.form, system.optional) == (TOKEN_UP_TO(100), False)
    assert declared("DataTilKommune", (*request_of, "Status")) is None


@pytest.mark.parametrize(("service", "operation"), PAIRS, ids=[operation for _, operation in PAIRS])
@pytest.mark.parametrize("value", ["", "\N{LATIN SMALL LETTER O WITH STROKE}" * 300])
def test_every_element_with_a_value_names_its_form(service: str, operation: str, value: str) -> None:
    whole = etree.parse(SAMPLES / f"{operation}Request.xml").getroot()
    leaves = [element for element in whole.iter(etree.Element) if not len(element)]
    for element in leaves:
        before, element.text = element.text, value
        (said,) = violations(service, whole)
        element.text = before
        name = etree.QName(element).localname
        assert f": {name}: " in said
        assert re.search(r"[;,] (eller )?skriv ", said), said
        assert value[:2] not in said or not value


@pytest.mark.parametrize(("service", "operation"), PAIRS, ids=[operation for _, operation in PAIRS])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_violation_says_what_to_do(service: str, operation: str, data: st.DataObject) -> None:
    _, message = broken(data.draw, request(data.draw, service, operation, {}))
    for said in violations(service, message):
        assert ADVICE.search(said), said


@pytest.mark.parametrize("kind", faults.TABLE, ids=lambda kind: f"{kind.error_code}-{kind.soap_code.name}")
def test_every_kind_of_fault_says_what_to_do(kind: faults.Kind) -> None:
    assert IMPERATIVE.search(kind.text), kind.text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_one_text_that_most_toolkits_show_has_the_first_line_of_the_details(case: Case) -> None:
    for version in case.versions:
        answer = send(app_of(), as_environ(case, version))
        if answer.error_code is None or not answer.body:
            continue
        path = "//faultstring" if version.number == "1.1" else "//*[local-name()='Reason']/*"
        (reason,) = answer.root.xpath(path)
        details = answer.root.xpath("//*[local-name()='ServiceFaultDetailer']/*[local-name()='Details']/text()")
        first = [text.splitlines()[0] for text in details]
        assert reason.text == " ".join([answer.text("ErrorMessage"), *first])
        assert IMPERATIVE.search(reason.text)
