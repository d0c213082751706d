"""The hashes of the read log: of a row, of a note of removal, of many of these, of a block (docs/laeselog.md)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import RowMapping

from udb.store.tables.log import read_log, read_log_block, read_log_removed

BEFORE_THE_FIRST: Final = ""
"""The hash of the previous block in the first block."""
_NOTE: Final = tuple(column.name for column in read_log_removed.columns)
_ROW: Final = tuple(column.name for column in read_log.columns)
_BLOCK: Final = tuple(column.name for column in read_log_block.columns if column is not read_log_block.c.hash)


def row_hash(row: RowMapping) -> str:
    """Return the hash of a row of ``read_log``.

    Empty columns do not count, so that a later column changes no old hash. The same holds for blocks.
    """
    return _hash(row, _ROW)


def note_hash(note: RowMapping) -> str:
    """Return the hash of a row of ``read_log_removed``."""
    return _hash(note, _NOTE)


def joint_hash(hashes: Iterable[str]) -> str:
    """Return the hash over the hashes of a block's rows, in id order, or of its notes, in the order of their blocks."""
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def block_hash(block: Mapping[str, Any] | RowMapping) -> str:
    """Return the hash of a row of ``read_log_block``, whose own hash is left out."""
    return _hash(block, _BLOCK)


def _hash(row: Mapping[str, Any] | RowMapping, names: Iterable[str]) -> str:
    values = {name: row[name] for name in names if row[name] is not None}
    text = json.dumps(values, default=_instant, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _instant(value: object) -> str:
    assert isinstance(value, datetime), "the read log holds no other value that JSON does not know"
    return value.astimezone(UTC).isoformat(timespec="microseconds")
