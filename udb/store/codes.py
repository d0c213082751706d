"""Read the code sets as one snapshot, and keep it until their edition changes."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from udb.domain.kodesaet import EFTERSKOLE, INSTITUTIONSTYPER, VEJLEDNING, Kodesaet, Row
from udb.store import state
from udb.store.tables import kodesaet


def load_codes(connection: Connection) -> Kodesaet:
    """Return all code sets and their edition."""
    edition = state.read(connection, state.CODE_EDITION) or 0
    rows = (
        (
            found.saet,
            Row(found.kode, found.variant, found.tekst, found.gyldig_fra, found.gyldig_til, found.egenskaber),
        )
        for found in connection.execute(select(kodesaet))
    )
    return Kodesaet(edition, rows)


class CodeCache:
    """The snapshot that a process uses."""

    def __init__(self) -> None:
        """Begin without a snapshot; the first ``get`` reads it."""
        self._codes: Kodesaet | None = None

    def get(self, connection: Connection, edition: int) -> Kodesaet:
        """Return the code sets of ``edition``, which the caller has just read from the database."""
        codes = self._codes
        if codes is None or codes.edition != edition:
            # Two threads may both read; either result is right.
            codes = self._codes = load_codes(connection)
        return codes


def is_efterskole(type3: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that an institution's type is an efterskole, by the edition that holds.

    A type counts as one as soon as a row of it says so, whatever the row's days.
    """
    flagged = select(kodesaet.c.kode).where(
        kodesaet.c.saet == INSTITUTIONSTYPER, kodesaet.c.egenskaber[EFTERSKOLE].as_string() == "1"
    )
    return type3.in_(flagged)


def named_edition(connection: Connection) -> str | None:
    """Return the edition of ``institutionstyper`` that was named; None: none was, and VEJLEDNING holds."""
    found: str | None = state.read(connection, state.TYPES_EDITION)
    return found


def holding_edition(connection: Connection) -> str:
    """Return the edition of ``institutionstyper`` that holds."""
    return named_edition(connection) or VEJLEDNING


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows a set has, how many of them are invented in part, and how many are invented whole."""

    rows: int
    partly: int
    invented: int


def counted(connection: Connection) -> dict[str, Counts]:
    """Return the counts of each set that has a row."""
    whole = kodesaet.c.kilde == ""
    part = and_(kodesaet.c.opfundet != "", kodesaet.c.kilde != "")
    counts = (func.sum(case((condition, 1), else_=0)) for condition in (part, whole))
    query = select(kodesaet.c.saet, func.count(), *counts).group_by(kodesaet.c.saet)
    return {saet: Counts(*found) for saet, *found in connection.execute(query)}


def rows_of(connection: Connection, saet: str) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Return the columns and rows of one set, ordered by code, variant and first day."""
    order = (kodesaet.c.kode, kodesaet.c.variant, kodesaet.c.gyldig_fra)
    found = connection.execute(select(kodesaet).where(kodesaet.c.saet == saet).order_by(*order)).mappings()
    rows = [{name: row[name] for name in _SHOWN} | row["egenskaber"] for row in found]
    return (tuple(rows[0]) if rows else _SHOWN), rows


_SHOWN: Final = ("kode", "variant", "tekst", "gyldig_fra", "gyldig_til", "opfundet", "kilde")
