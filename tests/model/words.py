"""The model's data: youths, institutions, code rows and every report taken so far, as plain lists.

The model repeats, sentence by sentence, what a report is judged by and what becomes of it. It is slow, knows no
database and shares no code with ``udb.rules``, ``udb.domain.forloeb`` or ``udb.indberetning``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from udb.domain.haendelse import Indberetning
from udb.domain.services import KOMMUNE_REPORTS
from udb.imports.kodesaet_file import KodesaetRow, read_kodesaet
from udb.paths import CODESETS

OPTAGET, AFBRUDT, GENNEMFOERT = 1, 2, 3
RESIDENT = {"01", "03"}
SETS = (
    "cosa_formaal",
    "forberedende_aktiviteter",
    "stads",
    "kommune_aktiviteter",
    "afbrudsaarsager",
    "klassetyper",
    "fgu_skoleperioder",
    "institutionstyper",
    "aktivitetsgrupper",
)


def birthday(born: date, age: int) -> date:
    """Return the day a youth turns ``age``; 1 March for a birthday on 29 February, in years without that day."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


@dataclass(eq=False)
class Youth:
    cprnr: str
    born: date
    status: str
    kommune: str | None
    numbers: set[str]
    paalaeg: bool = False

    def has_order(self, today: date) -> bool:
        """Return whether a subscription is still active: it ends with the 30th birthday, abroad and with death."""
        return self.paalaeg and not self.order_ends(today)

    def order_ends(self, today: date) -> date | None:
        if self.turned(30, today):
            return birthday(self.born, 30)
        return today if self.status in {"80", "90"} else None

    def turned(self, age: int, day: date) -> bool:
        return day >= birthday(self.born, age)

    @property
    def home(self) -> str | None:
        """Return the home kommune: of a person with CPR status 01 or 03."""
        return self.kommune if self.status in RESIDENT else None


@dataclass
class Institution:
    nummer: str
    main: str
    type3: str
    kommune: str
    lukket: date | None = None
    in_register: bool = True

    @property
    def is_kommune(self) -> bool:
        return self.type3 == "KOM"


@dataclass(eq=False, repr=False)
class Event:
    """An accepted report, standing until it is cancelled or repeated under a new CPR number.

    ``register``: for SKAT's income, which comes from no report, and for a subscription, the kind and its value;
    ``outdated``: a correction's series no longer has it.
    """

    nummer: str
    youth: Youth
    said: Indberetning
    place: str
    forloeb_id: str | None
    advice: frozenset[str]
    repeats: "Event | None" = None
    repeated: bool = False
    cancelled: bool = False
    register: tuple[str, Any] | None = None
    outdated: bool = False

    def __repr__(self) -> str:
        return self.nummer

    @property
    def stands(self) -> bool:
        return not self.cancelled and not self.repeated

    @property
    def mark(self) -> bool:
        return self.said.ifoelge_kommunen is not None

    @property
    def day(self) -> date:
        return self.said.dato


@dataclass(eq=False)
class Cancellation:
    """The event that a cancellation makes of itself."""

    nummer: str
    of: Event


def is_risk(said: Indberetning) -> bool:
    return said.status == OPTAGET and bool(said.frafaldstruet_markering)


def is_optag(said: Indberetning) -> bool:
    return said.status == OPTAGET and not said.frafaldstruet_markering and said.ifoelge_kommunen is None


def is_end(said: Indberetning) -> bool:
    return said.status in {AFBRUDT, GENNEMFOERT} and said.ifoelge_kommunen is None


def education_code(said: Indberetning) -> tuple[str, str] | None:
    """Return the code with its code set: formaal without version, activity code, ElevTrin, STADS code, kommune
    activity, job-centre activity.
    """
    named = [
        (name, str(code))
        for name, code in (
            ("cosa_formaal", said.cosa_formaal),
            ("forberedende_aktiviteter", said.forberedende_aktivitets_kode),
            ("elevtrin", said.elev_trin),
            ("stads", said.stads_kode),
            ("kommune_aktiviteter", said.kommune_aktivitets_kode if said.ifoelge_kommunen is None else None),
            ("aktivitetsgrupper", said.aktivitetsgruppe_kode),
        )
        if code is not None
    ]
    return named[0] if len(named) == 1 else None


def shipped_rows() -> dict[str, list[KodesaetRow]]:
    """Return the shipped code sets."""
    rows: dict[str, list[KodesaetRow]] = {}
    for name in SETS:
        with (CODESETS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            rows[name] = [row for row in read_kodesaet(name, lines) if isinstance(row, KodesaetRow)]
    return rows


@dataclass(eq=False)
class World:
    rows: dict[str, list[KodesaetRow]]
    youths: list[Youth] = field(default_factory=list)
    institutions: dict[str, Institution] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    cancellations: list[Cancellation] = field(default_factory=list)
    contacts: dict[tuple[Youth, str, str], "Registered"] = field(default_factory=dict)
    wishes: dict[tuple[Youth, str, str], "Registered"] = field(default_factory=dict)
    """By youth, kind and the institution number that registered it."""
    taken: int = 0
    """How many reports were taken; a later report has a higher count."""

    def youth(self, cprnr: str) -> Youth | None:
        return next((youth for youth in self.youths if cprnr in youth.numbers), None)

    def main_of(self, institution_nummer: str) -> str:
        """Return the main institution by today's register; for an institution that has left it, its last."""
        known = self.institutions.get(institution_nummer)
        return known.main if known else institution_nummer

    def events_of(self, youth: Youth) -> Iterator[Event]:
        return (event for event in self.events if event.youth is youth)

    def numbered(self, nummer: str | None) -> Event | None:
        return next((event for event in self.events if event.nummer == nummer), None)

    def code_rows(self, name: str, kode: str, variant: str | None = None) -> list[KodesaetRow]:
        return [row for row in self.rows[name] if row.kode == kode and variant in {None, row.variant}]

    def says(self, name: str, kode: str, column: str, variant: str | None = None) -> str:
        """Return the value of a code's row in a column; empty for a code that does not exist."""
        return next((row.egenskaber[column] for row in self.code_rows(name, kode, variant)), "")

    def art(self, said: Indberetning) -> str:
        """Return the kind of education; empty for a report without formaal, or with one that does not exist."""
        if said.cosa_formaal is None:
            return ""
        return self.says("cosa_formaal", said.cosa_formaal, "art", str(said.cosa_formaal_version))


def holds_on(row: KodesaetRow, day: date) -> bool:
    return row.gyldig_fra <= day and (row.gyldig_til is None or day <= row.gyldig_til)


def ever_held_by(row: KodesaetRow, day: date) -> bool:
    """Return whether the row was valid on ``day`` or on any day before."""
    return row.gyldig_fra <= day


@dataclass
class Registered:
    """A contact person's name, mail and telephone, or the wishes of one kind."""

    texts: tuple[str | None, ...]
    at: int


def by_kommune(said: Indberetning) -> bool:
    return said.service in KOMMUNE_REPORTS
