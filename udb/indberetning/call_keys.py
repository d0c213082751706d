"""Call keys: an accepted report is stored once, however often it is sent (contract 2)."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final

from udb.domain.call import Call
from udb.domain.clock import danish, system_time
from udb.domain.haendelse import Indberetning
from udb.domain.receipt import Receipt
from udb.store.sql.together import Kind, Row
from udb.store.tables import call_key


def content_hash(report: Indberetning) -> str:
    """Return a fingerprint of a report's values (SHA-256, hexadecimal).

    White space and the way a value is written do not count.
    """
    names, values = _fields(type(report))  # type: ignore[arg-type]  # every class can be a key
    # Without empty fields: a key kept by an earlier version, which knew fewer fields, still fits.
    said = {name: value for name, value in zip(names, values(report), strict=True) if value not in _UNSAID}
    canonical = _CANONICAL.encode(said)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _instant(value: object) -> str:
    assert isinstance(value, datetime), "a report holds no other value that JSON does not know"
    return danish(value).astimezone(UTC).isoformat()


@cache
def _fields(kind: Any) -> tuple[tuple[str, ...], Callable[[Indberetning], tuple[Any, ...]]]:
    names = tuple(kind.__dataclass_fields__)
    return names, attrgetter(*names)


_UNSAID: Final = (None, ())
_CANONICAL: Final = json.JSONEncoder(default=_instant, sort_keys=True, ensure_ascii=False)


def row(call: Call, fingerprint: str, receipt: Receipt) -> Row:
    """Return the row that keeps an accepted report's receipt.

    Adding it raises IntegrityError when another call was faster under the same key.
    """
    return _KEPT, (*_key(call), fingerprint, receipt.to_json(), system_time())


def of(call: Call) -> dict[str, str]:
    """Return a call's key."""
    return dict(zip(KEY, _key(call), strict=True))


KEY: Final = ("system_id", "operation", "institution_nummer", "transaction_id")
_key: Final = attrgetter(*KEY)
_KEPT: Final = Kind(call_key, (*KEY, "content_hash", "receipt", "created"), numbered=("receipt",))
