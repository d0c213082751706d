"""What is refused of a sender, by code, with one example of each that names no person (docs/spec/quality.md)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from udb.domain.cpr import looks_like_one
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor
from udb.statistics.senders import COUNTED, REFUSED, within
from udb.statistics.verdict import WINDOW, until_yesterday
from udb.store.tables import modtagelse


@dataclass(frozen=True, slots=True)
class Refused:
    """Refusals with a code. ``tekst``, ``element``: the rule's; None for a code that is no rule's.

    The example: when the latest came in, its HaendelseDato, and the caller's transaction id where that holds nothing
    that looks like a CPR number.
    """

    kode: str
    antal: int
    navn: str | None
    tekst: str | None
    element: str | None
    tid: datetime
    dato: date | None
    transaction_id: str | None


def refused_by_code(connection: Connection, sender: tuple[str, str, str | None], today: date) -> list[Refused]:
    """Return what was refused in the 30 days up to yesterday, the most frequent code first.

    ``sender``: institution, service and system. A report that is refused with several codes counts for each.
    """
    number, service, system_id = sender
    of = modtagelse.c
    query = (
        select(of.tid, of.koder, of.dato, of.transaction_id)
        .where(
            of.institution_nummer == number,
            of.service == service,
            of.system_id == system_id if system_id is not None else of.system_id.is_(None),
            of.resultat == REFUSED,
            COUNTED,
            within(until_yesterday(today, WINDOW)),
        )
        .order_by(of.tid, of.id)
    )
    counts: Counter[str] = Counter()
    latest = {}
    for row in connection.execute(query):
        for code in row.koder.split():
            if code not in BY_CODE or BY_CODE[code].alvor is Alvor.HAARD:
                counts[code] += 1
                latest[code] = row
    found = []
    for code, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        rule, row = BY_CODE.get(code), latest[code]
        found.append(
            Refused(
                code,
                count,
                rule.navn if rule is not None else None,
                rule.tekst if rule is not None else None,
                rule.element if rule is not None else None,
                row.tid,
                row.dato,
                without_person(row.transaction_id),
            )
        )
    return found


def without_person(transaction_id: str | None) -> str | None:
    """Return a transaction id; None when a part of it looks like a CPR number."""
    if transaction_id is None or looks_like_one(transaction_id):
        return None
    return transaction_id
