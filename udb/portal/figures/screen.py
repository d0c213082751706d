"""What every screen of figures has in common: its choices, tables, picture and foot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.domain.clock import day_in_words, month_in_words, time_in_words
from udb.portal.figures.place import COUNTRY, Place
from udb.portal.figures.table import Table
from udb.portal.line_picture import Picture
from udb.statistics.definitions.definition import Definition
from udb.statistics.frozen import Run, Status

MOST_MONTHS: Final = 24
"""Months of a line."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A list to choose from: its name in the address, its label, its options, and the one that is chosen."""

    navn: str
    label: str
    options: Mapping[str, str]
    chosen: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen. ``choices``: beside the kommune. ``notes``: said above the tables; ``foot``: below them.

    ``picture``: of the table that is named ``linje``. ``tables`` is empty before the first run.
    """

    place: Place
    choices: Sequence[Choice]
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()
    foot: Sequence[str] = ()
    picture: Picture | None = None
    links: Sequence[tuple[str, str]] = ()
    run: Run | None = None
    definition: Definition | None = None

    @property
    def asked(self) -> dict[str, str]:
        """What the address of this screen says, with all its choices."""
        return {**self.place.asked, **{one.navn: one.chosen for one in self.choices if one.chosen}}

    @property
    def kommuner(self) -> Choice:
        """The choice of the kommune: the own one first, then the country, then the others by code: no ranking."""
        kode, names = self.place.own, self.place.kommuner
        own = {kode: f"{names[kode]} (jeres)"} if kode is not None and kode in names else {}
        options = {**own, COUNTRY: "Hele landet", **{one: navn for one, navn in names.items() if one not in own}}
        return Choice("kommune", "Kommune", options, self.place.kode or COUNTRY)

    @property
    def has_hidden(self) -> bool:
        """Whether a cell of its tables is hidden."""
        return any(table.has_hidden for table in self.tables)

    def table(self, navn: str) -> Table | None:
        """Return a table by its name."""
        return next((one for one in self.tables if one.navn == navn), None)


def months(days: Mapping[date, Run], run: Run | None) -> Choice:
    """Return the choice of the month, the latest first."""
    options = {
        day.isoformat(): f"{month_in_words(day)}{' (foreløbig)' if one.status is Status.FORELOEBIG else ''}"
        for day, one in reversed(list(days.items()))
    }
    return Choice("dag", "Måned", options, run.dag.isoformat() if run else "")


def notes_of(run: Run) -> list[str]:
    """Return what must be said of a run's figures."""
    notes = []
    if run.status is Status.FORELOEBIG:
        used = (
            f"indkomst for {month_in_words(run.indkomst_maaned)} er brugt"
            if run.indkomst_maaned
            else "ingen indkomst er brugt"
        )
        notes.append(f"Tallene er foreløbige: eIndkomst for {month_in_words(run.dag)} er ikke leveret, og {used}.")
    if run.dagens_bopael:
        notes.append(
            "Efter dagens bopæl: statusdagen er fra før bopæl blev gemt, så de unge er talt med, hvor de boede, da "
            "tallet blev beregnet."
        )
    return notes


def foot_of(run: Run, definition: Definition) -> list[str]:
    """Return the lines that say what a run's figures are."""
    income = month_in_words(run.indkomst_maaned) if run.indkomst_maaned else "ingen"
    return [
        f"Definition: {definition.navn}, version {run.version}. {definition.formel}",
        f"Statusdag: {day_in_words(run.dag)}. Senest leverede måned af eIndkomst: {income}.",
        f"Beregnet {time_in_words(run.beregnet)} fra øjebliksbillede {run.beregnet_af_nummer}.",
    ]
