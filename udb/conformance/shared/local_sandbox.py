"""The suite's own sandbox: invented youths in a temporary folder, a service on a free port."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from udb.sandbox.callers import EVERYTHING
from udb.sandbox.running import free_address, run_command, running
from udb.settings import sqlite_url

YOUTHS: Final = 200


@contextmanager
def sandbox(
    environment: Mapping[str, str] | None = None, *, certificate: bool = False
) -> Iterator[tuple[str, Path | None]]:
    """Yield the address of a sandbox that runs until the block ends; ``environment``: further settings.

    ``certificate``: also the file with a certificate, and its key, for the caller that may do everything. It is gone
    with the sandbox.
    """
    with tempfile.TemporaryDirectory(prefix="udb-konformitet-") as folder:
        settings = {"UDB_DATABASE_URL": sqlite_url(Path(folder) / "udb.sqlite"), **(environment or {})}
        for arguments in (("migrate",), ("sandbox", "seed", "--youths", str(YOUTHS))):
            run_command(settings, *arguments, quiet=True)
        bind = free_address()
        with running(bind, settings, quiet=True):
            yield f"http://{bind}", _certificate(Path(folder), settings) if certificate else None


def _certificate(folder: Path, settings: Mapping[str, str]) -> Path:
    run_command(settings, "sandbox", "ca", str(folder / "ca"), "--system", EVERYTHING, quiet=True)
    return folder / "ca" / f"{EVERYTHING}.p12"
