"""All checks of a change on one day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from udb.domain.kodesaet import Kodesaet
from udb.statistics.system_change.announced import Change
from udb.statistics.system_change.before import missing_ends, rechecked, refused, stale_contacts
from udb.statistics.system_change.c1 import c1
from udb.statistics.system_change.c2 import c2
from udb.statistics.system_change.c3 import c3
from udb.statistics.system_change.c4 import c4
from udb.statistics.system_change.c5 import c5
from udb.statistics.system_change.c6 import c6
from udb.statistics.system_change.c7 import c7
from udb.statistics.system_change.c9 import c9, standing
from udb.statistics.system_change.closed import closed
from udb.statistics.system_change.cover import Cover, cover
from udb.statistics.system_change.result import Check, Result
from udb.statistics.system_change.stock import Stock, read


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks of a change say on a day."""

    stock: Stock
    cover: Cover
    results: Mapping[Check, Result] = field(repr=False)

    @property
    def change(self) -> Change:
        """The change."""
        return self.stock.change


def checked(
    connection: Connection,
    change: Change,
    today: date,
    codes: Kodesaet,
    *,
    invented_cpr_allowed: bool,
    listed: Collection[tuple[str, str]] = (),
    judge_again: bool = True,
) -> Checked:
    """Return what the checks say of a change on a day, the domain's.

    ``listed``: see ``c3``. ``judge_again``: with ``rechecked``, which takes the most time. Nothing is stored.
    """
    stock = read(connection, change, today, codes)
    contacts = standing(connection, stock)
    covered = cover(connection, stock)
    found: tuple[Result, ...] = (
        refused(stock),
        missing_ends(stock),
        stale_contacts(stock, contacts),
        *covered.results,
        closed(connection, stock),
        *(check(stock) for check in (c1, c2, c4, c5, c6, c7)),
        c3(stock, listed),
        c9(stock, contacts),
    )
    if judge_again:
        found = (*found, rechecked(connection, stock, invented_cpr_allowed=invented_cpr_allowed))
    return Checked(stock, covered, {one.check: one for one in found})
