"""What an import gives: counts, or the refused lines; and how it tells how far it is."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from udb.domain.errors import UdbRefused
from udb.imports.csv_file import RefusedLine

MOST_REFUSED: Final = 1000
"""After so many refused lines the rest of a file is not looked at: it is the wrong file, or has the wrong columns."""

Progress = Callable[[str, int], None]
"""Called with the name of the step and how many bytes of the file it has done."""


def silent(_step: str, _done: int) -> None:
    """Progress nobody looks at."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many lines a file had, and what became of them.

    ``skipped``: right, but of nobody it is drawn for; ``events``: how many it made; None where there are never any.
    """

    read: int
    added: int
    changed: int
    unchanged: int
    refused: Sequence[RefusedLine] = ()
    skipped: int | None = None
    events: int | None = None

    def to_json(self) -> dict[str, Any]:
        """For ``--json`` and the sandbox's HTTP import."""
        values = asdict(self) | {"refused": [asdict(line) for line in self.refused]}
        return {name: value for name, value in values.items() if value is not None}


class FileRefused(UdbRefused):
    """A file of which nothing was imported. ``result.refused`` says why, line by line."""

    def __init__(self, read: int, refused: Sequence[RefusedLine]) -> None:
        more = " Kun de første fejl er med." if len(refused) >= MOST_REFUSED else ""
        super().__init__(f"Filen er afvist, og intet er indlæst: {len(refused)} fejl i {read} linjer.{more}")
        self.result = ImportResult(read, 0, 0, 0, tuple(sorted(refused, key=lambda line: line.number)))


@dataclass(slots=True)
class Tally:
    """The counts of an import while it runs."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: set[int] = field(default_factory=set)
    """Persons of whom somebody may see more than before."""

    def result(self) -> ImportResult:
        """The counts as they stand."""
        return ImportResult(self.read, self.added, self.changed, self.unchanged)
