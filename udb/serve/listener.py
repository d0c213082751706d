"""gunicorn's threaded worker with a deadline for receiving a request and a shutdown that drains the backlog.

A thread begins with a caller at the first byte. From then on the whole call must arrive in time, in however many
pieces; gunicorn itself would wait for ever, and a few slow callers would take every thread. The accepting thread does
not wait for callers who do not hang up. A worker that stops first takes the calls in the queue of its address, which
would otherwise never be answered.
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

_NOBODY_THERE: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED})
_LINGERS: Final = 2.0
"""For how many seconds an answered caller's connection is kept until it hangs up: closed earlier, with something unread
in it, it could take the answer away."""
_MOST_UNREAD: Final = 256 * 1024
_PIECE: Final = 16 * 1024


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A caller's connection whose every call must arrive within so many seconds, and whose caller must read on."""

    def __init__(self, *parts: Any, seconds: float, linger: "Linger") -> None:
        """``parts``: as gunicorn has them."""
        super().__init__(*parts)
        self._seconds = seconds
        self._linger = linger

    def init(self) -> None:
        """Set the deadline of a call that begins to arrive, also of a later one of the same connection."""
        is_new = not self.initialized
        super().init()
        if is_new:
            self._chunk = self.parser.unreader.chunk
            self.parser.unreader.chunk = self._chunk_in_time
        self._end = time.monotonic() + self._seconds
        # For writing: gunicorn hands over piece by piece, and each must be taken in this time.
        self.sock.settimeout(self._seconds)

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 - gunicorn's own
        """``graceful``: the caller has an answer to read."""
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
    """Connections with nothing left to say, until the other end hangs up or has had its time."""

    def __init__(self, poller: selectors.BaseSelector) -> None:
        self._poller = poller
        self._until: deque[tuple[float, socket.socket]] = deque()
        self._unread: dict[socket.socket, int] = {}

    def add(self, client: socket.socket) -> None:
        """Hang up on a caller, who may still read what it was sent."""
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
        """Close those whose time is up."""
        while self._until and (all_of_them or self._until[0][0] <= time.monotonic()):
            self._close(self._until.popleft()[1])

    def _read(self, client: socket.socket, _ready: Any) -> None:
        try:
            found = len(client.recv(_PIECE))
        except OSError as error:
            if error.errno in _NOBODY_THERE:
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
    """The worker class of ``udb serve``; ``within`` makes it."""

    seconds: float

    def accept(self, listener: Any) -> None:
        """Take a caller in; who says nothing keeps no thread."""
        self._accept(listener)

    def run(self) -> None:
        """Gunicorn's loop, with its connections on our terms."""
        self._linger = Linger(self.poller)
        super().run()

    def murder_pending(self) -> None:
        """Run once in every round of the loop."""
        super().murder_pending()
        self._linger.end()

    def murder_keepalived(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - gunicorn's own
        """``force``: the worker's last act before it closes the poller."""
        super().murder_keepalived(force)
        if force:
            self._linger.end(all_of_them=True)

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - gunicorn's own
        """Take the callers in the queue and close it, when the worker stops; later callers are refused at once."""
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
        """Return whether a caller was there."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _NOBODY_THERE:
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
