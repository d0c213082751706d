"""The context of every use case: the database, the code sets and the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from udb.callers import certificates, replay
from udb.callers.authentication import authenticate
from udb.callers.certificates import Registered
from udb.callers.rate import Gate
from udb.domain.call import Caller
from udb.domain.errors import ClockDisagrees, DatabaseUnavailable
from udb.settings import Settings
from udb.store import clocks, guard
from udb.store.codes import CodeCache
from udb.store.engine import reading, unavailable, writing
from udb.store.writable import require_writable


@dataclass(frozen=True, slots=True)
class Context:
    """The context of one worker process."""

    engine: Engine
    settings: Settings
    codes: CodeCache = field(default_factory=CodeCache)
    gate: Gate | None = None
    """The rate limit of the systems' calls; None: no limit."""
    refused: Gate | None = None
    """The limit on a system's reports that are refused with 1002-1006; None: no limit."""

    def authenticate(self, environ: Mapping[str, Any]) -> Caller:
        """Return the system that sent the call of a WSGI environ. Raises NotAuthenticated, DatabaseUnavailable."""
        with unavailable():
            return authenticate(self.engine, environ, sandbox=self.settings.sandbox, proxies=self.settings.proxyer)

    def certificate(self, fingerprint: str) -> Registered | None:
        """Return the registered certificate with that fingerprint, or None. Raises DatabaseUnavailable."""
        with reading(self.engine) as connection:
            return certificates.find(connection, fingerprint)

    def first_use(self, fingerprint: str, signature: bytes, expires: datetime) -> bool:
        """Store a signature for all workers; return False if it was used before. Raises DatabaseUnavailable."""
        with writing(self.engine) as connection:
            return replay.first_use(connection, fingerprint, signature, expires, limit=self.settings.ur_afvigelse)

    def count_call(self, system_id: str) -> None:
        """Count a system's call. Raises TooManyCalls above the rate limit."""
        if self.gate is not None:
            self.gate.take(system_id)

    def require_ready(self) -> None:
        """Raise DatabaseUnavailable or ClockDisagrees when calls would not be answered: the database is out of reach,
        takes no writes or lacks what was acknowledged, or this host's clock cannot be trusted.
        """
        require_writable(self.engine)
        guard.require_now(self.engine)
        if not self.settings.sandbox:
            clocks.require_in(self.engine, self.settings.ur_afvigelse)

    def require_room(self, system_id: str) -> None:
        """Raise TooManyRefused when too many of a system's reports were refused with 1002-1006."""
        if self.refused is not None:
            self.refused.require_room(system_id)

    def count_refused(self, system_id: str) -> bool:
        """Count a report of a system that was refused with 1002-1006; return whether the limit is reached with it."""
        return self.refused is not None and self.refused.note(system_id)

    def ping(self) -> bool:
        """Return whether calls would be answered, as far as it is known."""
        try:
            self.require_ready()
        except (DatabaseUnavailable, ClockDisagrees):
            return False
        return True
