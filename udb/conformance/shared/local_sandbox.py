"""The suite's own sandbox: invented youths in a temporary folder, a service on a free port."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from udb.sandbox.running import free_address, run_command, running
from udb.settings import sqlite_url

YOUTHS: Final = 200


@contextmanager
def sandbox(environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield the address of a sandbox that runs until the block ends; ``environment``: further settings."""
    with tempfile.TemporaryDirectory(prefix="udb-konformitet-") as folder:
        settings = {"UDB_DATABASE_URL": sqlite_url(Path(folder) / "udb.sqlite"), **(environment or {})}
        for arguments in (("migrate",), ("sandbox", "seed", "--youths", str(YOUTHS))):
            run_command(settings, *arguments, quiet=True)
        bind = free_address()
        with running(bind, settings, quiet=True):
            yield f"http://{bind}"
