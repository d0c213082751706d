"""The certificates of the systems: several each, so that a new one is ready before the old one ends (contract 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, func, insert, select, update

from udb.callers import systems
from udb.callers.x509 import Certificate
from udb.domain.clock import system_time
from udb.domain.errors import FileUnusable, UdbRefused, UnknownName
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import certifikat, system

_SHORTEST_START: Final = 8
"""The fewest characters of a fingerprint that name a certificate, if it is the only one."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered certificate of a system.

    ``blocked``: when the certificate was blocked. ``system_blocked``: whether the system is, with all its certificates.
    """

    fingerprint: str
    system_id: str
    subject: str
    valid_from: datetime
    valid_to: datetime
    blocked: datetime | None
    system_blocked: bool

    def days_left(self, now: datetime) -> int:
        """Return the whole days until it ends; negative when it has ended."""
        return (self.valid_to - now) // timedelta(days=1)


_QUERY: Final = select(
    certifikat.c.fingeraftryk,
    certifikat.c.system_id,
    certifikat.c.subjekt,
    certifikat.c.gyldig_fra,
    certifikat.c.gyldig_til,
    certifikat.c.spaerret,
    system.c.spaerret,
).join(system)


def register(connection: Connection, system_id: str, found: Certificate) -> None:
    """Let a system call with a certificate. Raises UdbRefused: no such system, known already, ended."""
    systems.require(connection, system_id)
    if system_id == systems.WEB:
        raise UdbRefused(f"{systems.WEB} is the portal's own system. It has no certificate.")
    known = find(connection, found.fingerprint)
    if known is not None:
        raise UdbRefused(f"This certificate is registered already, to the system {known.system_id}.")
    now = system_time()
    if found.valid_to <= now:
        raise FileUnusable(f"This certificate ended on {found.valid_to:%Y-%m-%d}.")
    connection.execute(
        insert(certifikat).values(
            fingeraftryk=found.fingerprint,
            system_id=system_id,
            subjekt=found.subject,
            gyldig_fra=found.valid_from,
            gyldig_til=found.valid_to,
            oprettet=now,
        )
    )


def find(database: Connection | Engine, fingerprint: str) -> Registered | None:
    """Return the registered certificate of that fingerprint, whatever its state."""
    rows = _FIND.rows(database, fingerprint=fingerprint)
    return Registered(*rows[0]) if rows else None


_FIND: Final = Prepared(lambda _: _QUERY.where(certifikat.c.fingeraftryk == parameter("fingerprint")))


def listed(connection: Connection, system_id: str | None = None) -> Sequence[Registered]:
    """Return every certificate, or those of one system; of each system the one that ends last comes last."""
    query = _QUERY.order_by(certifikat.c.system_id, certifikat.c.gyldig_til, certifikat.c.fingeraftryk)
    if system_id is not None:
        query = query.where(certifikat.c.system_id == system_id)
    return [Registered(*row) for row in connection.execute(query)]


def block(connection: Connection, start: str) -> str:
    """Block a certificate and return its fingerprint. ``start``: how the fingerprint begins.

    Raises UdbRefused when there is none, or more than one.
    """
    # Not LIKE: a percent sign would match anything.
    begins = func.substr(certifikat.c.fingeraftryk, 1, len(start)) == start.lower()
    found = connection.execute(select(certifikat.c.fingeraftryk).where(begins)).scalars().all()
    if len(start) < _SHORTEST_START or len(found) != 1:
        raise UnknownName(
            f"There is not exactly one certificate whose fingerprint begins with these {len(start)} characters "
            f"(at least {_SHORTEST_START}). See: udb system certificate list"
        )
    whole = str(found[0])
    same = certifikat.c.fingeraftryk == whole
    connection.execute(update(certifikat).where(same, certifikat.c.spaerret.is_(None)).values(spaerret=system_time()))
    return whole


def ending(connection: Connection, now: datetime, within: timedelta) -> Sequence[Registered]:
    """Return the last certificate of each system that may call, if it ends ``within`` that time after ``now``.

    No later certificate takes over from these. One that has already ended counts too.
    """
    last: dict[str, Registered] = {}
    for found in listed(connection):
        if found.blocked is None and not found.system_blocked:
            last[found.system_id] = found
    return [found for found in last.values() if found.valid_to - now <= within]
