"""What every use case is given: the database, the code sets and the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, text

from udb.adgang import basic
from udb.adgang.rate import Gate
from udb.errors import DatabaseUnavailable, NotAuthenticated
from udb.settings import Settings
from udb.store.codes import CodeCache
from udb.store.engine import reading


@dataclass(frozen=True, slots=True)
class House:
    """One per worker process."""

    engine: Engine
    settings: Settings
    codes: CodeCache = field(default_factory=CodeCache)
    gate: Gate | None = None
    """What counts the systems' calls; None: nobody does."""

    def authenticate(self, environ: Mapping[str, Any]) -> str:
        """The calling system's id, from a WSGI environ.

        HTTP Basic counts in the sandbox only (contract 7). Raises NotAuthenticated, DatabaseUnavailable.
        """
        header = environ.get("HTTP_AUTHORIZATION")
        if not self.settings.sandbox:
            raise NotAuthenticated(credentials_sent=bool(header))
        with reading(self.engine) as connection:
            return basic.authenticate(connection, header)

    def count_call(self, system_id: str) -> None:
        """Count a system's call. Raises TooManyCalls."""
        if self.gate is not None:
            self.gate.take(system_id)

    def ping(self) -> bool:
        """Whether the database can be reached."""
        try:
            with reading(self.engine) as connection:
                connection.execute(text("SELECT 1"))
        except DatabaseUnavailable:
            return False
        return True
