"""The deletion log: a file outside database and backup that records what was deleted.

It identifies persons only by their id in this database. One JSON object per line. ``art``: ``unge`` (``personer``),
``noegler`` (``foer``) or ``laeselog`` (``blokke``, ``aar``); ``tid``: system time; ``nummer``: the last number drawn
then.
"""

import fcntl
import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from udb.domain.clock import system_time
from udb.domain.errors import FileUnusable
from udb.store.tables import counter

CLOCKS_DIFFER: Final = timedelta(days=1)
"""The most by which the hosts' clocks may differ. Deleting something twice does no harm."""


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
        line = json.dumps({"art": art, "tid": system_time().isoformat(), "nummer": last, **values})
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(self.path, "ab", opener=_private) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                # A line that broke off in the middle must not swallow this one.
                file.write(b"\n" * _is_cut_off(self.path) + line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise FileUnusable(
                f"The deletion log {self.path} cannot be written, so nothing was deleted: {error.strerror}."
            ) from error

    def since(self, instant: datetime) -> tuple[list[dict[str, Any]], list[int]]:
        """Return the lines written since, and in the day before; and the numbers of the lines that broke off.

        Nothing was deleted after a line that broke off: a full disk or a dead process stopped the deletion with it.
        Raises UdbRefused for any other line that cannot be read.
        """
        entries, broken_off = [], []
        for number, line in enumerate(self.path.read_bytes().split(b"\n"), start=1):
            if not line:
                continue
            try:
                entry = json.loads(line)
                tid = datetime.fromisoformat(entry["tid"])
            except (ValueError, TypeError, KeyError):
                if not _broke_off(line):
                    raise FileUnusable(f"Line {number} of the deletion log {self.path} cannot be read.") from None
                broken_off.append(number)
                continue
            if tid >= instant - CLOCKS_DIFFER:
                entries.append(entry)
        return entries, broken_off


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
