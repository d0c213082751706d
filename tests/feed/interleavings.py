"""Every order in which the steps of several transactions can happen on PostgreSQL.

Each transaction has a connection and a thread of its own. One scheduler lets exactly one of them do exactly one step at
a time, and asks the database which transaction waits for which. A step that waits for a lock is done when the lock's
holder has ended, as in life. An order in which a second step begins to wait meanwhile is given up, since the same
happens in the orders in which its step comes later. Every order is run from a clean beginning, and each is run once.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, text

Step = Callable[[], None]
QUICK: Final = 0.005
"""After so many seconds a step that has not ended is suspected of waiting. The database is asked, and its answer
counts.
"""


class ImpossibleError(Exception):
    """This order cannot happen."""


@dataclass
class Actor:
    """One transaction and what it does, step by step."""

    name: str
    connection: Connection
    steps: Sequence[Step]
    thread: ThreadPoolExecutor
    done: int = 0
    running: Future[None] | None = None

    @property
    def is_ready(self) -> bool:
        """Return whether it has a step left and does not wait in the middle of one."""
        return self.running is None and self.done < len(self.steps)

    def start(self) -> None:
        """Begin its next step."""
        self.running = self.thread.submit(self.steps[self.done])

    def finished(self) -> None:
        """Note that the step that was begun has ended. Raises what it raised."""
        assert self.running is not None
        self.running.result()
        self.running = None
        self.done += 1


@dataclass
class Explorer:
    """Run all orders of some actors; ``watch`` is a connection that sees which of them wait."""

    watch: Connection
    orders: int = 0
    given_up: int = 0
    waits: int = 0
    _path: list[list[int]] = field(default_factory=list)

    def explore(self, scene: Callable[[], Sequence[Actor]], look: Callable[[], None]) -> Iterator[str]:
        """Yield every order once, when it has been run; ``scene`` clears everything away and returns the actors,
        ``look`` is called before the first step and after each step but the last.
        """
        while True:
            actors = scene()
            try:
                order = self._run(actors, look)
            except ImpossibleError:
                self.given_up += 1
                self._leave(actors)
            else:
                self.orders += 1
                yield order
            while self._path and self._path[-1][0] + 1 == self._path[-1][1]:
                self._path.pop()
            if not self._path:
                return
            self._path[-1][0] += 1

    def _run(self, actors: Sequence[Actor], look: Callable[[], None]) -> str:
        """Run one order: by the path as far as it goes, then always the first actor that can go on."""
        order: list[str] = []
        while any(actor.done < len(actor.steps) for actor in actors):
            look()
            ready = [actor for actor in actors if actor.is_ready]
            assert ready, f"all wait for each other after {' '.join(order)}"
            if len(order) == len(self._path):
                self._path.append([0, len(ready)])
            chosen, choices = self._path[len(order)]
            assert choices == len(ready), f"the same order did not go the same way: {' '.join(order)}"
            actor = ready[chosen]
            order.append(f"{actor.name}{actor.done + 1}")
            actor.start()
            others = [other for other in actors if other is not actor]
            if not self._has_ended(actor, others):
                self.waits += 1
                if any(other.running for other in others):
                    raise ImpossibleError
            elif actor.done == len(actor.steps):
                for waiting in (other for other in others if other.running):
                    self._has_ended(waiting, [other for other in actors if other is not waiting])
        return " ".join(order)

    def _has_ended(self, actor: Actor, others: Sequence[Actor]) -> bool:
        """Return whether a step that was begun has ended; it has not when the database says that it waits for one of
        the others.
        """
        assert actor.running is not None
        pids = {_pid(other.connection) for other in others}
        while not wait([actor.running], QUICK).done:
            if pids.intersection(self.watch.execute(_BLOCKING, {"pid": _pid(actor.connection)}).scalar_one()):
                return False
        actor.finished()
        return True

    def _leave(self, actors: Sequence[Actor]) -> None:
        """Roll everything back: first the transactions that wait for none, then those that waited."""
        while left := [actor for actor in actors if actor.connection.in_transaction()]:
            for actor in left:
                if actor.running and not wait([actor.running], QUICK).done:
                    continue
                actor.thread.submit(actor.connection.rollback).result()


_BLOCKING: Final = text("SELECT pg_blocking_pids(:pid)")


def _pid(connection: Connection) -> int:
    driver = connection.connection.driver_connection
    assert driver is not None
    return int(driver.info.backend_pid)


@contextmanager
def threads(names: str) -> Iterator[dict[str, ThreadPoolExecutor]]:
    """Yield one thread for each name."""
    pools = {name: ThreadPoolExecutor(1) for name in names}
    try:
        yield pools
    finally:
        for pool in pools.values():
            pool.shutdown()
