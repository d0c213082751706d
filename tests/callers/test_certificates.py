"""Callers with a certificate: passed on by a proxy in this process, and the refusals with their texts."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
import structlog
from sqlalchemy import select, update

from tests.support.certificates import issued, register
from tests.support.endpoint import Endpoint, environ_of, request
from tests.support.world import KEY, SYSTEM
from udb.callers import certificates, systems, x509
from udb.callers.authentication import authenticate
from udb.callers.presented import presented
from udb.context import Context
from udb.domain.clock import system_time, time_in_words
from udb.domain.errors import NotAuthenticated, UdbRefused, WrongUse
from udb.domain.services import SERVICES
from udb.readlog.sealing import seal
from udb.readlog.verdict import Terms
from udb.readlog.verify import verify
from udb.sandbox.soapcall import envelope
from udb.serve import certificate_expiry
from udb.settings import Settings
from udb.store.engine import reading, writing
from udb.store.tables import certifikat, read_log
from udb.wsdl.use_cases import application

PROXY = (ip_network("127.0.0.1"),)
PATH = SERVICES["DataTilKommune"].path
UTF8_STRING = 0x0C
"""The string type of a certificate's names (X.690)."""


@pytest.fixture
def production(world):
    """The service outside the sandbox, behind a proxy on this machine; signatures are another matter."""
    return application(Context(world.engine, Settings(sandbox=False, proxyer=PROXY, signatur="tjek")), {})


def who(engine, headers, *, sandbox=False, proxies=PROXY):
    environ = environ_of("POST", PATH, b"", headers)
    with reading(engine) as connection:
        return authenticate(connection, environ, sandbox=sandbox, proxies=proxies)


def refused(engine, headers, **more):
    with pytest.raises(NotAuthenticated) as raised:
        who(engine, headers, **more)
    return raised.value


def test_a_system_is_known_by_each_of_its_certificates(world):
    for name in ("gammelt", "nyt"):
        register(world.engine, SYSTEM, issued(name))
        caller = who(world.engine, issued(name).header)
        assert (caller.system_id, caller.certificate) == (SYSTEM, issued(name).fingerprint)


def test_the_read_log_names_the_certificate_and_is_still_what_it_was(world, production):
    before = Endpoint(application(Context(world.engine, Settings(sandbox=True)), {}))
    before.fetch("281111")
    assert seal(world.engine) == 1
    certificate = register(world.engine, SYSTEM, issued("gammelt"))
    Endpoint(production, headers=certificate.header).fetch("281111")
    assert seal(world.engine) == 1
    verdict = verify(world.engine, Terms(5))
    assert (verdict.faults, verdict.blocks, verdict.rows) == ([], 2, 2)
    with reading(world.engine) as connection:
        found = connection.execute(select(read_log.c.system_id, read_log.c.certifikat).order_by(read_log.c.id)).all()
    assert [tuple(row) for row in found] == [(SYSTEM, None), (SYSTEM, certificate.fingerprint)]


def test_the_header_counts_from_a_proxy_alone(world):
    certificate = register(world.engine, SYSTEM, issued("gammelt"))
    error = refused(world.engine, certificate.header, proxies=(ip_network("10.0.0.0/8"),))
    assert (error.credentials_sent, error.sandbox) == (False, False)


def test_from_a_proxy_nothing_but_the_header_counts():
    class Socket:
        def getpeercert(self, *, binary_form):
            assert binary_form
            return b"the proxy's own"

    environ = environ_of("POST", PATH, b"", {}) | {"gunicorn.socket": Socket()}
    assert presented(environ, PROXY) is None
    assert presented(environ, ()) == b"the proxy's own"
    assert presented(environ | {"REMOTE_ADDR": "::ffff:127.0.0.1"}, PROXY) is None
    assert presented(environ | {"REMOTE_ADDR": ""}, PROXY) == b"the proxy's own"


@pytest.mark.parametrize("header", ["", ":", "::x", "MIIB", ":MIIB", ":MI IB:", ":MIIB:, :MIIB:", "%2D%2D", ":æ:"])
def test_a_header_that_is_none_is_refused(world, header):
    error = refused(world.engine, {"Client-Cert": header})
    assert error.credentials_sent
    assert "RFC 9440" in error.details


def test_every_refusal_says_what_to_do_and_which_certificate(world):
    certificate = issued("gammelt")
    said = [refused(world.engine, certificate.header).details]
    register(world.engine, SYSTEM, certificate)
    now = system_time()
    for values in (
        {"gyldig_til": now - timedelta(days=1)},
        {"gyldig_til": now + timedelta(days=2), "gyldig_fra": now + timedelta(days=1)},
        {"gyldig_fra": now - timedelta(days=1), "spaerret": now},
    ):
        with writing(world.engine) as connection:
            connection.execute(update(certifikat).values(values))
        said.append(refused(world.engine, certificate.header).details)
    with writing(world.engine) as connection:
        systems.block(connection, SYSTEM)
    said.append(refused(world.engine, certificate.header).details)
    expected = (
        "ikke registreret",
        f"udløb {time_in_words(now - timedelta(days=1))}. Brug",
        f"gælder først fra {time_in_words(now + timedelta(days=1))}.",
        "er spærret. Brug",
        "Systemet er",
    )
    for text, word in zip(said, expected, strict=True):
        assert word in text
        assert certificate.fingerprint in text


