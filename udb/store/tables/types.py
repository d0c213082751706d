"""Column types that both databases share."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator

from udb.domain.clock import danish

Key = BigInteger().with_variant(Integer(), "sqlite")
"""A number the database draws itself; SQLite does so only for INTEGER."""


class Instant(TypeDecorator[datetime]):
    """An instant: stored in UTC without offset, given with Danish offset."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware instant to UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC to Danish time."""
        return None if value is None else danish(value.replace(tzinfo=UTC))
