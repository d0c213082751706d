"""The database's version: bring it to this program's, and tell whether it is."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, event, make_url

from udb.domain.errors import DatabaseUnavailable, OtherVersion
from udb.paths import MIGRATIONS
from udb.store.engine import make_engine, reading, writing
from udb.store.visible import refresh_all

# It tells of its driver each time the version is looked up.
logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)


def upgrade(url: str) -> str:
    """Bring the database to this program's version, all or nothing. Gives that version.

    An SQLite file and its folder are made if missing. Raises OtherVersion if the database has a version this
    program does not know, DatabaseUnavailable.
    """
    with connect(url) as connection:
        upgrade_in(connection)
    return expected_version()


def upgrade_in(connection: Connection, version: str | None = None) -> None:
    """Bring a database to a version, or to this program's, within the transaction of ``connect``. Raises
    OtherVersion.
    """
    before = version_in(connection)
    for found in (before, version):
        _refuse_unknown(found)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version or "head")
    if version is None and before is not None and not _histories_stand(before):
        refresh_all(connection)


def _histories_stand(before: str) -> bool:
    """Whether nothing has come since that follows from a history. To work them all out takes minutes for each million
    of events.
    """
    newer = ScriptDirectory.from_config(_config()).iterate_revisions("head", before)
    return all(getattr(script.module, "HISTORIES_STAND", False) for script in newer)


def expected_version() -> str:
    """The version of the database this program works on."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "the project has migrations"
    return head


def current_version(engine: Engine) -> str | None:
    """The version of the database, None if it has no tables of this project, or its file is not there yet."""
    if engine.dialect.name == "sqlite" and (file := _file(engine.url)) and not file.exists():
        return None
    with reading(engine) as connection:
        return version_in(connection)


def require_expected_version(engine: Engine) -> None:
    """Raises OtherVersion, saying what to do, unless the database has this program's version."""
    found = current_version(engine)
    _refuse_unknown(found)
    if found != expected_version():
        raise OtherVersion(
            f"The database is {'empty' if found is None else f'at version {found}'}, "
            f"this program works on version {expected_version()}. Run: udb migrate"
        )


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    """One connection in one writing transaction that also covers changes of tables."""
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        _make_folder(url)
        # SQLite changes a table by making it anew, which must not count as deleting what others refer to.
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
    """The file of an SQLite database, None for one in memory."""
    return None if url.database in {None, "", ":memory:"} else Path(str(url.database))


def _config() -> Config:
    config = Config()
    # A percent sign would be read as a place to fill in.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def version_in(connection: Connection) -> str | None:
    """The version of the database that a connection is to, None if it has no tables of this project."""
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_unknown(version: str | None) -> None:
    scripts = ScriptDirectory.from_config(_config())
    if version is not None and version not in {script.revision for script in scripts.walk_revisions()}:
        raise OtherVersion(
            f"The database is at version {version}, which this program does not know: use the program that made it."
        )
