"""What every use case is given: the database, the code sets and the settings."""

from dataclasses import dataclass

from sqlalchemy import Engine

from udb.settings import Settings
from udb.store.codes import CodeCache


@dataclass(frozen=True, slots=True)
class House:
    """One per worker process."""

    engine: Engine
    settings: Settings
    codes: CodeCache
