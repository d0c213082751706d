"""Call keys: an accepted report is stored once, however often it is sent (contract 2)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, select

from udb.call import Call
from udb.clock import danish, system_time
from udb.haendelse import Indberetning
from udb.receipt import Receipt
from udb.store.tables import call_key


def content_hash(report: Indberetning) -> str:
    """A fingerprint of a report's values; white space and the way a value is written do not count.

    What a report does not say is left out, so that a key kept by an earlier version, which knew fewer fields, fits.
    """
    said = {name: value for name, value in asdict(report).items() if value not in (None, ())}
    canonical = json.dumps(said, default=_instant, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _instant(value: object) -> str:
    assert isinstance(value, datetime), "a report holds no other value that JSON does not know"
    return danish(value).astimezone(UTC).isoformat()


def kept(connection: Connection, call: Call) -> tuple[str, Receipt] | None:
    """The fingerprint and receipt of the accepted report that came under a call's key."""
    row = connection.execute(select(call_key.c.content_hash, call_key.c.receipt).where(_key(call))).one_or_none()
    return (row.content_hash, Receipt.from_json(row.receipt)) if row else None


def keep(connection: Connection, call: Call, fingerprint: str, receipt: Receipt) -> None:
    """Keep an accepted report's receipt. Raises IntegrityError when another call was faster under the same key."""
    connection.execute(
        insert(call_key).values(
            **_key_values(call), content_hash=fingerprint, receipt=receipt.to_json(), created=system_time()
        )
    )


def _key_values(call: Call) -> Mapping[str, Any]:
    return {
        "system_id": call.system_id,
        "operation": call.operation,
        "institution_nummer": call.institution_nummer,
        "transaction_id": call.transaction_id,
    }


def _key(call: Call) -> ColumnElement[bool]:
    return and_(*(call_key.c[name] == value for name, value in _key_values(call).items()))
