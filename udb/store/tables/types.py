"""Column types that both databases share."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator

from udb.domain.clock import danish

Key = BigInteger().with_variant(Integer(), "sqlite")
"""An integer key that the database can generate; SQLite generates only INTEGER keys."""


class Instant(TypeDecorator[datetime]):
    """An instant: stored in UTC without offset, read back with Danish offset."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an instant with an offset to UTC without one."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert a stored instant to Danish time, with its offset."""
        return None if value is None else danish(value.replace(tzinfo=UTC))
