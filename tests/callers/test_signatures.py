"""Signed requests where the database matters: the owner of a certificate, and refusal of a request sent twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_network

import pytest
from lxml import etree
from sqlalchemy import func, select
from zeep.exceptions import Fault

from tests.support.certificates import issued, register
from tests.support.clock import move, years
from tests.support.endpoint import SOAP_11, SOAP_12, Endpoint, basic, request
from tests.support.signing import ZeepSignature, signed
from tests.support.world import GYMNASIUM, KEY, SYSTEM
from udb.callers import certificates, replay, systems
from udb.context import Context
from udb.domain.clock import system_time
from udb.domain.clocks import SILENT_WHILE_SERVED
from udb.domain.services import SERVICES
from udb.sandbox.soapcall import envelope
from udb.settings import Settings
from udb.store.clocks import LIMIT
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import seen_signature
from udb.wsdl.endpoint.service_endpoint import SIGNED_ALONE
from udb.wsdl.signature.reasons import Reason
from udb.wsdl.soap import SOAP11, SOAP12, VERSIONS
from udb.wsdl.use_cases import application

FETCH = "DataTilKommune"
PROXY = (ip_network("127.0.0.1"),)
REPORT = {
    "CPRNr": "6101051234",
    "InstitutionNummer": GYMNASIUM,
    "HaendelseDato": "2026-08-10T00:00:00",
    "Status": 1,
    "KildeLeverandoer": "LUDUS",
    "Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": 2},
    "Annullering": False,
}


def body() -> str:
    """Return the content of a fetch's Body."""
    request = envelope(FETCH, "HentHaendelser", {"InstitutionNummer": "281111"})
    return etree.tostring(etree.fromstring(request)[0][0]).decode()


def post(app, message, headers, version=SOAP12):
    headers = {"Content-Type": version.content_type, **headers}
    answer = request(app, "POST", SERVICES[FETCH].path, message, headers)
    found = etree.fromstring(answer.body)
    details = found.findtext(".//{*}Details") or ""
    return answer.status, next((reason for reason in Reason if details.startswith(f"[{reason.key}]")), None)


@pytest.fixture
def production(world):
    """The service as it is outside the sandbox."""
    return application(Context(world.engine, Settings(sandbox=False, proxyer=PROXY)), {})


@pytest.fixture
def sandbox(world):
    return application(Context(world.engine, Settings(sandbox=True)), {})


@pytest.mark.parametrize("soap", [SOAP_11, SOAP_12])
def test_outside_the_sandbox_a_signed_report_is_taken_and_an_unsigned_is_not(world, production, soap):
    certificate = register(world.engine, SYSTEM, issued("eget"))
    endpoint = Endpoint(production, headers=certificate.header, soap=soap)
    with pytest.raises(Fault) as refused:
        endpoint.report("IndberetningUngdomsuddannelse", REPORT)
    assert Reason.HEADER_MISSING.key in etree.tostring(refused.value.detail).decode()
    endpoint = Endpoint(production, headers=certificate.header, soap=soap, wsse=ZeepSignature(certificate))
    assert endpoint.report("IndberetningUngdomsuddannelse", REPORT)["Resultat"] in {"Accepteret", "Afvist"}
    assert endpoint.fetch("281111")["FindesFlereHaendelser"] is False


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
def test_in_the_sandbox_a_signature_is_checked_when_there_is_one(world, sandbox, version):
    register(world.engine, SYSTEM, issued("eget"))
    with writing(world.engine) as connection:
        systems.create(connection, "anden", "Anden", KEY)
    register(world.engine, "anden", issued("andens"))
    key = {"Authorization": basic()}
    unsigned = envelope(FETCH, "HentHaendelser", {"InstitutionNummer": "281111"}).encode()
    assert post(sandbox, unsigned, key, SOAP11) == (200, None)
    assert post(sandbox, signed("wss4j", body(), issued("eget"), version), key, version) == (200, None)
    for name, reason in (("andens", Reason.CERTIFICATE_UNKNOWN), ("ukendt", Reason.CERTIFICATE_UNKNOWN)):
        assert post(sandbox, signed("wss4j", body(), issued(name), version), key, version)[1] is reason
    with writing(world.engine) as connection:
        certificates.block(connection, issued("eget").fingerprint)
    assert (
        post(sandbox, signed("wss4j", body(), issued("eget"), version), key, version)[1] is Reason.CERTIFICATE_BLOCKED
    )


