"""A folder for the files that the workers of a host share while they live.

It lies in memory where a system has a place for such files: they are mapped, and of a file on a disk that runs full the
first touch of a new page ends the process, with every call it has.
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
    """Such a folder. Making one removes those whose processes were killed."""

    def __init__(self, top: Path | None = None) -> None:
        """``top``: where it is made, instead of in memory or where temporary files are."""
        top = top or (MEMORY if has_room(MEMORY) else Path(tempfile.gettempdir()))
        for folder in top.glob(f"{_PREFIX}*"):
            _remove_if_dead(folder)
        self.path: Final = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=top))
        # Held by this process and all that are forked from it.
        self._held: Final = _locked(self.path)

    def remove(self) -> None:
        """Remove it, with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._held.close()


def has_room(folder: Path) -> bool:
    """Return whether it is there, may be written to, and has room for what a host's workers share."""
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= _ROOM


_ROOM: Final = 32 * 1024 * 1024


def _locked(folder: Path) -> IO[bytes]:
    new = folder / f"{_ALIVE}.new"
    held = new.open("wb")
    fcntl.flock(held, fcntl.LOCK_EX)
    # Under its name it is never seen without the lock.
    new.rename(folder / _ALIVE)
    return held


def _remove_if_dead(folder: Path) -> None:
    # Other programs may have put anything there. A folder without the file is being made.
    with suppress(OSError):
        if folder.lstat().st_uid != os.geteuid():
            return
        with (folder / _ALIVE).open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
