"""Targets that are no UDB: they answer wrongly, slowly, by half or not at all."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import WSGIApplication

from tests.support.endpoint import HOST

HTML = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 39\r\n\r\n<!DOCTYPE html><html><body>Hej</body>  "
)
JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
ELSEWHERE = b"HTTP/1.1 301 Moved\r\nLocation: https://udb.example/services\r\nContent-Length: 0\r\n\r\n"
OTHER = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><PingResponse xmlns="urn:andet"/></s:Body>'
    b"</s:Envelope>"
)
OTHER_CONTRACT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: %d\r\n\r\n" % len(OTHER)
) + OTHER
HALF = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 900\r\n\r\n<soap"
NO_HTTP = b"220 mail.example.org ESMTP ready\r\n"
NOTHING = b""


@contextmanager
def answering(said: bytes) -> Iterator[str]:
    """Yield the address of a server that answers every connection with the same bytes and hangs up."""

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        # Closing with unread bytes resets the connection, and the answer may never arrive.
        connection.settimeout(10)
        while connection.recv(65536):
            pass

    with listening(answer) as url:
        yield url


@contextmanager
def silent() -> Iterator[str]:
    """Yield the address of a server that takes a connection and never answers."""
    ended = threading.Event()

    def wait(_connection: socket.socket) -> None:
        ended.wait()

    with listening(wait) as url:
        try:
            yield url
        finally:
            ended.set()


@contextmanager
def dripping() -> Iterator[str]:
    """Yield the address of a server that answers a byte at a time, without end."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Langsom: ")
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    with listening(drip) as url:
        yield url


@contextmanager
def without_tls() -> Iterator[str]:
    """Yield an address of https where TLS is not spoken."""
    with answering(NO_HTTP) as url:
        yield url.replace("http:", "https:")


@contextmanager
def listening(take: Callable[[socket.socket], None]) -> Iterator[str]:
    """Yield the address of a server that calls ``take`` with every connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        take(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@contextmanager
def with_certificate(file: Path, key_file: Path) -> Iterator[str]:
    """Yield the address of a server that shows a certificate and sends no more."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)

    def shake_hands(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1)

    with listening(shake_hands) as url:
        yield url.replace("http:", "https:")


@contextmanager
def nobody() -> Iterator[str]:
    """Yield an address without a listener."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    yield address


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def served(app: WSGIApplication) -> Iterator[str]:
    """Yield the address of a WSGI application that takes itself to be at ``tests.support.endpoint.HOST``."""

    def under_its_host(environ, start_response):
        return app({**environ, "HTTP_HOST": HOST}, start_response)

    with serving(under_its_host) as url:
        yield url


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """Yield the address of a WSGI application."""
    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(10)
