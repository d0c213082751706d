"""One caller's connection: TLS, requests one after another, each answer, and the end. No step of it blocks.

A thread that has taken a connection calls ``step``, which goes on until there is nothing to do but wait; only the
application itself may take long. An answer that the caller does not read waits without a thread too.
"""

import select
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from udb.serve.loop.exchange import Exchange
from udb.serve.loop.incoming import Incoming, Request
from udb.serve.loop.plain import Reader
from udb.serve.loop.waiting import READ, WRITE

if TYPE_CHECKING:
    from udb.serve.loop.worker import Loop

CLOSED: Final = -1
_GO_ON: Final = 0
_PIECE: Final = 64 * 1024
_LINGERS: Final = 2.0
"""For how many seconds an answered connection is kept, unless the caller hangs up: closing it with unread bytes in it
would reset it, and the caller could lose the answer."""
_MOST_UNREAD: Final = 256 * 1024
_SPAN: Final = 64 * 1024
"""How much of an answer must be read within the time that a call has to arrive."""
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


def _closed() -> int:
    return CLOSED


class Place:
    """An address that callers connect to."""

    def __init__(self, listener: socket.socket, cfg: Any) -> None:
        """``cfg``: gunicorn's settings."""
        self.listener: Final = listener
        self.number: Final = listener.fileno()
        self.address: Final = listener.getsockname()
        self.reader: Final = Reader(cfg, self.address)


