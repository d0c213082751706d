"""Repeated fetches without criterion under the same key (contract 2): the same page again, or 8004."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from udb.domain.call import Call
from udb.domain.clock import system_time
from udb.hentning.feed import Page
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import feed_position, fetch_key


@dataclass(frozen=True, slots=True)
class KeptPage:
    """The page a call was answered with: its events' numbers, whether more waited, the highest number returned."""

    numre: frozenset[str]
    flere: bool
    hoejeste: str | None


def kept_page(connection: Connection, call: Call, life: timedelta) -> KeptPage | None:
    """Return the page given under this key, if the system's latest such call had it and it is younger than ``life``."""
    transaction_id, numre, flere, hoejeste, answered = _KEPT.rows(connection, **_recipient(call))[0]
    if transaction_id != call.transaction_id or system_time() - answered >= life:
        return None
    return KeptPage(frozenset(numre), flere, hoejeste)


def is_used(connection: Connection, call: Call) -> bool:
    """Return whether the key was used for any fetch without criterion before."""
    return bool(_USED.rows(connection, **_recipient(call), transaction_id_=call.transaction_id))


def keep_page(connection: Connection, call: Call, page: Page, now: datetime) -> None:
    """Keep a page under its call's key, instead of the page before; ``now``: the domain's."""
    answered = system_time()
    key = {**_recipient(call), "transaction_id_": call.transaction_id}
    _USE.run(connection, **key, created_=answered)
    numre = [event.haendelse_nummer for event in page.events]
    _KEEP.run(
        connection,
        **key,
        numre_=numre,
        flere_=page.more,
        hoejeste_=page.last,
        answered_=answered,
        answered_domain_=now,
    )


def _recipient(call: Call) -> dict[str, str]:
    return {"system_id_": call.system_id, "modtager_": call.institution_nummer}


def _set(table: Table, *names: str) -> dict[str, Any]:
    return {name: parameter(f"{name}_", table.c[name].type) for name in names}


_ANSWER: Final = ("transaction_id", "numre", "flere", "hoejeste", "answered")
_OWN: Final = and_(
    feed_position.c.system_id == parameter("system_id_"), feed_position.c.modtager == parameter("modtager_")
)
_KEPT: Final = Prepared(lambda _: select(*(feed_position.c[name] for name in _ANSWER)).where(_OWN))
_USED: Final = Prepared(
    lambda _: select(fetch_key.c.created).where(
        fetch_key.c.system_id == parameter("system_id_"),
        fetch_key.c.modtager == parameter("modtager_"),
        fetch_key.c.transaction_id == parameter("transaction_id_"),
    )
)
_USE: Final = Prepared(
    lambda _: insert(fetch_key).values(_set(fetch_key, "system_id", "modtager", "transaction_id", "created"))
)
_KEEP: Final = Prepared(
    lambda _: update(feed_position).where(_OWN).values(_set(feed_position, *_ANSWER, "answered_domain"))
)


def forget_page(connection: Connection, call: Call) -> None:
    """Make a call's key unused again, because its page was taken back."""
    connection.execute(
        delete(fetch_key).where(
            fetch_key.c.system_id == call.system_id,
            fetch_key.c.modtager == call.institution_nummer,
            fetch_key.c.transaction_id == call.transaction_id,
        )
    )
    connection.execute(
        update(feed_position)
        .where(
            feed_position.c.system_id == call.system_id,
            feed_position.c.modtager == call.institution_nummer,
            feed_position.c.transaction_id == call.transaction_id,
        )
        .values(transaction_id=None)
    )
