"""An anchor that is a file: a JSON object per line with ``blok``, ``hash`` and ``tid``; lines are only added.

The file must be there already. A disk that is not mounted would otherwise get a new file in its place, unnoticed.
"""

import fcntl
import json
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Connection, Engine

from udb.domain.clock import system_time
from udb.domain.errors import AnchorUnavailable
from udb.readlog.anchor import Anchored
from udb.readlog.verdict import Seal

_END: Final = 4096
"""How much of the end is read for the last line; a line has about 140 bytes."""


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """The file at a path."""

    path: Path

    def latest(self, connection: Connection) -> Seal | None:
        """Return the block of the last line that is whole."""
        with self._opened(os.O_RDONLY) as file:
            return _last(file)

    def add(self, engine: Engine, blocks: Sequence[Seal]) -> None:
        """Add a line for each block, on disk when this returns; one that another host has added is left out."""
        with self._opened(os.O_RDWR | os.O_APPEND) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            last = _last(file)
            tid = system_time().isoformat()
            lines = "".join(
                json.dumps({"blok": block.nummer, "hash": block.hash, "tid": tid}) + "\n"
                for block in blocks
                if last is None or block.nummer > last.nummer
            )
            # A line that broke off in the middle must not swallow the next one.
            file.write(b"\n" * _is_cut_off(file) + lines.encode())
            file.flush()
            os.fsync(file.fileno())

    def end(self) -> int:
        """Return the size of the file."""
        with self._opened(os.O_RDONLY) as file:
            return file.seek(0, os.SEEK_END)

    def kept(self, connection: Connection, end: int) -> Iterator[Anchored | str]:
        """Yield every line that was there at that size, and name those that are not whole."""
        with self._opened(os.O_RDONLY) as file:
            for number, line in enumerate(file, start=1):
                end -= len(line)
                if end < 0:
                    return
                if found := _read(line):
                    yield found
                elif line.strip():
                    yield f"Line {number} of the anchor broke off and was not counted."

    @contextmanager
    def _opened(self, flags: int) -> Iterator[IO[bytes]]:
        mode = "r+b" if flags & os.O_RDWR else "rb"
        try:
            # Without waiting: opening a pipe would.
            descriptor = os.open(self.path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            file: IO[bytes]
            with os.fdopen(descriptor, mode) as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise AnchorUnavailable(f"The anchor {self.path} is no file.")
                yield file
        except OSError as error:
            raise AnchorUnavailable(f"The anchor {self.path} cannot be used: {error.strerror}.") from error


def _last(file: IO[bytes]) -> Seal | None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _END, 0))
    found = [line for line in map(_read, file.read().split(b"\n")) if line]
    return Seal(found[-1].nummer, found[-1].hash) if found else None


def _read(line: bytes) -> Anchored | None:
    try:
        found = json.loads(line)
        return Anchored(int(found["blok"]), str(found["hash"]), datetime.fromisoformat(found["tid"]))
    except (ValueError, TypeError, KeyError):
        return None


def _is_cut_off(file: IO[bytes]) -> bool:
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read() != b"\n"
