"""Point 2: which services each system may use on the day of the change, and from where (portal 3.31)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from udb.callers import certificates, systems
from udb.callers.agreements import services_agreed
from udb.domain.clock import midnight
from udb.domain.services import REPORTS
from udb.statistics.system_change.c8 import c8, used_by_old
from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.stock import Stock

AFTER: Final = timedelta(days=30)
"""So long after the change both may be approved."""

Agreed = Mapping[str, frozenset[str]]
"""The services that a system may use, by institution."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A service at an institution, and which systems have an agreement on the day. ``brugt``: the old one used it."""

    service: str
    institution_nummer: str
    brugt: bool
    gammelt: bool
    nyt: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """The table of the point, and its three checks."""

    rows: Sequence[Covered]
    results: Sequence[Result]


def cover(connection: Connection, stock: Stock) -> Cover:
    """Return what each system may use on the day of the change, and what is lacking or double."""
    used = used_by_old(connection, stock)
    day = max(stock.day, stock.today)
    old, new = (
        services_agreed(connection, one, list(stock.places), stock.day) for one in (stock.sides.old, stock.sides.new)
    )
    late_old, new_now = (
        services_agreed(connection, stock.sides.old, list(stock.places), stock.day + AFTER),
        services_agreed(connection, stock.sides.new, list(stock.places), day),
    )
    rows = [
        Covered(service, nummer, (service, nummer) in used, service in old[nummer], service in new[nummer])
        for nummer, place in stock.places.items()
        for service in sorted(REPORTS)
        if (service, nummer) in used
        or (service in old[nummer] | new[nummer] and place.may_use(service, stock.codes, day))
    ]
    double = tuple(
        Finding(f"{service} for {nummer}")
        for service, nummer in sorted(used)
        if service in late_old[nummer] and service in new_now[nummer]
    )
    access = tuple(_access(connection, stock.sides.new, stock.day))
    return Cover(
        rows,
        (
            c8(used, new_now),
            Result(check=Check.CERTIFIKAT, findings=access),
            Result(check=Check.DOBBELT, findings=double),
        ),
    )


def _access(connection: Connection, system_id: str, day: date) -> Iterator[Finding]:
    """Yield why the new system cannot call on the day. One without any certificate calls with a key."""
    if any(one.id == system_id and one.spaerret for one in systems.listed(connection)):
        yield Finding(f"{system_id} er spærret")
    held = certificates.listed(connection, system_id)
    begins, ends = midnight(day), midnight(day + timedelta(days=1))
    if held and not any(one.blocked is None and one.valid_from < ends and one.valid_to > begins for one in held):
        yield Finding(f"Intet certifikat for {system_id} gælder {day:%d-%m-%Y}")
