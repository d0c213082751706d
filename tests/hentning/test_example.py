"""The vejledning's own example (V 5.1): the same reports through the services, fetched back as the kommune."""

import re
from typing import Any

from lxml import etree

from tests.support.endpoint import HOST, Endpoint, basic, payload_name, request
from tests.support.world import KOMMUNE, World
from udb.domain.services import FORBEREDENDE_AKTIVITET, SERVICES, UNGDOMSUDDANNELSE
from udb.paths import CONTRACT

CPRNR = "7103015123"
AKTIVITET_9: dict[str, Any] = {"ElevTrin": 9, "KlasseTrin": 9, "KlasseType": "40", "KlasseNavn": "9B"}
AKTIVITET_10: dict[str, Any] = {"ElevTrin": 10, "KlasseTrin": 10, "KlasseType": "40", "KlasseNavn": "10A"}

REPORTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    # Registreringstid, service, the report's own fields
    (
        "2017-08-01T09:58:06.917+02:00",
        FORBEREDENDE_AKTIVITET,
        {"InstitutionNummer": "449009", "HaendelseDato": "2017-07-31T00:00:00.000+02:00", "Status": 3, **AKTIVITET_9},
    ),
    (
        "2017-08-02T11:47:02.728+02:00",
        FORBEREDENDE_AKTIVITET,
        {"InstitutionNummer": "449010", "HaendelseDato": "2017-08-06T00:00:00.000+02:00", "Status": 1, **AKTIVITET_10},
    ),
    (
        "2017-11-30T09:26:47.539+01:00",
        FORBEREDENDE_AKTIVITET,
        {
            "InstitutionNummer": "449010",
            "HaendelseDato": "2017-11-28T00:00:00.000+01:00",
            "Status": 2,
            "AfbrudsarsagsKode": "9",
            **AKTIVITET_10,
        },
    ),
    (
        "2018-03-13T09:08:25.614+01:00",
        FORBEREDENDE_AKTIVITET,
        {
            "InstitutionNummer": "483350",
            "HaendelseDato": "2018-03-10T23:00:00.000+01:00",
            "Status": 1,
            "KildeLeverandoer": "Agidon / NP",
            "ForberedendeAktivitetsKode": "1060",
        },
    ),
    (
        "2019-06-28T16:46:53.000+02:00",
        UNGDOMSUDDANNELSE,
        {
            "InstitutionNummer": "461248",
            "HaendelseDato": "2019-08-01T00:00:00.000+02:00",
            "Status": 1,
            "KildeLeverandoer": "LUDUS",
            "Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": 2},
            "GennemfoertHf": False,
            "FrafaldstruetMarkering": False,
        },
    ),
)
"""Registration times are the example's own, but for events 2 and 4, which the example registers before they were
reported.
"""


def education_part(answer: bytes | etree._Element) -> list[list[tuple[str, str]]]:
    """Return each education event as (element, value) in order; numbers and ids by their first appearance."""
    root = etree.fromstring(answer) if isinstance(answer, bytes) else answer
    names: dict[str, str] = {}
    events = []
    for event in root.iter(payload_name("HaendelseUddannelsesForloeb")):
        fields = []
        for element in event.iter():
            if element is event or len(element):
                continue
            text = element.text or ""
            if re.fullmatch(r"UDB-(FL-)?[0-9]{23}", text):
                text = names.setdefault(text, f"id {len(names)}")
            fields.append((etree.QName(element).localname, text))
        events.append(fields)
    return events


def send_all(world: World, endpoint: Endpoint) -> None:
    for registered, service, fields in REPORTS:
        world.clock(registered)
        receipt = endpoint.report(
            service, {"CPRNr": CPRNR, "KildeLeverandoer": "UVdata", "Annullering": False, **fields}
        )
        assert receipt["Resultat"] == "Accepteret", receipt


def look_up(endpoint: Endpoint, answered: str = "2019-12-01T12:00:00+01:00") -> bytes:
    service = SERVICES["DataTilKommune"]
    body = f"""<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:i="{service.namespace}"><e:Body>
      <i:HentHaendelserRequest><i:Identifier><i:SystemName>k</i:SystemName>
      <i:SystemTransactionID>{answered}</i:SystemTransactionID></i:Identifier>
      <i:Message><HentHaendelser xmlns="http://udb.stil.dk/v1"><InstitutionNummer>{KOMMUNE}</InstitutionNummer>
      <CPRNr>{CPRNR}</CPRNr></HentHaendelser></i:Message></i:HentHaendelserRequest></e:Body></e:Envelope>"""
    headers = {"Content-Type": "application/soap+xml; charset=utf-8", "Authorization": basic()}
    answer = request(endpoint.app, "POST", f"http://{HOST}{service.path}", body.encode(), headers)
    assert answer.status == 200, answer.body
    return answer.body


def test_the_example_comes_back_element_by_element(world: World, endpoint: Endpoint) -> None:
    world.person(CPRNR)
    send_all(world, endpoint)
    printed = education_part(etree.parse(str(CONTRACT / "samples" / "HentHaendelserResponse.xml")).getroot())
    given = education_part(look_up(endpoint))
    # The vejledning prints one event date as 23:00; an answer has every date as midnight (contract 4.2). And it
    # prints two registration times that are before the times in their own events' numbers.
    for event in (*printed, *given):
        for i, (name, value) in enumerate(event):
            if name == "HaendelseDato":
                event[i] = (name, value.replace("T23:00:00.000", "T00:00:00.000"))
            if name == "Registreringstid":
                event[i] = (name, re.sub(r"\.\d{3}", "", value)[:10])
    for event in printed[1], printed[3]:
        event[:] = [(name, value) for name, value in event if name != "Registreringstid"]
    for event in given[1], given[3]:
        event[:] = [(name, value) for name, value in event if name != "Registreringstid"]
    assert given == printed


def test_registration_times_are_the_domain_clocks(world: World, endpoint: Endpoint) -> None:
    world.person(CPRNR)
    send_all(world, endpoint)
    times = [
        value for event in education_part(look_up(endpoint)) for name, value in event if name == "Registreringstid"
    ]
    assert [time[:19] + time[-6:] for time in times] == [when[:19] + when[-6:] for when, _, _ in REPORTS]


def test_the_youths_head_and_the_highest_number(world: World, endpoint: Endpoint) -> None:
    world.person(CPRNR)
    send_all(world, endpoint)
    answer = endpoint.fetch(KOMMUNE, CPRNr=CPRNR)
    (youth,) = answer["HaendelserUng"]
    assert answer["FindesFlereHaendelser"] is False
    assert youth["CPRNr"] == CPRNR
    assert youth["AfsluttetUddannelsesNiveau"] == "Uddannelsespligt"
    assert youth["UngHarUddannelsespaalaeg"] is False
    numbers = [event["HaendelseNummer"] for event in youth["HaendelseUddannelsesForloeb"]]
    assert answer["HoejesteHaendelseNummer"] == max(numbers) == numbers[-1]
    optag, afbrud = youth["HaendelseUddannelsesForloeb"][1:3]
    assert optag["ForloebId"] == afbrud["ForloebId"]
