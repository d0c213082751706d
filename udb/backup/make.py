"""``udb backup``: copy the whole database at one moment, while the service runs."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, select

from udb.backup.archive import Manifest, Writer
from udb.backup.content import rows, sequences, tables
from udb.domain.clock import system_time
from udb.readlog.lookup import EVERYBODY, log_command
from udb.store.engine import reading, writing
from udb.store.migrate import version_in
from udb.store.tables import counter, metadata
from udb.store.tables.log import read_log_block

COMMAND: Final = "udb backup"
"""The operation in the read log."""


def backup(engine: Engine, path: Path, *, has_deletion_log: bool) -> Manifest:
    """Write this program's tables to a new file; return the file's manifest, which names the tables left out.

    One transaction sees one moment: SQLite's always does, PostgreSQL's with REPEATABLE READ. Neither blocks a writer.
    It shows everybody, so a row of the read log comes first, and is in it. Raises UdbRefused when the file exists or
    cannot be written, DatabaseUnavailable.
    """
    moment = engine
    if engine.dialect.name == "postgresql":
        moment = engine.execution_options(isolation_level="REPEATABLE READ")
    # Earlier than the transaction's moment: a deletion in between is repeated after a restore.
    tid = system_time().isoformat()
    writer = Writer(path)
    try:
        with writing(engine) as connection:
            log_command(connection, COMMAND, [EVERYBODY])
        with reading(moment) as connection:
            last = connection.execute(select(counter.c.last)).scalar_one()
            drawn = {name: number for name, number in sequences(connection).items() if name in metadata.tables}
            manifest = Manifest(str(version_in(connection)), tid, last, has_deletion_log, drawn, _seal(connection))
            for table in tables(connection):
                if table.name not in metadata.tables:
                    manifest.udeladt.append(table.name)
                    continue
                names = [column.name for column in table.columns]
                manifest.tabeller[table.name] = writer.table(table.name, names, rows(connection, table))
        writer.finish(manifest)
    except BaseException:
        writer.discard()
        raise
    return manifest


def _seal(connection: Connection) -> Any:
    query = select(read_log_block.c.nummer, read_log_block.c.hash).order_by(read_log_block.c.nummer.desc()).limit(1)
    found = connection.execute(query).one_or_none()
    return tuple(found) if found else None
