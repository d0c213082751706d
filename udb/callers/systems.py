"""Leverandørsystemer and their keys (contract 7).

A key is stored as SHA-256 over a salt and the key. That is enough because a key is 32 random bytes: 2^256 keys cannot
be tried, however fast one try is. A slow function (scrypt) would protect keys that people make up; here it would make
every call expensive and give strangers a cheap way to waste our time. Keys are for the sandbox, where a chosen key is
allowed too; production requires certificates.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert, select, update

from udb.domain.clock import system_time
from udb.domain.errors import UdbRefused, UnknownName, WrongUse
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import system

SHORTEST_KEY: Final = 16
WEB: Final = "udb-web"
"""The system under which people report by hand on the portal (V 1.5). It has no key and no certificate, so no SOAP call
can be its.
"""
_WEB_NAME: Final = "Indberetning i browseren"
_RANDOM_BYTES: Final = 32
# A colon ends the id in HTTP Basic.
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class System:
    """One system, without its key, which cannot be recovered."""

    id: str
    navn: str
    spaerret: bool
    oprettet: datetime


def create(connection: Connection, system_id: str, navn: str, key: str | None = None) -> str:
    """Add a system and return its key: ``key``, or a random one. Raises WrongUse, UdbRefused."""
    if not _ID.fullmatch(system_id):
        raise WrongUse("A system's id is 1 to 100 letters (a-z), digits, dots, hyphens and underscores.")
    if system_id == WEB:
        raise UdbRefused(f"{WEB} is the portal's own system. It has no key.")
    key = secrets.token_urlsafe(_RANDOM_BYTES) if key is None else key
    if len(key) < SHORTEST_KEY or not key.isascii() or not key.isprintable():
        raise WrongUse(f"A key has at least {SHORTEST_KEY} characters, all of them printable ASCII.")
    if connection.execute(select(system.c.id).where(system.c.id == system_id)).first():
        raise UdbRefused(f"There is already a system {system_id}.")
    connection.execute(insert(system), [row(system_id, navn, key)])
    return key


def row(system_id: str, navn: str, key: str, salt: str | None = None) -> dict[str, Any]:
    """Return a system as it is stored; ``salt`` is random unless given."""
    salt = secrets.token_hex(16) if salt is None else salt
    return {
        "id": system_id,
        "navn": navn,
        "noegle_salt": salt,
        "noegle_hash": key_hash(salt, key),
        "spaerret": False,
        "oprettet": system_time(),
    }


def web_row() -> dict[str, Any]:
    """Return the portal's own system as it is stored: with a hash that no key has."""
    return {
        "id": WEB,
        "navn": _WEB_NAME,
        "noegle_salt": "",
        "noegle_hash": "",
        "spaerret": False,
        "oprettet": system_time(),
    }


def make_web(connection: Connection) -> None:
    """Add the portal's own system unless it is there."""
    if not connection.execute(select(system.c.id).where(system.c.id == WEB)).first():
        connection.execute(insert(system), [web_row()])


def key_hash(salt: str, key: str) -> str:
    """Return the hash of a key as it is stored."""
    return hashlib.sha256(f"{salt}:{key}".encode()).hexdigest()


def verify(database: Connection | Engine, system_id: str, key: str) -> bool:
    """Return whether the key is that of a system that is not blocked.

    An unknown system takes as long as a known one.
    """
    found = _KEY.rows(database, system_id=system_id)
    salt, stored, blocked = found[0] if found else ("0" * 32, "0" * 64, True)
    return hmac.compare_digest(key_hash(salt, key), stored) and not blocked


_KEY: Final = Prepared(
    lambda _: select(system.c.noegle_salt, system.c.noegle_hash, system.c.spaerret).where(
        system.c.id == parameter("system_id")
    )
)


def require(connection: Connection, system_id: str) -> None:
    """Raise UdbRefused unless there is a system of that id."""
    if not connection.execute(select(system.c.id).where(system.c.id == system_id)).first():
        raise UnknownName(f"There is no system {system_id}. See: udb system list")


def listed(connection: Connection) -> Sequence[System]:
    """Return every system, by id."""
    query = select(system.c.id, system.c.navn, system.c.spaerret, system.c.oprettet).order_by(system.c.id)
    return [System(*found) for found in connection.execute(query)]


def block(connection: Connection, system_id: str) -> None:
    """Block a system from calling. Raises UdbRefused when there is none of that id."""
    if not connection.execute(update(system).where(system.c.id == system_id).values(spaerret=True)).rowcount:
        raise UnknownName(f"There is no system {system_id}. See: udb system list")
