"""A passage to the service that notes the SOAP versions of the messages that pass."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_WR, create_connection, socket
from typing import Final, TypeVar

from udb.wsdl.soap import SOAP11, SOAP12

VERSIONS: Final = {SOAP11.namespace.encode(): "1.1", SOAP12.namespace.encode(): "1.2"}
_ENVELOPE: Final = re.compile(b"|".join(re.escape(namespace) for namespace in VERSIONS))


class Wire(socketserver.ThreadingTCPServer):
    """Pass every byte on to ``bind`` and back, and look at what callers send."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Passage)
        self.bind = ""
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self._spoken: set[str] = set()

    def heard(self, sent: bytes) -> None:
        """Note the versions of the envelopes in what one connection sent."""
        self._spoken |= {VERSIONS[namespace] for namespace in _ENVELOPE.findall(sent)}

    def spoken(self) -> set[str]:
        """Return the versions seen since the last call."""
        spoken, self._spoken = self._spoken, set()
        return spoken


W = TypeVar("W", bound=Wire)


class _Passage(socketserver.BaseRequestHandler):
    server: Wire

    def handle(self) -> None:
        host, _, port = self.server.bind.rpartition(":")
        caller: socket = self.request
        with create_connection((host, int(port))) as service:
            back = threading.Thread(target=_pump, args=(service, caller))
            back.start()
            _pump(caller, service, self.server)
            back.join()


def _pump(source: socket, target: socket, wire: Wire | None = None) -> None:
    sent = b""
    # Either end may hang up.
    with suppress(OSError):
        while piece := source.recv(65536):
            if wire is not None:
                sent += piece
                wire.heard(sent)
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(SHUT_WR)


@contextmanager
def wire(kind: type[W] = Wire) -> Iterator[W]:  # type: ignore[assignment]  # mypy knows no defaults of type variables
    """Yield a passage; set ``bind`` to its target before the first call."""
    with kind() as passage:
        thread = threading.Thread(target=passage.serve_forever, daemon=True)
        thread.start()
        try:
            yield passage
        finally:
            passage.shutdown()
            thread.join()