def test_signed_with_another_of_the_systems_certificates_than_shown_in_tls(world, production):
    register(world.engine, SYSTEM, issued("eget"))
    other = register(world.engine, SYSTEM, issued("andet"))
    assert post(production, signed("dotnet", body(), issued("eget")), other.header) == (200, None)


def test_the_same_message_is_taken_once_whichever_workers_get_it(world, database_url):
    certificate = register(world.engine, SYSTEM, issued("eget"))
    engines = [make_engine(database_url) for _ in range(4)]
    settings = Settings(sandbox=False, proxyer=PROXY)
    workers = [application(Context(engine, settings), {}) for engine in engines]
    messages = [signed("dotnet", body(), certificate) for _ in range(3)]
    with ThreadPoolExecutor(len(workers)) as pool:
        for message in messages:
            answers = list(pool.map(lambda app, sent=message: post(app, sent, certificate.header), workers))
            assert sorted(answers, key=str) == [(200, None), *[(400, Reason.REPLAYED)] * (len(workers) - 1)]
    for engine in engines:
        engine.dispose()


def test_a_refused_message_is_not_noted_and_an_answered_one_is(world, production):
    certificate = register(world.engine, SYSTEM, issued("eget"))
    late = signed("dotnet", body(), certificate, created=system_time() - timedelta(hours=1))
    for _ in range(2):
        assert post(production, late, certificate.header) == (400, Reason.TIME_OVER)
    assert seen(world.engine) == 0
    post(production, signed("dotnet", body(), certificate), certificate.header)
    assert seen(world.engine) == 1


def seen(engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(seen_signature)).scalar_one()


def test_signatures_that_are_over_go_as_new_ones_come(engine):
    now = system_time()
    kept = SILENT_WHILE_SERVED if engine.dialect.name == "sqlite" else LIMIT
    over, alive = now - kept - timedelta(seconds=1), now + timedelta(minutes=6)
    with writing(engine) as connection:
        for number in range(2 * replay.CLEANED + 1):
            assert replay.first_use(connection, "a", bytes([number]), alive)
    with writing(engine) as connection:
        connection.execute(seen_signature.update().values(expires=over))
    for number, left in enumerate((replay.CLEANED + 2, 3, 3), start=100):
        with writing(engine) as connection:
            assert replay.first_use(connection, "a", bytes([number]), alive)
        assert seen(engine) == left
    with writing(engine) as connection:
        assert not replay.first_use(connection, "a", bytes([100]), alive)
        assert replay.first_use(connection, "b", bytes([100]), alive)


@pytest.mark.parametrize("ahead", [timedelta(minutes=6.5), timedelta(hours=23), years(50)])
def test_a_host_whose_clock_is_ahead_deletes_no_signature_that_the_others_take(engine, monkeypatch, ahead):
    """The signature is alive by the others' clocks: noted once, it is never taken again."""
    if engine.dialect.name == "sqlite":
        # One host, one clock: what is a day ahead of what is on record is refused before.
        ahead = min(ahead, timedelta(hours=23))
    alive = system_time() + timedelta(minutes=1)
    with writing(engine) as connection:
        assert replay.first_use(connection, "a", b"1", alive)
    with monkeypatch.context() as wrong:
        move(wrong, ahead)
        with writing(engine) as connection:
            assert replay.first_use(connection, "a", b"2", system_time() + timedelta(minutes=5))
    with writing(engine) as connection:
        assert not replay.first_use(connection, "a", b"1", alive)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
def test_a_signed_call_without_a_client_certificate_is_told_what_it_lacks(world, production, sandbox, version):
    certificate = register(world.engine, SYSTEM, issued("eget"))
    message = signed("wss4j", body(), certificate, version)
    unsigned = envelope(FETCH, "HentHaendelser", {"InstitutionNummer": "281111"}).encode()

    def details(app, message, headers, version):
        headers = {"Content-Type": version.content_type, **headers}
        answer = etree.fromstring(request(app, "POST", SERVICES[FETCH].path, message, headers).body)
        assert answer.findtext(".//{*}ErrorCode") == "UDB009101"
        return answer.findtext(".//{*}Details") or ""

    wrong = {"Authorization": basic(key="forkert")}
    for app, headers in ((production, {}), (production, wrong), (sandbox, {})):
        assert details(app, message, headers, version).endswith(SIGNED_ALONE)
        assert SIGNED_ALONE not in details(app, unsigned, headers, SOAP11)
    # Something else is the cause.
    assert SIGNED_ALONE not in details(sandbox, message, wrong, version)
    assert SIGNED_ALONE not in details(production, message, issued("ukendt").header, version)
