"""A sandbox of the suite's own: invented youths in a folder that is thrown away, a service on a free port."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from udb.sandbox.running import free_address, running

YOUTHS: Final = 200


@contextmanager
def sandbox(environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a sandbox that runs until the block ends; ``environment``: further settings."""
    with tempfile.TemporaryDirectory(prefix="udb-konformitet-") as folder:
        settings = {"UDB_DATABASE_URL": f"sqlite:///{folder}/udb.sqlite", **(environment or {})}
        for arguments in (("migrate",), ("sandbox", "seed", "--youths", str(YOUTHS))):
            subprocess.run(
                [sys.executable, "-m", "udb", *arguments],
                env=os.environ | settings,
                stdout=subprocess.DEVNULL,
                check=True,
            )
        bind = free_address()
        with running(bind, settings, quiet=True):
            yield f"http://{bind}"
