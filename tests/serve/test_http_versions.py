"""What the running service answers to the HTTP versions: a later minor one as 1.1, and 1.1 not without Host."""

import socket
from http.client import HTTPResponse

import pytest

from tests.support.service import PATIENCE, Service
from udb.domain.services import SERVICES, UNGDOMSUDDANNELSE

PATH = SERVICES[UNGDOMSUDDANNELSE].path


def answered(served: Service, line: str, host: str) -> tuple[bytes, int, bytes]:
    """Return the first bytes of an answer, its status and its body."""
    name, _, port = served.bind.rpartition(":")
    with socket.create_connection((name, int(port)), timeout=PATIENCE) as caller:
        caller.sendall(f"{line}\r\n{host}Connection: close\r\n\r\n".encode())
        start = caller.recv(8, socket.MSG_PEEK | socket.MSG_WAITALL)
        answer = HTTPResponse(caller)
        answer.begin()
        return start, answer.status, answer.read()


def test_a_later_version_is_answered_as_1_1_and_1_1_needs_a_host(served: Service) -> None:
    host = f"Host: {served.bind}\r\n"
    for version, spoken in (("1.0", b"HTTP/1.0"), ("1.1", b"HTTP/1.1"), ("1.9", b"HTTP/1.1")):
        start, status, content = answered(served, f"GET {PATH}?wsdl HTTP/{version}", host)
        assert (start, status, content[:5]) == (spoken, 200, b"<?xml")
    for path in (f"{PATH}?wsdl", PATH, "/", "/health/live", "/regler"):
        for version in ("1.1", "1.9"):
            start, status, content = answered(served, f"GET {path} HTTP/{version}", "")
            assert (start, status) == (b"HTTP/1.1", 400)
            assert "HTTP/1.1 kræver en Host-header" in content.decode()
    assert answered(served, "GET /health/live HTTP/1.0", "")[1] == 200


@pytest.mark.parametrize("version", ["2.0", "0.9", "1.10", "x"])
def test_no_other_version_is_understood(served: Service, version: str) -> None:
    assert answered(served, f"GET {PATH}?wsdl HTTP/{version}", f"Host: {served.bind}\r\n")[1] in {400, 505}
