"""gunicorn's threaded worker with a deadline for receiving a request and a shutdown that drains the backlog.

A connection takes a thread when its first byte arrives. From then on the whole call must arrive before the deadline, in
any number of pieces; gunicorn itself would wait for ever, and a few slow callers would occupy every thread. The
accepting thread does not wait for callers who do not hang up. A worker that stops first accepts the connections in the
backlog of its socket, which would otherwise never be answered.
"""

import errno
import selectors
import socket
import time
from collections import deque
from functools import partial
from typing import Any, Final

from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import TConn, ThreadWorker

_SPOKEN: Final = (1, 1)
_NOT_READY: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED})
_LINGERS: Final = 2.0
"""For how many seconds an answered connection is kept, unless the caller hangs up: closing it with unread bytes in it
would reset it, and the caller could lose the answer."""
_MOST_UNREAD: Final = 256 * 1024
_PIECE: Final = 16 * 1024


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection with a time limit: a call must arrive, and each piece of an answer be read, within ``seconds``."""

    def __init__(self, *parts: Any, seconds: float, linger: "Linger") -> None:
        """``parts``: gunicorn's own arguments; ``linger``: the connections that wait to be closed."""
        super().__init__(*parts)
        self._seconds = seconds
        self._linger = linger

    def init(self) -> None:
        """Set the deadline for a call that begins to arrive, also for later calls of the same connection."""
        is_new = not self.initialized
        super().init()
        if is_new:
            self._chunk = self.parser.unreader.chunk
            self.parser.unreader.chunk = self._chunk_in_time
        self._end = time.monotonic() + self._seconds
        # For writing: gunicorn sends an answer in pieces, and each must be accepted within this time.
        self.sock.settimeout(self._seconds)

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 - gunicorn's own
        """Close the connection; ``graceful``: only after the caller has had time to read its answer."""
        if graceful:
            self._linger.add(self.sock)
        else:
            super().close()

    def _chunk_in_time(self, *size: Any) -> Any:
        left = self._end - time.monotonic()
        if left <= 0:
            raise NoMoreData
        self.sock.settimeout(left)
        try:
            return self._chunk(*size)
        except TimeoutError:
            raise NoMoreData from None
        finally:
            self.sock.settimeout(self._seconds)


class Linger:
    """Connections whose answers have been sent; each is closed when the caller hangs up, or its time is over."""

    def __init__(self, poller: selectors.BaseSelector) -> None:
        self._poller = poller
        self._until: deque[tuple[float, socket.socket]] = deque()
        self._unread: dict[socket.socket, int] = {}

    def add(self, client: socket.socket) -> None:
        """End sending on a connection, and keep it so that the caller can read what has been sent."""
        try:
            client.shutdown(socket.SHUT_WR)
            client.settimeout(0)
        except OSError:
            client.close()
            return
        self._until.append((time.monotonic() + _LINGERS, client))
        self._unread[client] = _MOST_UNREAD
        self._poller.register(client, selectors.EVENT_READ, partial(self._read, client))

    def end(self, *, all_of_them: bool = False) -> None:
        """Close the connections whose time is over, or all of them."""
        while self._until and (all_of_them or self._until[0][0] <= time.monotonic()):
            self._close(self._until.popleft()[1])

    def _read(self, client: socket.socket, _ready: Any) -> None:
        try:
            found = len(client.recv(_PIECE))
        except OSError as error:
            if error.errno in _NOT_READY:
                return
            found = 0
        self._unread[client] -= found
        if not found or self._unread[client] <= 0:
            self._close(client)

    def _close(self, client: socket.socket) -> None:
        if self._unread.pop(client, None) is not None:
            self._poller.unregister(client)
            client.close()


class Listener(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's threaded worker as ``udb serve`` uses it; ``within`` makes a class of it with ``seconds`` set."""

    seconds: float

    def accept(self, listener: Any) -> None:
        """Accept a connection; it takes no thread before its first byte."""
        self._accept(listener)

    def run(self) -> None:
        """Run gunicorn's loop; ended connections wait in a ``Linger`` for the caller to hang up."""
        self._linger = Linger(self.poller)
        super().run()

    def murder_pending(self) -> None:
        """Close what is overdue; gunicorn calls this in every round of its loop."""
        super().murder_pending()
        self._linger.end()

    def murder_keepalived(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - gunicorn's own
        """Close expired kept-alive connections. ``force``: close all; the worker is about to close the poller."""
        super().murder_keepalived(force)
        if force:
            self._linger.end(all_of_them=True)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request; a later minor version than 1.1 as 1.1, which is what this server speaks (RFC 9112, 2.3)."""
        req.version = min(req.version, _SPOKEN)
        return super().handle_request(req, conn)

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - gunicorn's own
        """Start or stop accepting. A stopping worker accepts the backlog first, then refuses later callers."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                while self._accept(listener):
                    pass
                listener.close()

    def _cap_keepalive(self, deadline: float) -> None:
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def _accept(self, listener: Any) -> bool:
        """Accept one connection and return True; return False if none is waiting."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _NOT_READY:
                return False
            raise
        self.nr_conns += 1
        own = listener.getsockname()
        conn = Connection(self.cfg, client, address, own, seconds=self.seconds, linger=self._linger)
        conn.timeout = time.monotonic() + self.seconds
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))
        return True


def within(seconds: float) -> type[Listener]:
    """Return a worker class whose callers have so many seconds to send a call."""
    return type("Listener", (Listener,), {"seconds": seconds})
