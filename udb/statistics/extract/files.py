"""The files of an extract: CSV whose bytes follow from the rows alone, also when packed.

Separated by semicolons, UTF-8, one LF after each row, dates as ISO, 0 and 1, empty for what is not given. Only their
owner may read them.
"""

import csv
import gzip
import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from udb.domain.errors import ExtractRefused, FileUnusable

OWNER: Final = 0o600
_FOLDER: Final = 0o700
_LEVEL: Final = 6


@dataclass(slots=True)
class Column:
    """What the manifest says of a column. ``mindst``, ``stoerst``: over the values that are given."""

    mindst: Any = None
    stoerst: Any = None
    tomme: int = 0

    def add(self, values: Sequence[Any]) -> None:
        """Count some values."""
        given = [value for value in values if value is not None and value != ""]
        self.tomme += len(values) - len(given)
        if given:
            low, high = min(given), max(given)
            self.mindst = low if self.mindst is None else min(self.mindst, low)
            self.stoerst = high if self.stoerst is None else max(self.stoerst, high)


@dataclass(frozen=True, slots=True)
class Content:
    """A finished file. ``bytes``, ``sha256``: of the file as it is on disk."""

    fil: str
    raekker: int
    bytes: int
    sha256: str
    kolonner: dict[str, Column] = field(default_factory=dict)


class File:
    """One file of an extract, while it is written."""

    def __init__(
        self, folder: Path, name: str, columns: Sequence[str], *, packed: bool, described: bool = True
    ) -> None:
        """Begin a new file with its header. ``described``: the manifest has its columns. Raises OSError."""
        self.path = folder / f"{name}.csv{'.gz' if packed else ''}"
        self.rows = 0
        number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER)
        self._disk = _Hashed(os.fdopen(number, "wb"))
        # Neither a time nor a name: the same rows are the same bytes.
        self._packed = gzip.GzipFile("", "wb", _LEVEL, self._disk, mtime=0) if packed else None
        self._columns = {column: Column() for column in columns} if described else {}
        try:
            self._write([columns])
        except OSError:
            self.discard()
            raise

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write rows. Raises OSError."""
        if not rows:
            return
        self.rows += len(rows)
        shown = [[_shown(value) for value in row] for row in rows]
        if self._columns:
            for column, values in zip(self._columns.values(), zip(*shown, strict=True), strict=True):
                column.add(values)
        self._write(shown)

    def _write(self, rows: Iterable[Sequence[Any]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";", lineterminator="\n").writerows(rows)
        (self._packed or self._disk).write(text.getvalue().encode())

    def finish(self) -> Content:
        """Close the file, on disk when this returns. Raises OSError."""
        if self._packed is not None:
            self._packed.close()
        self._disk.finish()
        return Content(self.path.name, self.rows, self._disk.size, self._disk.digest.hexdigest(), self._columns)

    def discard(self) -> None:
        """Remove the file."""
        with suppress(OSError, ValueError):
            self._disk.file.close()
        self.path.unlink(missing_ok=True)


class _Hashed(io.RawIOBase):
    """A file that counts and hashes what is written to it."""

    def __init__(self, file: Any) -> None:
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def finish(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()


def _shown(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def require_empty(folder: Path) -> None:
    """Raise ExtractRefused when there is something in a folder, FileUnusable when it cannot be read."""
    try:
        used = folder.is_dir() and any(folder.iterdir())
    except OSError as error:
        raise _unusable(folder, error) from error
    if used:
        raise ExtractRefused(f"There is something in {folder}: name a new or an empty folder.")


def open_folder(folder: Path) -> None:
    """Make the folder of an extract, or take one that is empty. Raises ExtractRefused, FileUnusable."""
    try:
        folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error
    require_empty(folder)


def _unusable(folder: Path, error: OSError) -> FileUnusable:
    return FileUnusable(f"{folder} cannot be used: {error.strerror}.")
