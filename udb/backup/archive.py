"""The file: a zip with ``manifest.json`` and one ``<table>.jsonl`` for each table, a JSON list for each row.

It can be read without this program and is the same for every database, so that a backup of SQLite can be restored on
PostgreSQL and the other way round.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import mkstemp
from typing import Any, Final

from udb.domain.errors import FileUnusable

FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Content:
    """The content written for a table; ``sha256``: of its lines."""

    raekker: int
    sha256: str
    kolonner: list[str]


@dataclass(slots=True)
class Manifest:
    """The description of a backup: its version and moment, and the content of every table."""

    version: str
    tid: str
    """ISO, system time: everything committed before is in it."""
    nummer: str
    """The last number drawn."""
    slettelog: bool
    """True if there was a deletion log when it was made."""
    sekvenser: dict[str, int] = field(default_factory=dict)
    """Table -> the last id the database drew."""
    forsegling: tuple[int, str] | None = None
    """The last block of the read log and its hash."""
    tabeller: dict[str, Content] = field(default_factory=dict)
    udeladt: list[str] = field(default_factory=list)
    """Tables of the database that are not this program's: they are not in the backup."""
    format: int = FORMAT


class Writer:
    """Writes an archive to a temporary file and moves it to its place when complete. Only its owner may read it."""

    def __init__(self, path: Path) -> None:
        """``path``: a new file. Raises UdbRefused when it exists or cannot be written."""
        if os.path.lexists(path):
            raise _exists(path)
        self._path = path
        try:
            # A name of its own: no file or link that another user has laid ready is written to.
            number, part = mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
        except OSError as error:
            raise FileUnusable(f"{path} cannot be written: {error.strerror}.") from error
        self._part = Path(part)
        self._file = os.fdopen(number, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)

    def table(self, name: str, columns: list[str], rows: Iterable[list[Any]]) -> Content:
        """Write a table."""
        digest, count = hashlib.sha256(), 0
        with self._zip.open(f"{name}.jsonl", "w", force_zip64=True) as member:
            for line in map(line_of, rows):
                member.write(line)
                digest.update(line)
                count += 1
        return Content(count, digest.hexdigest(), columns)

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and move the file to its place, on disk when this returns.

        Raises UdbRefused when another file has got the name meanwhile.
        """
        self._zip.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        try:
            # Unlike a rename, a link replaces nothing.
            os.link(self._part, self._path)
        except FileExistsError:
            raise _exists(self._path) from None
        except OSError:
            # A file system without links.
            if os.path.lexists(self._path):
                raise _exists(self._path) from None
            self._part.rename(self._path)
        self._part.unlink(missing_ok=True)
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def discard(self) -> None:
        """Remove an unfinished file."""
        with suppress(OSError, ValueError):
            self._zip.close()
        self._file.close()
        self._part.unlink(missing_ok=True)


def _exists(path: Path) -> FileUnusable:
    return FileUnusable(f"{path} already exists: name a new file.")


def line_of(row: list[Any]) -> bytes:
    """Return a row as it is in the file; equal rows make equal lines."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Reader:
    """Reads an archive, and checks the content against the manifest."""

    def __init__(self, path: Path) -> None:
        """``path``: the file. Raises UdbRefused when it is no backup, or one of another format."""
        try:
            self._zip = zipfile.ZipFile(path)
            found = json.loads(self._zip.read(_MANIFEST))
            if found["format"] != FORMAT:
                raise FileUnusable(f"{path} is a backup of format {found['format']}: use the program that made it.")
            tables = {name: Content(**content) for name, content in found.pop("tabeller").items()}
            sealed = found.pop("forsegling")
            self.manifest = Manifest(**found, tabeller=tables, forsegling=tuple(sealed) if sealed else None)
        except OSError as error:
            raise FileUnusable(f"{path} cannot be read: {error.strerror or error}.") from error
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
            raise FileUnusable(f"{path} is not a backup of this program, or was cut off.") from error

    def rows(self, name: str) -> Iterator[Mapping[str, Any]]:
        """Yield a table's rows by column. Raises UdbRefused at the end when they are not what was written."""
        content, digest, count = self.manifest.tabeller[name], hashlib.sha256(), 0
        try:
            with self._zip.open(f"{name}.jsonl") as member:
                for line in member:
                    digest.update(line)
                    count += 1
                    yield dict(zip(content.kolonner, json.loads(line), strict=True))
        except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError) as error:
            raise FileUnusable(f"The backup's table {name} cannot be read: the file is damaged.") from error
        if (count, digest.hexdigest()) != (content.raekker, content.sha256):
            raise FileUnusable(f"The backup's table {name} is not what was written.")

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
