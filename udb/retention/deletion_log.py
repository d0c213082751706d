"""The deletion log: a file outside database and backup that records what was deleted.

It identifies persons only by their id in this database. One JSON object per line. ``art``: ``unge`` (``personer``;
``dag``: the domain's day), ``noegler`` or ``modtagelser`` (``foer``), or ``laeselog`` (``blokke``, ``aar``); ``tid``:
system time; ``nummer``: the last number drawn then; ``forrige``: the hash of the line before, so that no line is
added, changed, moved or taken away between two others without a trace. Lines of the first release have no hash.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import Connection, select

from udb.domain.clock import system_time
from udb.domain.errors import FileUnusable
from udb.store.tables import counter

CLOCKS_DIFFER: Final = timedelta(days=1)
"""The most by which the hosts' clocks may differ. Deleting something twice does no harm."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file. ``number``: from 1. ``entry``: what it says; None: it cannot be read. ``follows``: it holds
    the hash of the line before it, or is of the first release as that one is.
    """

    number: int
    entry: dict[str, Any] | None
    follows: bool


class DeletionLog:
    """A file to which lines are only added."""

    def __init__(self, path: Path) -> None:
        """``path``: the file; it is made, with its folder, when the first line is written."""
        self.path = path

    def note(self, connection: Connection, art: str, **values: Any) -> None:
        """Write what the transaction of ``connection`` is about to delete; on disk when this returns.

        Raises UdbRefused when the file cannot be written: nothing is deleted without a note.
        """
        # If the transaction then does not commit, the note names only what is due for deletion anyway.
        last = connection.execute(select(counter.c.last)).scalar_one()
        entry = {"art": art, "tid": system_time().isoformat(), "nummer": last, **values}
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(self.path, "a+b", opener=_private) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                line = json.dumps({**entry, "forrige": _hash(_last_line(file))})
                # A line that broke off in the middle must not swallow this one.
                file.write(b"\n" * _is_cut_off(self.path) + line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise FileUnusable(
                f"The deletion log {self.path} cannot be written, so nothing was deleted: {error.strerror}."
            ) from error

    def since(self, instant: datetime) -> tuple[list[Line], list[int]]:
        """Return the lines written since, and in the day before, and those that cannot be read; and the numbers of the
        lines that broke off.

        Nothing was deleted after a line that broke off: a full disk or a dead process stopped the deletion with it.
        """
        content, broken_off = self.path.read_bytes().split(b"\n"), []
        found = []
        before, chained = b"", False
        for number, line in enumerate(content, start=1):
            if not line:
                continue
            if _broke_off(line):
                broken_off.append(number)
                continue
            entry = _read(line)
            forrige = None if entry is None else entry.get("forrige")
            follows = entry is not None and (not chained if forrige is None else forrige == _hash(before))
            before, chained = line, chained or forrige is not None
            if entry is None or datetime.fromisoformat(entry["tid"]) >= instant - CLOCKS_DIFFER:
                found.append(Line(number, entry, follows))
        return found, broken_off


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        entry: dict[str, Any] = json.loads(line)
        return None if datetime.fromisoformat(entry["tid"]).tzinfo is None else entry
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest() if line else ""


def _last_line(file: BinaryIO) -> bytes:
    """Return the last line that did not break off; nothing when there is none."""
    return next((line for line in _backwards(file) if line and not _broke_off(line)), b"")


def _backwards(file: BinaryIO) -> Iterator[bytes]:
    end, rest = file.seek(0, os.SEEK_END), b""
    while end:
        start = max(0, end - _AT_ONCE)
        file.seek(start)
        # The first of these may begin before what was read.
        rest, *lines = (file.read(end - start) + rest).split(b"\n")
        yield from reversed(lines)
        end = start
    yield rest


_AT_ONCE: Final = 64 * 1024


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _broke_off(line: bytes) -> bool:
    """Return whether a line begins as every line does and lacks its end. A crash can leave zeros instead of it."""
    written = line.rstrip(b"\0")
    return b"}" not in written and (written.startswith(_BEGINS) or _BEGINS.startswith(written))


_BEGINS: Final = b'{"art": "'


def _is_cut_off(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"
