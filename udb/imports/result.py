"""The result of an import, counts or refused lines, and the report of its progress."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from udb.domain.errors import FileUnusable
from udb.domain.text import Language, Text, joined
from udb.imports.csv_file import COLUMN_MISSING, RefusedLine

MOST_REFUSED: Final = 1000
"""After so many refused lines the rest of a file is not read: it is the wrong file, or has the wrong columns."""

READING: Final = "reading"
SAVING: Final = "saving"
CALCULATING: Final = "calculating"
Progress = Callable[[str, int], None]
"""Called with the step and how many bytes of the file it has done."""


def silent(_step: str, _done: int) -> None:
    """Ignore the progress."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many lines a file had, and what became of them.

    ``skipped``: valid lines of persons that the import does not cover; ``events``: how many events were made. Both are
    None where there are never any. ``encoding``: the file's, unless it is UTF-8; ``unknown_kommune``: lines of persons
    in no kommune (other statuses, Christiansø) whose kommunekode is in no code set, if any; ``unknown_codes``: how many
    lines were left out for each code that no code set has, if any.
    """

    read: int
    added: int
    changed: int
    unchanged: int
    refused: Sequence[RefusedLine] = ()
    skipped: int | None = None
    events: int | None = None
    encoding: str | None = None
    unknown_kommune: int | None = None
    unknown_codes: Mapping[str, int] | None = None

    def to_json(self, language: Language) -> dict[str, Any]:
        """Return the counts and refused lines for ``--json`` (English) and the sandbox's HTTP import (Danish)."""
        refused = [asdict(line) | {"reason": line.reason.said(language)} for line in self.refused]
        values = asdict(self) | {"refused": refused}
        return {name: value for name, value in values.items() if value is not None}


def counted(codes: Counter[str]) -> dict[str, int] | None:
    """Return the counts by code as a result has them; None when there are none."""
    return dict(sorted(codes.items())) or None


class FileRefused(FileUnusable):
    """A file of which nothing was imported. ``result.refused`` has the reasons, line by line."""

    def __init__(self, read: int, refused: Sequence[RefusedLine]) -> None:
        super().__init__(_header(refused) or _counted(read, len(refused)))
        self.result = ImportResult(read, 0, 0, 0, tuple(sorted(refused, key=lambda line: line.number)))


def _header(refused: Sequence[RefusedLine]) -> Text | None:
    """Return the message for a file without the columns of its kind; None when it has them."""
    missing = [line.column for line in refused if line.reason == COLUMN_MISSING]
    if not missing:
        return None
    number = refused[0].number
    return Text(
        f"Filen er afvist, og intet er indlæst: overskriften i linje {number} mangler {', '.join(missing)}. "
        "Er det en fil af den rigtige slags?",
        f"The file is refused and nothing is imported: the header in line {number} lacks {', '.join(missing)}. "
        "Is it a file of the right kind?",
    )


def _counted(read: int, faults: int) -> Text:
    text = Text(
        f"Filen er afvist, og intet er indlæst: {faults} fejl i {read} {'linje' if read == 1 else 'linjer'}.",
        f"The file is refused and nothing is imported: {faults} {'fault' if faults == 1 else 'faults'} "
        f"in {read} {'line' if read == 1 else 'lines'}.",
    )
    return joined(text, _FIRST_ONLY) if faults >= MOST_REFUSED else text


_FIRST_ONLY: Final = Text("Kun de første fejl er med.", "Only the first faults are listed.")


@dataclass(slots=True)
class Tally:
    """The counts of an import while it runs."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: set[int] = field(default_factory=set)
    """Persons that a reader may see more of than before."""
    left_kommune: int = 0
    """How many persons no longer live in the kommune where they lived."""

    def result(self) -> ImportResult:
        """Return the counts so far."""
        return ImportResult(self.read, self.added, self.changed, self.unchanged)
