"""The hashes of the read log: of a row, of a block's rows, of a block (docs/laeselog.md)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import RowMapping

from udb.store.tables.log import read_log, read_log_block

BEFORE_THE_FIRST: Final = ""
"""The hash of the previous block in the first block."""
_ROW: Final = tuple(column.name for column in read_log.columns)
_BLOCK: Final = tuple(column.name for column in read_log_block.columns if column is not read_log_block.c.hash)


def row_hash(row: RowMapping) -> str:
    """Return the hash of a row of ``read_log``.

    Empty columns do not count, so that a later column changes no old hash.
    """
    return _hash({name: row[name] for name in _ROW if row[name] is not None})


def rows_hash(hashes: Iterable[str]) -> str:
    """Return the hash over the hashes of a block's rows, in id order."""
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def block_hash(block: Mapping[str, Any] | RowMapping) -> str:
    """Return the hash of a row of ``read_log_block``, whose own hash is left out."""
    return _hash({name: block[name] for name in _BLOCK})


def _hash(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, default=_instant, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _instant(value: object) -> str:
    assert isinstance(value, datetime), "the read log holds no other value that JSON does not know"
    return value.astimezone(UTC).isoformat(timespec="microseconds")
