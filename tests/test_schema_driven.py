"""Every operation with messages made from the XSD: a valid one is answered as the schema says, an invalid one is
refused and changes nothing.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import Engine, func, select

from tests.support.endpoint import Endpoint, basic
from tests.support.endpoint import request as http
from tests.support.size import size
from tests.support.world import EUD_SCHOOL, FGU_SCHOOL, GYMNASIUM, KOMMUNE, SCHOOL, UNIVERSITY, World
from tests.wsdl.contract import PAIRS, schema_for
from tests.wsdl.schema_draw import Likely, broken, is_valid, request
from udb.domain.services import SERVICES
from udb.store.engine import reading
from udb.store.tables import metadata
from udb.wsdl.soap import VERSIONS, Version

pytestmark = pytest.mark.large

EXAMPLES = size(small=8, large=200)
YOUTHS = [f"710307{5100 + i}" for i in range(3)]
LIKELY: Likely = {
    "CPRNrType": st.sampled_from(YOUTHS),
    "InstitutionNummerType": st.sampled_from([GYMNASIUM, SCHOOL, KOMMUNE, FGU_SCHOOL, EUD_SCHOOL, UNIVERSITY]),
    "DatoTidType": st.sampled_from(["2026-08-10T00:00:00", "2026-08-01T23:30:00Z", "2025-08-10T08:00:00.000+02:00"]),
    "KodeType": st.sampled_from(["3017", "2542", "1", "10", "40"]),
}
LOG = ("read_log", "modtagelse")
REMEMBERED = ("feed_position", "fetch_key", "hentet")
"""The tables that a fetch writes to."""
brief = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture
def peopled(world: World) -> World:
    for youth in YOUTHS:
        world.person(youth)
    return world


def post(endpoint: Endpoint, service: str, element: etree._Element, version: Version) -> Any:
    envelope = etree.Element(version.tag("Envelope"))
    etree.SubElement(envelope, version.tag("Body")).append(element)
    headers = {"Content-Type": version.media_type, "Authorization": basic()}
    return http(endpoint.app, "POST", SERVICES[service].path, etree.tostring(envelope, encoding="UTF-8"), headers)


def counts(engine: Engine, *leave_out: str) -> dict[str, int]:
    with reading(engine) as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if not table.name.startswith(leave_out)
        }


@pytest.mark.parametrize(("service", "operation"), PAIRS, ids=[operation for _, operation in PAIRS])
@brief
@given(data=st.data())
def test_a_valid_message_is_answered_as_the_schema_says(
    peopled: World, endpoint: Endpoint, service: str, operation: str, data: st.DataObject
) -> None:
    element = request(data.draw, service, operation, LIKELY)
    assert is_valid(element), etree.tostring(element)
    version = data.draw(st.sampled_from(VERSIONS))
    before = counts(peopled.engine, *LOG, *REMEMBERED)
    answer = post(endpoint, service, element, version)
    if answer.status != 200:
        assert b"UDB009102" in answer.body, "only a stranger's institution may be refused so"
        assert counts(peopled.engine, *LOG, *REMEMBERED) == before
        return
    (response,) = etree.fromstring(answer.body).find(version.tag("Body"))
    schema_for(response).assertValid(etree.ElementTree(etree.fromstring(etree.tostring(response))))
    assert etree.QName(response).localname == f"{operation}Response"
    if response.findtext(".//{*}Resultat") != "Accepteret":
        assert counts(peopled.engine, *LOG, *REMEMBERED) == before, (
            "a refused report leaves nothing but that it was one"
        )


@pytest.mark.parametrize(("service", "operation"), PAIRS, ids=[operation for _, operation in PAIRS])
@brief
@given(data=st.data())
def test_an_invalid_message_is_refused_and_changes_nothing(
    peopled: World, endpoint: Endpoint, service: str, operation: str, data: st.DataObject
) -> None:
    whole = request(data.draw, service, operation, LIKELY)
    way, element = broken(data.draw, whole)
    assume(not is_valid(element))
    version = data.draw(st.sampled_from(VERSIONS))
    before = counts(peopled.engine)
    answer = post(endpoint, service, element, version)
    fault = etree.fromstring(answer.body)
    code = fault.findtext(".//{*}ErrorCode")
    assert (answer.status, code) == (500 if version is VERSIONS[0] else 400, "IPL000002"), way
    details = fault.findtext(".//{*}Details") or ""
    assert "Linje" in details or "linje" in details, way
    assert not any(youth in details for youth in YOUTHS)
    assert counts(peopled.engine) == before
