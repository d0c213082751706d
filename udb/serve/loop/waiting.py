"""The connections that no thread has: each waits on the epoll that all threads of a worker wait on."""

import select
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from udb.serve.loop.connection import Connection

READ: Final = select.EPOLLIN | select.EPOLLONESHOT
WRITE: Final = select.EPOLLOUT | select.EPOLLONESHOT
"""Events that a connection waits for, each once."""


class Waiting:
    """Connections by file number. A thread that takes one has it alone until it puts it back."""

    def __init__(self, poller: select.epoll) -> None:
        self._poller = poller
        self._by_number: dict[int, Connection] = {}

    def add(self, connection: "Connection") -> None:
        """Wait for the first bytes of a new connection."""
        self._by_number[connection.number] = connection
        self._poller.register(connection.number, READ)

    def put_back(self, connection: "Connection", event: int) -> None:
        """Wait for an event of a connection that was taken."""
        self._by_number[connection.number] = connection
        try:
            self._poller.modify(connection.number, event)
        except OSError:
            # Closed in this moment by the thread that watches the time.
            return

    def take(self, number: int) -> "Connection | None":
        """Take a connection; None: it has been closed, or another thread has it."""
        # One operation of the interpreter, so of several threads one alone takes it.
        return self._by_number.pop(number, None)

    def all(self) -> list["Connection"]:
        """Return the connections that wait at this moment."""
        return list(self._by_number.values())

    def is_taken(self, connection: "Connection") -> bool:
        """Take a connection if it still waits; return whether it did."""
        if self._by_number.get(connection.number) is not connection:
            return False
        found = self._by_number.pop(connection.number, None)
        if found is not None and found is not connection:
            # Its number became another's in this moment, which looks for itself what it waits for.
            self.put_back(found, WRITE)
        return found is connection
