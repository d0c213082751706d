"""The file ``indberetninger``: what each sender sent on each day. No row is about a youth."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from statistics import median
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, select

from udb.domain.clock import danish_date, midnight
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor
from udb.statistics.extract.request import Request
from udb.statistics.extract.who import STREAMED
from udb.statistics.senders import ACCEPTED, PROEVE, REFUSED
from udb.store.tables import institution, modtagelse

NAME: Final = "indberetninger"
COLUMNS: Final = (
    *("system", "institution", "service", "dag", "accepteret", "afvist", "gentaget", "raad", "koder"),
    "median_forsinkelse",
)
REPEATED: Final = "G"


def rows(connection: Connection, request: Request) -> Iterator[tuple[Any, ...]]:
    """Yield the rows, by system, institution, service and day; trials count for nothing.

    ``raad``: accepted reports with advice; ``koder``: each code of a receipt with its count; ``median_forsinkelse``:
    days, of the accepted ones that have a date.
    """
    keys = (
        _bytewise(connection, modtagelse.c.system_id),
        _bytewise(connection, modtagelse.c.institution_nummer),
        _bytewise(connection, modtagelse.c.service),
    )
    query = (
        select(modtagelse)
        .where(
            modtagelse.c.slags != PROEVE,
            modtagelse.c.tid >= midnight(request.first),
            modtagelse.c.tid < midnight(request.day + timedelta(days=1)),
        )
        .order_by(*keys, modtagelse.c.tid, modtagelse.c.id)
        .execution_options(**STREAMED)
    )
    if request.kommune is not None:
        theirs = select(institution.c.nummer).where(institution.c.administrerende_kommune == request.kommune)
        query = query.where(modtagelse.c.institution_nummer.in_(theirs))
    for key, found in groupby(connection.execute(query), key=_sender_and_day):
        yield *key, *_counted(found)


def _bytewise(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """Return what orders by a text as its bytes do, on both databases; an empty value comes first."""
    text = func.coalesce(column, "")
    return text.collate("C") if connection.dialect.name == "postgresql" else text


def _sender_and_day(row: Row[Any]) -> tuple[Any, ...]:
    return row.system_id, row.institution_nummer, row.service, danish_date(row.tid)


def _counted(found: Iterator[Row[Any]]) -> tuple[Any, ...]:
    results: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    delays: Counter[int] = Counter()
    advised = 0
    for row in found:
        results[row.resultat] += 1
        if row.resultat == REPEATED:
            continue
        given = row.koder.split()
        codes.update(given)
        if row.resultat == ACCEPTED:
            advised += any(code not in BY_CODE or BY_CODE[code].alvor is not Alvor.HAARD for code in given)
            if row.forsinkelse_dage is not None:
                delays[row.forsinkelse_dage] += 1
    shown = " ".join(f"{code}:{count}" for code, count in sorted(codes.items()))
    middle = median(delays.elements()) if delays else None
    if middle is not None and middle == int(middle):
        middle = int(middle)
    return results[ACCEPTED], results[REFUSED], results[REPEATED], advised, shown, middle
