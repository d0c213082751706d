"""``udb restore``: fill an empty database from a backup, without what was deleted since: all of it, or nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import URL, Connection, delete, insert, select, text, update

from udb.backup.archive import Manifest, Reader, line_of
from udb.backup.content import DERIVED, read, rows, set_sequences, tables
from udb.domain.clock import system_time
from udb.domain.clocks import SILENT_WHILE_SERVED
from udb.domain.errors import DatabaseUnavailable, FileUnusable, UdbRefused
from udb.domain.identifiers import clock_number
from udb.readlog.verdict import Seal, Terms, Verdict
from udb.readlog.verify import verify
from udb.retention.deletion_log import DeletionLog
from udb.retention.doubt import Periods, Word, believed
from udb.retention.replay import replay
from udb.settings import NOEGLER_DAGE, OPBEVARING_AAR
from udb.store import clocks, migrate, state
from udb.store.engine import make_engine
from udb.store.read_log import as_they_were
from udb.store.tables import counter

AHEAD: Final = timedelta(hours=2)
"""How far numbers drawn after the backup may be ahead of the clock: by the hour that comes twice in October, or by
another host's clock.
"""
SHIPPED: Final = frozenset({"kodesaet", "counter", "state"})
"""Tables that ``udb migrate`` fills."""
_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Restored:
    """The result. ``nummer``: every number drawn from now on is higher."""

    manifest: Manifest
    deleted_again: Counter[str]
    nummer: str
    verdict: Verdict
    left_out: list[str]
    """Tables of the backup that are not this program's (a backup of an earlier version may have some)."""
    broken_off: list[int]
    """Lines of the deletion log that broke off."""


def restore(
    url: str,
    path: Path,
    log: DeletionLog | None,
    *,
    aar: int,
    after: str | None = None,
    limit: timedelta = clocks.LIMIT,
    opbevaring_aar: int = OPBEVARING_AAR,
    noegler_dage: int = NOEGLER_DAGE,
    word: Word = Word(),  # noqa: B008 - frozen
) -> Restored:
    """Fill the empty database at ``url`` and verify it.

    ``log``: None when there is none. ``aar``: UDB_LAESELOG_AAR. ``after``: a number that a reader is known to have
    seen. ``limit``, ``opbevaring_aar``, ``noegler_dage``: the settings. ``word``: on lines of the log that do not
    verify. Raises UdbRefused, with nothing changed, when the database is not empty, the backup is damaged or of a
    version this program cannot upgrade, a line of the log does not verify and there is no word on it, or this host's
    clock is not the database's.
    """
    periods = Periods(opbevaring_aar, noegler_dage, aar)
    reader = Reader(path)
    manifest = reader.manifest
    try:
        migrate.require_known(manifest.version, "backup")
        with migrate.connect(url) as connection:
            _empty(connection, migrate.current_name(manifest.version))
            left_out = _load(connection, reader)
            _compare(connection, manifest)
            migrate.upgrade_in(connection)
            lines, broken_off = log.since(datetime.fromisoformat(manifest.tid)) if log else ([], [])
            entries = believed(connection, lines, periods, _highest(connection), word)
            deleted = replay(connection, entries)
            seen = [entry["nummer"] for entry in entries] + ([after] if after else [])
            number = _raise_counter(connection, seen)
            # The counter is ahead of the clock on purpose; the database's clock still counts.
            clocks.accept(connection)
            clocks.require(connection, limit=limit, silence=SILENT_WHILE_SERVED)
    finally:
        reader.close()
    engine = make_engine(url)
    try:
        verdict = verify(engine, Terms(aar), Seal(*manifest.forsegling) if manifest.forsegling else None)
    finally:
        engine.dispose()
    return Restored(manifest, deleted, number, verdict, left_out, broken_off)


