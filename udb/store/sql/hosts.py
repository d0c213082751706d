"""Choose among the hosts of a database: the one that was last used first, one that was given up last.

libpq asks them in the order of the address, and one that takes connections and says nothing costs each new connection
its time-out.
"""

import os
import threading
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from psycopg.errors import ConnectionTimeout
from sqlalchemy import URL, Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from udb.database_url import Host, hosts_of, parameters_of

CONNECT_SECONDS: Final = 3
"""For how long one of several hosts is asked for a connection, and any that has fallen silent whether it answers."""
_DEFAULT_PORT: Final = "5432"
_MADE: Final = "udb_made"
"""The key, in a connection's ``info``, of how many hosts had been given up when it was made."""


class Hosts:
    """The hosts of one engine, in the order in which they are asked."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        """``parameters``: those of a connection."""
        port = os.environ.get("PGPORT", _DEFAULT_PORT)
        self._parameters = parameters
        self._order = tuple(Host(one.host, one.port or port) for one in hosts_of(parameters))
        self._lock = threading.Lock()
        self._given_up = 0

    @property
    def are_several(self) -> bool:
        """Whether there is another host to ask."""
        return len(self._order) > 1

    def in_order(self) -> tuple[Host, ...]:
        """Return the hosts in the order in which they are asked."""
        return self._order

    def prefer(self, host: Host) -> None:
        """Ask this host first from now on."""
        if self._order[0] != host:
            with self._lock:
                self._order = tuple(sorted(self._order, key=lambda other: other != host))

    def put_last(self, host: Host) -> None:
        """Ask this host last from now on."""
        with self._lock:
            self._order = tuple(sorted(self._order, key=lambda other: other == host))

    def give_up(self, host: Host) -> None:
        """Ask this host last, and use none of the engine's connections again that are idle now."""
        self.put_last(host)
        with self._lock:
            self._given_up += 1

    def made(self, _driver: Any, entry: ConnectionPoolEntry) -> None:
        """Note when a connection was made."""
        entry.info[_MADE] = self._given_up

    def refuse_older(self, _driver: Any, entry: ConnectionPoolEntry, _proxy: Any) -> None:
        """Raise InvalidatePoolError for a connection that was made before a host was given up."""
        if entry.info[_MADE] != self._given_up:
            raise InvalidatePoolError

    def is_silent(self, host: Host) -> bool:
        """Return whether a host lets a new connection wait in vain. One that refuses it, or another answer, is none."""
        asked = {"connect_timeout": CONNECT_SECONDS, "target_session_attrs": "any"}
        try:
            psycopg.connect(**{**self._parameters, **parameters_of([host]), **asked}).close()
        except ConnectionTimeout:
            return True
        except psycopg.Error:
            return False
        return False


_HOSTS: Final[WeakKeyDictionary[Engine, Hosts]] = WeakKeyDictionary()


def connect_args(url: URL, ventetid: int, session: str) -> dict[str, Any]:
    """Return how long each host of an address is asked for a connection, and for which kind of session.

    ``session``: the kind for an address of several hosts that names none. One host alone is what it is.
    """
    _, parameters = url.get_dialect()().create_connect_args(url)
    if len(hosts_of(parameters)) == 1:
        return {"connect_timeout": ventetid}
    wanted = parameters.get("target_session_attrs", session)
    return {"connect_timeout": min(ventetid, CONNECT_SECONDS), "target_session_attrs": wanted}


def choose(engine: Engine, given: dict[str, Any]) -> None:
    """Let an engine's new connections ask the hosts in their order. ``given``: parameters beside the address's."""
    _, found = engine.dialect.create_connect_args(engine.url)
    hosts = _HOSTS[engine] = Hosts({**found, **given})
    event.listen(engine, "connect", hosts.made)
    event.listen(engine, "checkout", hosts.refuse_older)
    if not hosts.are_several:
        return

    def ask(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        parameters.update(parameters_of(hosts.in_order()))

    event.listen(engine, "do_connect", ask)
    event.listen(engine, "connect", lambda driver, _record: hosts.prefer(host_of(driver)))


def of(engine: Engine) -> Hosts:
    """Return the hosts of an engine on PostgreSQL."""
    return _HOSTS[engine]


def host_of(driver: Any) -> Host:
    """Return the host that a driver's connection reaches."""
    return Host(driver.pgconn.host.decode(), driver.pgconn.port.decode())
