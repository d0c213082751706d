"""Migrate a database to this program's version, and refuse to work on any other version."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, event, make_url, text

from udb.domain.errors import DatabaseUnavailable, OtherVersion
from udb.paths import MIGRATIONS
from udb.store.engine import make_engine, reading, writing
from udb.store.visible import refresh_all

# alembic logs the driver each time the version is read.
logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)

BASELINE: Final = "0001_baseline"
SAME_AS_BASELINE: Final = "0016"
"""The last version before the first release. Its tables are those of the baseline, so only the name differs."""
BEFORE_BASELINE: Final = frozenset(f"{number:04}" for number in range(1, 16))
"""The versions before that one; commit c42918b has their migrations."""
_BY_C42918B: Final = {
    "database": "Check out commit c42918b and run udb migrate there, then run udb migrate here.",
    "backup": "Check out commit c42918b and run udb gendan there, on an empty database, then run udb migrate here.",
}


def upgrade(url: str) -> str:
    """Migrate the database to this program's version in one transaction, and return that version.

    Creates an SQLite file and its folder if missing. Raises OtherVersion if the database has a version that this
    program cannot migrate, DatabaseUnavailable.
    """
    with connect(url) as connection:
        upgrade_in(connection)
    return expected_version()


def one_at_a_time(connection: Connection) -> None:
    """Wait until no other process migrates or fills this database.

    SQLite needs no lock: its writing transactions wait for each other.
    """
    if connection.dialect.name == "postgresql":
        before = connection.execute(text("SHOW lock_timeout")).scalar_one()
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('udb migrate', 0))"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{before}'"))


def upgrade_in(connection: Connection, version: str | None = None) -> None:
    """Migrate a database to a version (None: this program's) within the transaction of ``connect``. Raises
    OtherVersion.
    """
    before = version_in(connection)
    if before is not None:
        require_known(before)
    if before == BASELINE:
        rename = text("UPDATE alembic_version SET version_num = :name WHERE version_num = :old")
        connection.execute(rename, {"name": BASELINE, "old": SAME_AS_BASELINE})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version or "head")
    if version is None and before is not None and _recalculates_events(before):
        refresh_all(connection)


def _recalculates_events(before: str) -> bool:
    """Return whether a migration after ``before`` needs the computed fields of all events to be calculated again.

    That takes minutes for each million events: a migration that does not need it sets ``RECALCULATE_EVENTS = False``.
    """
    newer = ScriptDirectory.from_config(_config()).iterate_revisions("head", before)
    return any(getattr(script.module, "RECALCULATE_EVENTS", True) for script in newer)


def expected_version() -> str:
    """Return the version of the database that this program works on."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "the project has migrations"
    return head


def current_version(engine: Engine) -> str | None:
    """Return the version of the database, None if it has no tables of this project, or its file does not exist yet."""
    if engine.dialect.name == "sqlite" and (file := _file(engine.url)) and not file.exists():
        return None
    with reading(engine) as connection:
        return version_in(connection)


def require_expected_version(engine: Engine) -> None:
    """Raise OtherVersion, with what to do, unless the database has this program's version."""
    found = current_version(engine)
    if found is not None:
        require_known(found)
    if found != expected_version():
        raise OtherVersion(
            f"The database is {'empty' if found is None else f'at version {found}'}, "
            f"this program works on version {expected_version()}. Run: udb migrate"
        )


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    """Yield a connection in one writing transaction, in which tables can be changed too."""
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        _make_folder(url)
        # alembic changes an SQLite table by copying and dropping it; foreign keys would refuse that.
        event.listen(engine, "connect", lambda opened, _: opened.execute("PRAGMA foreign_keys=OFF"))
    try:
        with writing(engine) as connection:
            one_at_a_time(connection)
            yield connection
    finally:
        engine.dispose()


def _make_folder(url: str) -> None:
    if file := _file(make_url(url)):
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # SQLite gives its other files the rights of this one.
            with suppress(FileExistsError):
                os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        except OSError as error:
            raise DatabaseUnavailable(
                f"The folder of the database, {file.parent}, cannot be made: {error.strerror}."
            ) from error


def _file(url: URL) -> Path | None:
    """Return the file of an SQLite database, None for one in memory."""
    return None if url.database in {None, "", ":memory:"} else Path(str(url.database))


def _config() -> Config:
    config = Config()
    # The configuration would interpolate a percent sign.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def version_in(connection: Connection) -> str | None:
    """Return the version of a connection's database, None if it has no tables of this project."""
    found = MigrationContext.configure(connection).get_current_revision()
    return None if found is None else current_name(found)


def current_name(version: str) -> str:
    """Return this program's name for a version."""
    return BASELINE if version == SAME_AS_BASELINE else version


def require_known(version: str, what: Literal["database", "backup"] = "database") -> None:
    """Raise OtherVersion, with what to do, unless this program can migrate a database or backup of this version."""
    if version in BEFORE_BASELINE:
        raise OtherVersion(f"The {what} is at version {version}, from before the first release. {_BY_C42918B[what]}")
    if current_name(version) not in {
        script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()
    }:
        raise OtherVersion(
            f"The {what} is at version {version}, which this program does not know: use the program that made it."
        )
