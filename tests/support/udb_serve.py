"""``udb serve`` as a process of its own, with its own options."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from udb.sandbox.running import free_address


def environment(url: str, **more: str) -> dict[str, str]:
    """Return this process's environment with a database and more settings."""
    return os.environ | {"UDB_DATABASE_URL": url, **more}


@contextmanager
def serving(url: str, *options: str, **more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run ``udb serve``; yield its address and process once a worker has started."""
    bind = free_address()
    command = [sys.executable, "-m", "udb", "serve", "--bind", bind, *options]
    with subprocess.Popen(command, env=environment(url, **more), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            first = process.stderr.readline()
            while "Booting worker" not in first:
                assert first, "the service ended at once"
                first = process.stderr.readline()
            yield f"http://{bind}", process
        finally:
            process.terminate()
            process.stderr.read()
