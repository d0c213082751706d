"""Rows of the read log in groups, as the person they are about is shown them (access.md A14): never an employee."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from udb.domain.clock import danish_date
from udb.domain.formaal import Formaal
from udb.domain.services import REPORTS
from udb.readlog.lookup import COMMAND_LINE, OPERATOR, Reading


class Kind(StrEnum):
    """Why the log has a row: someone received data, reported, was refused, or the person looked themselves."""

    RECEIVED = "modtaget"
    REPORTED = "indberettet"
    REFUSED = "afvist"
    OWN = "egen"


@dataclass(frozen=True, slots=True)
class What:
    """What the rows of a group have in common.

    ``system_id``: None for a command of the operator, whose system in the log names the employee who ran it.
    ``formaal``: what a person looked for; None for a system. ``alone``: whether they name no other person.
    """

    kind: Kind
    year: int
    month: int
    institution_nummer: str
    system_id: str | None
    operation: str
    klausul: str | None
    formaal: str | None
    alone: bool


@dataclass(slots=True)
class Group:
    """The rows of one month that are alike; ``times``: of each, the earliest first."""

    what: What
    times: list[datetime] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows it has."""
        return len(self.times)


def kind_of(reading: Reading) -> Kind:
    """Return why a row is in the log."""
    if reading.formaal == Formaal.EGEN_INDSIGT:
        return Kind.OWN
    if reading.operation in REPORTS:
        return Kind.REPORTED
    return Kind.REFUSED if reading.klausul is None else Kind.RECEIVED


def is_command(reading: Reading) -> bool:
    """Return whether the operator's command line made the row."""
    return reading.klausul == OPERATOR or reading.system_id.startswith(f"{COMMAND_LINE}:")


def what_of(reading: Reading, *, alone: bool = False) -> What:
    """Return what a row says, without the employee, the certificate and the ids of the call.

    ``alone``: whether the row names no other person.
    """
    day = danish_date(reading.tid)
    system_id = None if is_command(reading) else reading.system_id
    return What(
        kind_of(reading),
        day.year,
        day.month,
        reading.institution_nummer,
        system_id,
        reading.operation,
        reading.klausul,
        reading.formaal,
        alone,
    )


def by_month(readings: Iterable[Reading], alone: Collection[int] = ()) -> list[Group]:
    """Return every row in exactly one group, the group with the latest row first.

    ``readings``: the earliest first, as ``udb.readlog.lookup.readings`` returns them; ``alone``: the ids of those that
    name one person alone.
    """
    found: dict[What, Group] = {}
    for reading in readings:
        what = what_of(reading, alone=reading.id in alone)
        found.setdefault(what, Group(what)).times.append(reading.tid)
    return sorted(found.values(), key=lambda group: group.times[-1], reverse=True)
