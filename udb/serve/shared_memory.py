"""A folder for the files that the workers of a host share while they run.

It is in memory (/dev/shm) if the system has that: the files are memory-mapped, and if their disk is full, the first
access to a new page kills the process with all its calls.
"""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the folder is made as mkdtemp makes one
_PREFIX: Final = "udb-metrics-"
_ALIVE: Final = "alive"


class Scratch:
    """The folder of one service. Making it removes the folders of services whose processes were killed."""

    def __init__(self, top: Path | None = None) -> None:
        """``top``: the folder to make it in; None: /dev/shm if it has room, else the folder of temporary files."""
        top = top or (MEMORY if has_room(MEMORY) else Path(tempfile.gettempdir()))
        for folder in top.glob(f"{_PREFIX}*"):
            _remove_if_dead(folder)
        self.path: Final = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=top))
        # The lock is held by this process and all that are forked from it.
        self._held: Final = _locked(self.path)

    def remove(self) -> None:
        """Remove the folder with all its files."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._held.close()


def has_room(folder: Path) -> bool:
    """Return whether a folder exists, is writable and has room for the files that a host's workers share (32 MiB)."""
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= _ROOM


_ROOM: Final = 32 * 1024 * 1024


def _locked(folder: Path) -> IO[bytes]:
    new = folder / f"{_ALIVE}.new"
    held = new.open("wb")
    fcntl.flock(held, fcntl.LOCK_EX)
    # Renamed after it is locked: no other process can find it unlocked.
    new.rename(folder / _ALIVE)
    return held


def _remove_if_dead(folder: Path) -> None:
    # Other programs may have made a folder of this name. A folder without the lock file is just being made.
    with suppress(OSError):
        if folder.lstat().st_uid != os.geteuid():
            return
        with (folder / _ALIVE).open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
