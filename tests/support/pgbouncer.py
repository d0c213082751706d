"""A real PgBouncer before a PostgreSQL of the tests (Debian's package pgbouncer)."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import make_url

from udb.sandbox.running import free_address

PROGRAM: Final = shutil.which("pgbouncer", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin")))
"""Its path; None: it is not installed."""
_PATIENCE: Final = 20


@contextmanager
def before(url: str, mode: str, folder: Path, **more: str) -> Iterator[str]:
    """Run PgBouncer before a database, with a pool mode and more settings; yield the address to use instead."""
    assert PROGRAM is not None
    parts = make_url(url)
    host, _, port = free_address().rpartition(":")
    settings = {
        "listen_addr": host,
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "any",
        "pool_mode": mode,
        "default_pool_size": "20",
        **more,
    }
    server = f"host={parts.query.get('host') or parts.host} dbname={parts.database} user={parts.username}"
    file = folder / "pgbouncer.ini"
    if os.geteuid() == 0:
        # It does not run as root: as the server's own user, it reaches the server's socket.
        settings["user"] = Path(str(parts.query["host"])).owner()
    lines = [f"{name} = {value}" for name, value in settings.items()]
    file.write_text("\n".join(["[databases]", f"udb = {server}", "[pgbouncer]", *lines, ""]))
    command = [PROGRAM, "-q", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            address = f"postgresql+psycopg://{parts.username}@{host}:{port}/udb"
            _wait(address.replace("+psycopg", ""), process)
            yield address
        finally:
            process.terminate()


def _wait(address: str, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(psycopg.OperationalError), psycopg.connect(address):
            return
        time.sleep(0.1)
    process.terminate()
    assert process.stdout is not None
    raise AssertionError(f"PgBouncer does not answer: {process.stdout.read()}")