def test_outside_the_sandbox_a_key_is_no_way_in_and_basic_is_not_offered(production):
    sent = fetch(production, {})
    assert (sent.status, sent.headers["www-authenticate"]) == (401, 'ClientCertificate realm="Ungedatabasen"')
    assert b"UDB009101" in sent.body
    assert "klientcertifikat" in sent.body.decode()
    keyed = fetch(production, Endpoint(production).headers)
    assert (keyed.status, "www-authenticate" in keyed.headers) == (500, False)
    assert "klientcertifikat" in keyed.body.decode()


def fetch(app, headers):
    body = envelope("DataTilKommune", "HentHaendelser", {"InstitutionNummer": "281111"}).encode()
    return request(app, "POST", PATH, body, {"Content-Type": "text/xml", **headers})


def test_in_the_sandbox_either_will_do(world):
    certificate = register(world.engine, SYSTEM, issued("gammelt"))
    assert who(world.engine, certificate.header, sandbox=True).certificate == certificate.fingerprint
    basic = Endpoint(None).headers
    assert who(world.engine, {**certificate.header, **basic}, sandbox=True).certificate is None
    assert refused(world.engine, {}, sandbox=True).sandbox


def test_a_certificate_is_one_systems_and_has_not_ended(world):
    register(world.engine, SYSTEM, issued("gammelt"))
    with writing(world.engine) as connection:
        systems.create(connection, "anden", "Anden", KEY)
    with pytest.raises(UdbRefused, match="registered already"):
        register(world.engine, "anden", issued("gammelt"))
    with pytest.raises(UdbRefused, match="no system"):
        register(world.engine, "findes-ikke", issued("nyt"))
    with pytest.raises(UdbRefused, match="ended on"):
        register(world.engine, "anden", issued("udloebet", 1, system_time() - timedelta(days=3)))


@pytest.mark.parametrize(
    "content", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", b"0" * 20000]
)
def test_a_file_that_is_none_is_wrong_use(content):
    with pytest.raises(WrongUse, match=r"not an X\.509 certificate"):
        x509.read_usable(content)


@pytest.mark.parametrize("kind", range(0x20))
def test_whatever_kind_of_value_a_subject_has_the_file_is_read_or_is_none(kind):
    name = b"underligt emne"
    der = issued(name.decode()).der
    assert der.count(bytes([UTF8_STRING, len(name)]) + name) == 1
    odd = der.replace(bytes([UTF8_STRING, len(name)]) + name, bytes([kind, len(name)]) + name)
    try:
        assert x509.read(odd).subject
    except x509.Unreadable:
        assert kind != UTF8_STRING


def test_a_system_without_a_lasting_certificate_is_warned_of(world):
    now = system_time()
    short = register(world.engine, SYSTEM, issued("kort", 10, now))
    register(world.engine, SYSTEM, issued("kortere", 5, now))
    with writing(world.engine) as connection:
        systems.create(connection, "anden", "Anden", KEY)
        rows = certificates.ending(connection, now, timedelta(days=30))
        assert [(found.system_id, found.days_left(now)) for found in rows] == [(SYSTEM, 9)]
        assert certificates.ending(connection, now, timedelta(days=9)) == []
        certificates.block(connection, short.fingerprint[:12].upper())
        rows = certificates.ending(connection, now, timedelta(days=9))
        assert [found.days_left(now) for found in rows] == [4]
    register(world.engine, SYSTEM, issued("gammelt"))
    with writing(world.engine) as connection:
        assert certificates.ending(connection, now, timedelta(days=30)) == []
        systems.block(connection, SYSTEM)
        assert certificates.ending(connection, now, timedelta(days=999)) == []


def test_the_log_warns_once_for_each_system(world):
    ending = register(world.engine, SYSTEM, issued("kort", 10, system_time()))
    register(world.engine, SYSTEM, issued("kortere", 5, system_time()))
    with reading(world.engine) as connection, structlog.testing.capture_logs() as lines:
        certificate_expiry.warn(connection, 30)
        certificate_expiry.warn(connection, 5)
    logged = [(line["event"], line["system_id"], line["certificate"], line["days"]) for line in lines]
    assert logged == [("certificate.ends", SYSTEM, ending.fingerprint, 9)]


@pytest.mark.parametrize("start", ["", "abc", "%", "________", "f" * 64])
def test_what_names_no_single_certificate_blocks_none(world, start):
    register(world.engine, SYSTEM, issued("gammelt"))
    with writing(world.engine) as connection, pytest.raises(UdbRefused, match="not exactly one"):
        certificates.block(connection, start)
