"""The editions of the code set ``institutionstyper``: which types are efterskoler (V 7; fortolkninger.md, G25).

An importer that knows which edition its file is of does as ``institutioner`` does: it prepares the change, locks
``change.conditions`` together with what it changes itself, and lets ``change.store`` come last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select, update

from udb.domain.errors import WrongUse
from udb.domain.kodesaet import EDITIONS, EFTERSKOLE, INSTITUTIONSTYPER, REGISTER, VEJLEDNING
from udb.domain.text import Text
from udb.imports.affected import Affected
from udb.imports.kodesaet_file import KodesaetRow, read_kodesaet
from udb.paths import CODESETS
from udb.store import state
from udb.store.codes import named_edition
from udb.store.engine import writing
from udb.store.locks import one_import_at_a_time
from udb.store.tables import haendelse, institution, kodesaet

FILES: Final = {VEJLEDNING: INSTITUTIONSTYPER, REGISTER: "institutionstyper_register"}
"""The file of each edition, in ``codesets/``."""
_FIELDS: Final = tuple(column.name for column in kodesaet.columns)
_OF_SET: Final = kodesaet.c.saet == INSTITUTIONSTYPER


@dataclass(frozen=True, slots=True)
class EditionChange:
    """A change to an edition, not stored yet.

    ``conditions``: the events whose school kommune it changes. ``rows``: the edition's rows; ``types``: all types that
    the set then has.
    """

    edition: str
    conditions: Sequence[ColumnElement[bool]]
    rows: Sequence[KodesaetRow]
    types: frozenset[str]

    def store(self, connection: Connection) -> None:
        """Store the edition's rows and its name. Where a flag changes, the database takes the counter."""
        known = {(row.kode, row.gyldig_fra) for row in connection.execute(select(kodesaet).where(_OF_SET))}
        wanted = {(row.kode, row.gyldig_fra): row for row in self.rows}
        codes = {row.kode for row in self.rows}
        for kode, gyldig_fra in known:
            same = and_(_OF_SET, kodesaet.c.kode == kode, kodesaet.c.gyldig_fra == gyldig_fra)
            # In place: a flag that stays must not go and come, which would write every event of the type twice.
            if (kode, gyldig_fra) in wanted:
                connection.execute(update(kodesaet).where(same).values(_values(wanted[kode, gyldig_fra])))
            elif kode in codes:
                connection.execute(delete(kodesaet).where(same))
        added = [_values(row) for key, row in wanted.items() if key not in known]
        if added:
            connection.execute(insert(kodesaet), added)
        state.write(connection, state.TYPES_EDITION, self.edition)
        state.next_edition(connection)


def require_edition(edition: str) -> None:
    """Raise WrongUse when there is no such edition."""
    if edition not in EDITIONS:
        both = ", ".join(EDITIONS)
        raise WrongUse(
            Text(f"Der findes ingen udgave med det navn. Vælg en af: {both}.", f"There is no such edition: {both}.")
        )


def prepare(connection: Connection, edition: str) -> EditionChange:
    """Return the change to an edition. Types that no edition has stay as they are. Raises WrongUse."""
    require_edition(edition)
    rows = edition_rows(edition)
    stored = connection.execute(select(kodesaet.c.kode, kodesaet.c.egenskaber).where(_OF_SET)).all()
    before = {kode for kode, egenskaber in stored if egenskaber.get(EFTERSKOLE) == "1"}
    codes = {row.kode for row in rows}
    after = flagged(rows) | {kode for kode in before if kode not in codes}
    others = {kode for kode, _ in stored} - codes
    return EditionChange(edition, of_types(before ^ after), rows, frozenset(codes | others))


def of_types(types: frozenset[str] | set[str]) -> Sequence[ColumnElement[bool]]:
    """Return the conditions of the events that institutions of some types reported."""
    if not types:
        return ()
    theirs = select(institution.c.nummer).where(institution.c.type3.in_(sorted(types)))
    return (haendelse.c.institution_nummer.in_(theirs),)


def flagged(rows: Sequence[KodesaetRow]) -> set[str]:
    """Return the types of some rows that are efterskoler."""
    return {row.kode for row in rows if row.egenskaber[EFTERSKOLE] == "1"}


def edition_rows(edition: str) -> list[KodesaetRow]:
    """Return the rows of a shipped edition."""
    with (CODESETS / f"{FILES[edition]}.csv").open(encoding="utf-8", newline="") as lines:
        found = list(read_kodesaet(INSTITUTIONSTYPER, lines))
    rows = [row for row in found if isinstance(row, KodesaetRow)]
    assert len(rows) == len(found), f"the shipped edition {edition} is well-formed"
    return rows


def set_edition(engine: Engine, edition: str) -> bool:
    """Let an edition hold from now on. Returns whether another held, or none was named. Raises WrongUse.

    Events that a school kommune comes to see reach its feed; what it was given stays given.
    """
    require_edition(edition)
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        if named_edition(connection) == edition:
            return False
        change = prepare(connection, edition)
        affected = Affected.lock(connection, (), seen=change.conditions)
        affected.look_again(connection, None, state.now(connection), lambda: change.store(connection))
        return True


def _values(row: KodesaetRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in _FIELDS}
