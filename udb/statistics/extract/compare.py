"""Compare two extracts of one day: what a later one has more, less or otherwise (portal 3.25, F73).

Both files of a pair are read side by side in the order of their ids, so memory is flat.
"""

import csv
import gzip
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

from udb.domain.errors import ExtractRefused, FileUnusable
from udb.statistics.extract import beskaeftigelse, forloeb, haendelser, kontakttid, manifest, unge

KEYS: Final = {
    unge.NAME: ("id",),
    forloeb.NAME: ("id", "forloeb_nr"),
    haendelser.NAME: ("id", "haendelse_nummer"),
    beskaeftigelse.NAME: ("id", "maaned"),
    kontakttid.NAME: ("id", "haendelse_nummer"),
}
"""The columns that name a row, of the files that are about youths."""
SAME: Final = ("dag", "fra", "kommune", "noegle")
"""What two extracts must have in common."""
_MONTH: Final = len("2026-10")
NEW, GONE, CHANGED = "ny", "vaek", "aendret"


class Line(NamedTuple):
    """How many rows of a file differ. ``maaned``: of the registration, empty where the file does not say it."""

    fil: str
    kommune: str
    maaned: str
    ny: int
    vaek: int
    aendret: int


Rows = dict[tuple[str, ...], dict[str, str]]
"""The rows of one youth in one file, by key."""


class Youth(NamedTuple):
    """One youth in an extract, with the rows of each file."""

    id: str
    rows: dict[str, Rows]

    @property
    def kommune(self) -> str:
        """The kommune on the day."""
        return self.rows[unge.NAME][self.id,]["kommunekode"]


def compare(first: Path, second: Path) -> list[Line]:
    """Return how the second extract differs from the first, by file, kommune and month of registration.

    The kommune is that of the second; of a youth who is gone, of the first. Raises FileUnusable when a folder is no
    whole extract, ExtractRefused when they are not of one day, period, kommune and key.
    """
    one, other = manifest.read(first), manifest.read(second)
    differing = [name for name in SAME if one[name] != other[name]]
    if differing:
        raise ExtractRefused(f"They cannot be compared: they differ in {', '.join(differing)}.")
    counts: Counter[tuple[str, str, str, str]] = Counter()
    with ExitStack() as opened:
        for was, now in _side_by_side(_youths(first, one, opened), _youths(second, other, opened)):
            kommune = (now or was).kommune  # type: ignore[union-attr]  # one of the two is there
            for name in KEYS:
                before, after = (youth.rows[name] if youth else {} for youth in (was, now))
                for what, row in _differences(before, after):
                    counts[name, kommune, row.get("registreret", "")[:_MONTH], what] += 1
    places = sorted({key[:3] for key in counts})
    return [Line(*place, *(counts[*place, what] for what in (NEW, GONE, CHANGED))) for place in places]


def _differences(before: Rows, after: Rows) -> Iterator[tuple[str, dict[str, str]]]:
    for key in sorted(before.keys() | after.keys()):
        if key not in before:
            yield NEW, after[key]
        elif key not in after:
            yield GONE, before[key]
        elif before[key] != after[key]:
            yield CHANGED, after[key]


def _side_by_side(one: Iterator[Youth], other: Iterator[Youth]) -> Iterator[tuple[Youth | None, Youth | None]]:
    was, now = next(one, None), next(other, None)
    while was is not None or now is not None:
        if now is None or (was is not None and was.id < now.id):
            yield was, None
            was = next(one, None)
        elif was is None or now.id < was.id:
            yield None, now
            now = next(other, None)
        else:
            yield was, now
            was, now = next(one, None), next(other, None)


def _youths(folder: Path, found: dict[str, Any], opened: ExitStack) -> Iterator[Youth]:
    """Yield the youths of an extract in the order of their ids; each has a row in ``unge``."""
    others = {name: _groups(_lines(folder, found, name, opened)) for name in KEYS if name != unge.NAME}
    ahead = {name: next(groups, None) for name, groups in others.items()}
    for pseudonym, own in _groups(_lines(folder, found, unge.NAME, opened)):
        rows = {unge.NAME: _keyed(unge.NAME, own)}
        for name, groups in others.items():
            group = ahead[name]
            mine = group is not None and group[0] == pseudonym
            rows[name] = _keyed(name, group[1]) if group is not None and mine else {}
            if mine:
                ahead[name] = next(groups, None)
        yield Youth(pseudonym, rows)


def _groups(lines: Iterable[dict[str, str]]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    for pseudonym, group in groupby(lines, key=lambda row: row["id"]):
        yield pseudonym, list(group)


def _keyed(name: str, rows: Iterable[dict[str, str]]) -> Rows:
    return {tuple(row[column] for column in KEYS[name]): row for row in rows}


def _lines(folder: Path, found: dict[str, Any], name: str, opened: ExitStack) -> Iterator[dict[str, str]]:
    """Open a file of an extract. Raises FileUnusable when it is not as the manifest says."""
    content = next(one for one in found["filer"] if one["fil"].split(".")[0] == name)
    path = folder / content["fil"]
    try:
        file = opened.enter_context(path.open("rb"))
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
    except OSError as error:
        raise FileUnusable(f"{path} cannot be read: {error.strerror}.") from None
    if digest != content["sha256"]:
        raise FileUnusable(f"{path} is not the file that the manifest names: its SHA-256 is another.")
    plain: Any = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
    text = opened.enter_context(io.TextIOWrapper(plain, encoding="utf-8", newline=""))
    return iter(csv.DictReader(text, delimiter=";"))