def try_restore(path: Path, *, aar: int) -> None:
    """Restore a backup into an SQLite database beside it, compare every table, and remove the database.

    ``aar``: UDB_LAESELOG_AAR. Raises UdbRefused when the backup cannot be restored.
    """
    try:
        with TemporaryDirectory(prefix=f"{path.name}.", suffix=".verify", dir=path.parent) as folder:
            scratch = URL.create("sqlite", database=str(Path(folder, "scratch.sqlite")))
            restore(scratch.render_as_string(), path, None, aar=aar)
    except (DatabaseUnavailable, OSError) as error:
        raise FileUnusable(f"There is no room for a scratch database in {path.parent}: {error}") from error


def _empty(connection: Connection, wanted: str) -> None:
    """Check that the database is empty, and create the tables of the backup's version."""
    there = tables(connection)
    if not there:
        migrate.upgrade_in(connection, wanted)
        there = tables(connection)
    version = migrate.version_in(connection)
    full = [
        table.name
        for table in there
        if table.name not in SHIPPED and connection.execute(select(table).limit(1)).first()
    ]
    if full or version is None:
        raise UdbRefused(
            f"The database is not empty ({', '.join(full) or 'tables of another program'}): name an empty one."
        )
    if version != wanted:
        raise UdbRefused(
            f"The backup is of version {wanted}, the database of {version}: name one without tables, "
            "which is made by that version and then brought up to this program's."
        )
    for table in there:
        if table.name in SHIPPED:
            connection.execute(delete(table))


def _load(connection: Connection, reader: Reader) -> list[str]:
    """Fill the tables, and return those of the backup that the version does not have."""
    manifest = reader.manifest
    known = {table.name: table for table in tables(connection)}
    for name, table in known.items():
        if name in manifest.tabeller and name not in DERIVED:
            with as_they_were(connection, name):
                for batch in _batches(read(table, row) for row in reader.rows(name)):
                    connection.execute(insert(table), batch)
    if "read_log_unsealed" in known:
        sealed = text("DELETE FROM read_log_unsealed WHERE row_id IN (SELECT row_id FROM read_log_sealed)")
        connection.execute(sealed)
    set_sequences(connection, manifest.sekvenser)
    return sorted(manifest.tabeller.keys() - known.keys())


def _compare(connection: Connection, manifest: Manifest) -> None:
    """Read everything back and compare it with what the backup was made of."""
    for table in tables(connection):
        if table.name not in manifest.tabeller:
            continue
        content = manifest.tabeller[table.name]
        # A database that was brought back to an earlier version has its columns in another order.
        order = [table.columns.keys().index(name) for name in content.kolonner]
        digest = hashlib.sha256()
        for row in rows(connection, table):
            digest.update(line_of([row[place] for place in order]))
        if digest.hexdigest() != content.sha256:
            raise FileUnusable(f"What was restored of {table.name} is not what the backup was made of.")
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise FileUnusable("The backup has rows that refer to others which it does not have.")


def _raise_counter(connection: Connection, seen: Iterable[str]) -> str:
    """Set the counter above every number that may have been drawn, and return the last number.

    Numbers never go back: a reader may have seen numbers that were drawn after the backup and are lost.
    """
    highest = max(_highest(connection), *(int(number.removeprefix("UDB-")) for number in seen), 0)
    connection.execute(update(counter).values(last=str(highest)))
    return str(highest)


def _highest(connection: Connection) -> int:
    """Return the highest number that may have been drawn, as far as the backup and the clock can say."""
    last: str = connection.execute(select(counter.c.last)).scalar_one()
    now = max(system_time(), state.now(connection)) if _is_real(connection) else state.now(connection)
    return max(int(last), clock_number(now + AHEAD))


def _is_real(connection: Connection) -> bool:
    """Return whether the domain uses the machine's clock."""
    return state.holding(state.read(connection, state.SANDBOX_CLOCK)) is None


def _batches(found: Iterator[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    while batch := list(islice(found, _AT_ONCE)):
        yield batch
