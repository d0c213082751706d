"""Read a register's file as a whole: its lines with their fields checked. Write the file of refused lines."""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, Final, TypeVar

from udb.domain.text import Language, Text
from udb.imports.csv_file import Line, RefusedLine, decoded, read_lines
from udb.imports.kodesaet_file import Kind
from udb.imports.result import MOST_REFUSED, FileRefused, Progress

BATCH: Final = 1000
LONGEST_LINE: Final = 64 * 1024
_CUT_OFF: Final = Text(
    "Filen slutter midt i en linje. Den er måske afkortet; en hel fil slutter med et linjeskift.",
    "The file ends in the middle of a line. It may be cut off; a whole file ends with a line break.",
)
_TOO_LONG: Final = Text(
    "Linjen er for lang: den kan ikke høre til i denne fil.", "The line is too long to be a line of this file."
)
EMPTY: Final = Text(
    "Filen har ingen linjer under overskriften. En tom fil indlæses aldrig.",
    "The file has no lines below the header. An empty file is never imported.",
)
_T = TypeVar("_T")


class Broken(Exception):
    """A file that cannot be read to its end; ``line`` says where and why."""

    def __init__(self, line: RefusedLine) -> None:
        super().__init__(line.reason.en)
        self.line = line


def read_file(
    stream: IO[bytes], columns: Collection[str], *, foreign: bool = False, may_lack: Collection[str] = ()
) -> Iterator[Line | RefusedLine]:
    """Apply ``csv_file.read_lines`` to a file from its beginning.

    A cut-off file or an endless line is refused where it breaks. ``foreign``: the file has a form that is not UDB's,
    with more columns than ``columns``, and perhaps no line break at its end. ``may_lack``: as in ``read_lines``.
    """
    text = decoded(stream)
    try:
        lines = whole_lines(text, end_may_be_open=foreign)
        yield from read_lines(lines, columns, others_allowed=foreign, may_lack=may_lack)
    except Broken as broken:
        yield broken.line
    finally:
        text.detach()


def whole_lines(text: TextIOWrapper, *, end_may_be_open: bool = False) -> Iterator[str]:
    """Yield the lines of a file. Raises Broken when a line is too long, or not ended although it must be."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if not line.endswith(("\n", "\r")):
            cut_off = len(line) < LONGEST_LINE
            if not (cut_off and end_may_be_open):
                raise Broken(RefusedLine(number, "", _CUT_OFF if cut_off else _TOO_LONG))
        yield line


def checked(
    stream: IO[bytes],
    kinds: Mapping[str, Kind],
    faults: "Faults",
    progress: Progress,
    step: str,
    *,
    foreign: bool = False,
    may_lack: Collection[str] = (),
) -> Iterator[Line]:
    """Yield the lines whose fields are all of their kind; keep the others in ``faults``.

    ``foreign``, ``may_lack``: as in ``read_file``.
    """
    for line in read_file(stream, kinds, foreign=foreign, may_lack=may_lack):
        if isinstance(line, RefusedLine):
            faults.add(line)
            continue
        faults.read += 1
        if faults.read % BATCH == 0:
            progress(step, stream.tell())
        wrong = [
            RefusedLine(line.number, column, kind.wanted)
            for column, kind in kinds.items()
            if column in line.values and not kind.accepts(line.values[column])
        ]
        faults.add(*wrong)
        if not wrong:
            yield line
    progress(step, stream.tell())


class Faults:
    """The refused lines of one file, and how many lines were read."""

    def __init__(self) -> None:
        self.read = 0
        self._lines: list[RefusedLine] = []

    def add(self, *lines: RefusedLine) -> None:
        """Keep refused lines. Raises FileRefused when there are too many to go on."""
        self._lines.extend(lines)
        if len(self._lines) >= MOST_REFUSED:
            raise FileRefused(self.read, self._lines[:MOST_REFUSED])

    def refuse(self, line: Line, column: str, reason: Text) -> None:
        """Keep one field's refusal."""
        self.add(RefusedLine(line.number, column, reason))

    def raise_any(self) -> None:
        """Raise FileRefused when any line was refused, or none was read: an empty file is a fault of its sender."""
        if not self.read and not self._lines:
            self.add(RefusedLine(1, "", EMPTY))
        if self._lines:
            raise FileRefused(self.read, self._lines)


def batches(items: Iterable[_T], size: int = BATCH) -> Iterator[list[_T]]:
    """Yield the items in lists of at most ``size``."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def refusal_file(file: Path) -> Path:
    """Return the path of the file with the refused lines of a file."""
    return file.with_name(f"{file.name}.afvist.csv")


def write_refusals(file: Path, refused: Iterable[RefusedLine], language: Language) -> Path:
    """Write which lines were refused, in which column and why, but nothing of a person; return the file's path."""
    target = refusal_file(file)
    with target.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(("linje", "kolonne", "fejl"))
        writer.writerows((line.number, line.column, line.reason.said(language)) for line in refused)
    return target