class Connection:
    """A connection and how far it has come."""

    __slots__ = (
        *("_exchange", "_incoming", "_is_kept", "_loop", "_out", "_place", "_sock", "_taken", "_turn", "_unread"),
        *("client", "deadline", "given_up", "number", "since"),
    )

    def __init__(self, loop: "Loop", place: Place, sock: socket.socket, client: Any) -> None:
        """``client``: the caller's address."""
        self._loop, self._place, self._sock, self.client = loop, place, sock, client
        self.number: Final = sock.fileno()
        self.since = time.monotonic()
        """Since when it has waited for the same thing."""
        self.deadline = self.since + loop.seconds
        self.given_up = False
        self._incoming = Incoming(loop.cfg, place.reader, client, loop.most_body)
        self._exchange: Exchange | None = None
        self._out: memoryview | bytes = b""
        self._taken = 0
        self._unread = _MOST_UNREAD
        self._is_kept = False
        self._turn: Callable[[], int] = self._receive if loop.tls is None else self._shake_hands

    # What the loop asks of it.

    def step(self) -> int:
        """Go as far as possible; return the event to wait for, or CLOSED. Raises nothing."""
        try:
            event = _GO_ON
            while event == _GO_ON:
                event = CLOSED if self.given_up else self._turn()
        except OSError:
            event = CLOSED
        except Exception:
            # A thread of the loop ends for no connection.
            self._loop.log.exception("Error handling request")
            event = CLOSED
        if event == CLOSED:
            self.close()
        return event

    def is_silent(self) -> bool:
        """Return whether nothing of a request has come since the last answer."""
        return not self._incoming.data and self._exchange is None

    def is_begun(self) -> bool:
        """Return whether it is to be answered, whatever else comes."""
        return self._exchange is None and self._incoming.has_head()

    def is_answering(self) -> bool:
        """Return whether an answer is on its way."""
        return self._exchange is not None

    def is_ending(self) -> bool:
        """Return whether it is kept only so that the caller can read the last answer."""
        return self._turn == self._linger

    def has_unread(self) -> bool:
        """Return whether something has arrived that no thread has read yet."""
        poller = select.poll()
        poller.register(self.number, select.POLLIN)
        return bool(poller.poll(0))

    def held(self) -> int:
        """Return how many bytes it holds of a request that has not all arrived."""
        return len(self._incoming.data)

    def give_up(self) -> None:
        """Break off an answer that is not read; the thread that takes the connection next closes it."""
        self.given_up = True
        with suppress(OSError):
            # The poller reports it at once.
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        # Else it would hold itself, and only the garbage collector could free it.
        self._turn = _closed
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.close()
        self._loop.open.discard(self)
        self._sock.close()

    # The turns. Each returns the event to wait for, _GO_ON or CLOSED.

    def _shake_hands(self) -> int:
        if not isinstance(self._sock, ssl.SSLSocket):
            assert self._loop.tls is not None
            self._sock = self._loop.tls.wrap_socket(self._sock, server_side=True, do_handshake_on_connect=False)
        try:
            self._sock.do_handshake()
        except ssl.SSLWantReadError:
            return READ
        except ssl.SSLWantWriteError:
            return WRITE
        self._turn = self._receive
        return _GO_ON

    def _receive(self) -> int:
        while not self.is_answering():
            try:
                piece = self._sock.recv(_PIECE)
            except (BlockingIOError, ssl.SSLWantReadError):
                return self._waits_for_more()
            except ssl.SSLWantWriteError:
                return WRITE
            if not piece:
                return self._cut_off()
            if self._is_kept:
                # The time of this call begins.
                self._is_kept = False
                self._wait_anew(self._loop.seconds)
            self._incoming.add(piece)
            self._look()
            if len(piece) < _PIECE and self._loop.tls is None and not self.is_answering():
                return self._waits_for_more()
        return _GO_ON

    def _go_on(self) -> int:
        """Look at what arrived together with the last request."""
        self._turn = self._receive
        self._look()
        return _GO_ON

    def _send(self) -> int:
        exchange = self._exchange
        assert exchange is not None
        while True:
            if self._out:
                try:
                    sent = self._sock.send(self._out)
                except (BlockingIOError, ssl.SSLWantWriteError):
                    return self._waits_for_reader(WRITE)
                except ssl.SSLWantReadError:
                    return self._waits_for_reader(READ)
                self._taken += sent
                self._out = memoryview(self._out)[sent:] if sent < len(self._out) else b""
            elif exchange.outbox:
                self._out = b"".join(exchange.outbox)
                exchange.outbox.clear()
            elif not exchange.write():
                return self._finish(exchange)

    def _linger(self) -> int:
        while True:
            try:
                found = len(self._sock.recv(_PIECE))
            except (BlockingIOError, ssl.SSLWantReadError):
                return READ
            self._unread -= found
            if not found or self._unread <= 0:
                return CLOSED

    # Between the turns.

    def _look(self) -> None:
        """Begin to answer what has arrived, if that is a whole request or one that is refused."""
        try:
            request = self._incoming.take()
        except Exception as error:  # noqa: BLE001 - gunicorn's many, and each has its answer
            self._turn = self._send
            self._exchange = Exchange(self._loop, self.client)
            self._exchange.break_off(error)
            return
        if request is not None:
            self._serve(request)
        elif self._incoming.waits():
            self._sock.send(_CONTINUE)
        elif len(self._incoming.data) > _PIECE:
            self._loop.relieve()

    def _serve(self, request: Request) -> None:
        self._turn = self._send
        # The reader's time begins when it is waited for.
        self._taken = _SPAN
        self._exchange = Exchange(self._loop, self.client)
        self._exchange.serve(request, self._sock, self._place.address)

    def _cut_off(self) -> int:
        """Answer a request of which no more comes, or end."""
        request = self._incoming.cut_off()
        if request is None:
            return CLOSED
        self._serve(request)
        return _GO_ON

    def _waits_for_more(self) -> int:
        return self._cut_off() if time.monotonic() >= self.deadline else READ

    def _waits_for_reader(self, event: int) -> int:
        if self._taken >= _SPAN:
            self._taken = 0
            self._wait_anew(self._loop.seconds)
        return event

    def _wait_anew(self, seconds: float) -> None:
        self.since = time.monotonic()
        self.deadline = self.since + seconds

    def _finish(self, exchange: Exchange) -> int:
        """Go on to the next request, or end the sending and wait for the caller to hang up."""
        exchange.close()
        self._exchange = None
        if exchange.must_close:
            self._incoming.data = b""
            self._sock.shutdown(socket.SHUT_WR)
            if exchange.unread:
                self._unread = exchange.unread
            else:
                self._wait_anew(_LINGERS)
            self._turn = self._linger
            return READ
        if self._incoming.data:
            self._wait_anew(self._loop.seconds)
            self._turn = self._go_on
            # Behind the callers that wait for a thread.
            return WRITE
        self._wait_anew(self._loop.keeps())
        self._is_kept = True
        self._turn = self._receive
        return READ
