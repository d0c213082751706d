"""The marked cases of the table over real sockets, against one gunicorn worker that must outlive them all."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.support.fake_context import CPR, REPORT, Answer, envelope, ping
from tests.wsdl.hostile import CASES, Case
from udb.domain.services import SERVICES
from udb.paths import ROOT
from udb.wsdl.soap import SOAP12, Version

PIECE = 64 * 1024
PAIRS = [
    pytest.param(case, version, id=f"{case.name}-{version.number}")
    for case in CASES
    if case.socket
    for version in case.versions
]


class Server:
    def __init__(self, port: int) -> None:
        self.port = port

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str], *, chunked: bool = False) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            content = iter([body[i : i + PIECE] for i in range(0, len(body), PIECE)]) if chunked else body
            connection.request(method, path, content, headers, encode_chunked=chunked)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def ping(self) -> Answer:
        headers = {"Content-Type": SOAP12.media_type}
        return self.send("POST", SERVICES[REPORT].path, envelope(ping(REPORT)), headers)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("gunicorn") / "log"
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as output:
        command = [sys.executable, "-m", "gunicorn", "--workers", "1", "--timeout", "30", "--log-level", "info"]
        command += ["--bind", f"fd://{listener.fileno()}", "tests.wsdl.gunicorn_endpoint:application"]
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=[listener.fileno()], stdout=output, stderr=output)
        running = Server(listener.getsockname()[1])
        try:
            wait_until_up(running, process)
            yield running
        finally:
            process.terminate()
            process.wait(20)
    text = log.read_text()
    assert text.count("Booting worker") == 1, "no worker died"
    assert CPR not in text


def wait_until_up(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            if server.ping().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("gunicorn did not start")


@pytest.mark.parametrize(("case", "version"), PAIRS)
def test_every_marked_case_over_a_socket(server, case: Case, version: Version):
    answer = server.send(case.method, case.path, case.body(version), case.all_headers(version), chunked=case.chunked)
    assert (answer.status, answer.soap_code, answer.error_code) == case.expected.of(version)
    alive = server.ping()
    assert (alive.status, alive.text("Status")) == (200, "up")


def test_a_client_that_hangs_up_harms_nobody(server):
    head = f"POST {SERVICES[REPORT].path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 900\r\n\r\n"
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.port)) as half:
            half.sendall(f"{head}<a".encode())
    assert server.ping().status == 200


@pytest.mark.parametrize("encoding", ["gzip, chunked", "deflate, chunked", "identity, chunked"])
def test_another_transfer_encoding_is_refused_with_its_fault(server, encoding: str):
    head = f"POST {SERVICES[REPORT].path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as sender:
        sender.sendall(f"{head}Transfer-Encoding: {encoding}\r\n\r\n0\r\n\r\n".encode())
        answer = http.client.HTTPResponse(sender)
        answer.begin()
        assert answer.status == 501
        assert "Transfer-Encoding må kun være chunked" in answer.read().decode()


@pytest.mark.parametrize("path", [SERVICES[REPORT].path, f"{SERVICES[REPORT].path}?wsdl", "/"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(("protocol", "hosts", "refused"), [("1.1", 0, True), ("1.1", 2, True), ("1.0", 0, False)])
def test_http_1_1_without_one_host_is_refused(server, path, method, protocol, hosts, refused):
    head = f"{method} {path} HTTP/{protocol}\r\n" + "Host: x\r\n" * hosts
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as sender:
        sender.sendall(f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(sender, method=method)
        answer.begin()
        content = answer.read().decode()
    assert ("HTTP/1.1 kræver en Host-header" in content) == (refused and not hosts and method != "HEAD")
    # Without a Host a contract has no address.
    assert (answer.status == 400) == (refused or (path.endswith("wsdl")))


@pytest.mark.parametrize("broken", [b"zz\r\nabc\r\n0\r\n\r\n", b"5\r\nab"], ids=["no-number", "cut-off"])
def test_broken_chunks_are_the_senders_mistake(server, broken: bytes):
    head = f"POST {SERVICES[REPORT].path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as sender:
        sender.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + broken)
        sender.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(sender)
        answer.begin()
        assert answer.status == 500
        assert b"UDB009107" in answer.read()
