"""Call keys: an accepted report is stored once, however often it is sent (contract 2)."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from udb.call import Call
from udb.clock import danish, system_time
from udb.haendelse import Indberetning
from udb.receipt import Receipt
from udb.store.prepared import Prepared, parameter
from udb.store.tables import call_key


def content_hash(report: Indberetning) -> str:
    """A fingerprint of a report's values; white space and the way a value is written do not count.

    What a report does not say is left out, so that a key kept by an earlier version, which knew fewer fields, fits.
    """
    said = {name: value for name in report.__dataclass_fields__ if (value := getattr(report, name)) not in (None, ())}
    canonical = json.dumps(said, default=_instant, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _instant(value: object) -> str:
    assert isinstance(value, datetime), "a report holds no other value that JSON does not know"
    return danish(value).astimezone(UTC).isoformat()


def kept(connection: Connection, call: Call) -> tuple[str, Receipt] | None:
    """The fingerprint and receipt of the accepted report that came under a call's key."""
    rows = _KEPT.rows(connection, **_key(call))
    return (rows[0][0], Receipt.from_json(rows[0][1])) if rows else None


def keep(connection: Connection, call: Call, fingerprint: str, receipt: Receipt) -> None:
    """Keep an accepted report's receipt. Raises IntegrityError when another call was faster under the same key."""
    _KEEP.run(connection, **_key(call), content_hash=fingerprint, receipt=receipt.to_json(), created=system_time())


def _key(call: Call) -> dict[str, str]:
    return {name: getattr(call, name) for name in _KEY}


_KEY: Final = ("system_id", "operation", "institution_nummer", "transaction_id")
_KEPT: Final = Prepared(
    lambda _: select(call_key.c.content_hash, call_key.c.receipt).where(
        *(call_key.c[name] == parameter(name) for name in _KEY)
    )
)
_KEEP: Final = Prepared(
    lambda _: insert(call_key).values({column.name: parameter(column.name) for column in call_key.columns})
)
