"""Hosts of a database: addresses on this machine before a PostgreSQL with a socket alone, and copies of its server."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url


class Host:
    """An address that passes on to a server's socket, until it falls silent or is gone."""

    def __init__(self, real: Path) -> None:
        """``real``: the server's socket."""
        self._real = real
        self._speaks = threading.Event()
        self._speaks.set()
        self._lines: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._is_gone = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @contextmanager
    def silent(self) -> Iterator[None]:
        """While the block runs take connections and pass nothing on."""
        self._speaks.clear()
        try:
            yield
        finally:
            self._speaks.set()

    @contextmanager
    def gone(self) -> Iterator[None]:
        """End all connections, and while the block runs every new one."""
        self._is_gone = True
        for line in self._lines:
            _end(line)
        try:
            yield
        finally:
            self._is_gone = False

    def close(self) -> None:
        """Take no more connections."""
        self._speaks.set()
        with self.gone():
            _end(self._listening)
            for line in (self._listening, *self._lines):
                line.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self._is_gone:
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._real))
                self._lines += [client, server]
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._speaks.wait()
                sink.sendall(data)
        self._speaks.wait()
        _end(sink)


def _end(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def url_of(database_url: str, *hosts: Host) -> str:
    """Return the address of a database as libpq lists hosts."""
    url = make_url(database_url)
    return f"postgresql+psycopg://{url.username}@{','.join(host.address for host in hosts)}/{url.database}"


def socket_of(database_url: str) -> Path:
    """Return the socket of the server of a database. Skips the test on SQLite."""
    if make_url(database_url).get_backend_name() == "sqlite":
        pytest.skip("has no hosts")
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        return Path(connection.info.host, f".s.PGSQL.{connection.info.port}")


@contextmanager
def host(real: Path) -> Iterator[Host]:
    """Yield a host before a server's socket."""
    made = Host(real)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def before(database_url: str, count: int = 1) -> Iterator[list[Host]]:
    """Yield hosts before the server of a database. Skips the test on SQLite."""
    real = socket_of(database_url)
    hosts = [Host(real) for _ in range(count)]
    try:
        yield hosts
    finally:
        for host in hosts:
            host.close()


@contextmanager
def copied(database_url: str, *, follows: bool) -> Iterator[Path]:
    """Yield the socket of a copy of a database's server as it is now: a standby that follows it, or one by itself."""
    real = socket_of(database_url)
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        user = connection.info.user
        (data,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        program = Path(f"/proc/{connection.execute('SELECT pg_backend_pid()').fetchone()[0]}/exe").resolve()  # type: ignore[index]  # one row
    owner: dict[str, Any] = {"user": Path(data).owner()} if os.geteuid() == 0 else {}
    with TemporaryDirectory(prefix="udb-kopi-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if owner:
            shutil.chown(folder, owner["user"])

        def control(program_name: str, *arguments: str) -> None:
            command = [str(program.parent / program_name), *arguments]
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120, **owner)

        where = ("-h", str(real.parent), "-p", real.suffix[1:], "-U", user)
        control("pg_basebackup", *where, "-D", f"{name}/data", "-c", "fast", *(("-R",) if follows else ()))
        control("pg_ctl", "-w", "-D", f"{name}/data", "-o", f"-h '' -k {name}", "-l", f"{name}/log", "start")
        try:
            yield folder / real.name
        finally:
            control("pg_ctl", "-D", f"{name}/data", "-m", "immediate", "stop")
