"""The database's version: bring it to this program's, and refuse any other."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
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

# It logs its driver each time the version is looked up.
logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)

BASELINE: Final = "0001_baseline"
SAME_AS_BASELINE: Final = "0016"
"""The last version before the first release. Its tables are those of the baseline, so only the name differs."""
BEFORE_BASELINE: Final = frozenset(f"{number:04}" for number in range(1, 16))
"""The versions before that one, whose migrations commit c42918b has."""
_BY_C42918B: Final = {
    "database": "Check out commit c42918b and run udb migrate there, then run udb migrate here.",
    "backup": "Check out commit c42918b and run udb gendan there, on an empty database, then run udb migrate here.",
}


def upgrade(url: str) -> str:
    """Bring the database to this program's version, all or nothing, and return that version.

    Create an SQLite file and its folder if missing. Raises OtherVersion if the database has a version that this
    program cannot bring up, DatabaseUnavailable.
    """
    with connect(url) as connection:
        upgrade_in(connection)
    return expected_version()


def upgrade_in(connection: Connection, version: str | None = None) -> None:
    """Bring a database to a version, or to this program's, within the transaction of ``connect``. Raises
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
    """Return whether a migration after ``before`` needs what follows from the youths' events to be calculated again.

    That takes minutes for each million events, so a migration that does not need it says so.
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
    """Raise OtherVersion, saying what to do, unless the database has this program's version."""
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
    """Yield one connection in one writing transaction that also covers changes of tables."""
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        _make_folder(url)
        # SQLite changes a table by copying it, which must not count as deleting what others refer to.
        event.listen(engine, "connect", lambda opened, _: opened.execute("PRAGMA foreign_keys=OFF"))
    try:
        with writing(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def _make_folder(url: str) -> None:
    if file := _file(make_url(url)):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(
                f"The folder of the database, {file.parent}, cannot be made: {error.strerror}."
            ) from error


def _file(url: URL) -> Path | None:
    """Return the file of an SQLite database, None for one in memory."""
    return None if url.database in {None, "", ":memory:"} else Path(str(url.database))


def _config() -> Config:
    config = Config()
    # A percent sign would be read as a place to fill in.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def version_in(connection: Connection) -> str | None:
    """Return the version of the database that a connection is to, None if it has no tables of this project."""
    found = MigrationContext.configure(connection).get_current_revision()
    return None if found is None else current_name(found)


def current_name(version: str) -> str:
    """Return this program's name for a version."""
    return BASELINE if version == SAME_AS_BASELINE else version


def require_known(version: str, what: Literal["database", "backup"] = "database") -> None:
    """Raise OtherVersion, saying what to do, unless this program can bring up what has this version."""
    if version in BEFORE_BASELINE:
        raise OtherVersion(f"The {what} is at version {version}, from before the first release. {_BY_C42918B[what]}")
    if current_name(version) not in {
        script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()
    }:
        raise OtherVersion(
            f"The {what} is at version {version}, which this program does not know: use the program that made it."
        )
