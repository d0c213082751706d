"""Rows of the read log in groups, as the person they are about is shown them (access.md A14): never an employee."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

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


def by_month(readings: Iterable[Reading], alone: Collection[int] = ()) -> list[Group]:
    """Return every row in exactly one group, the group with the latest row first.

    ``readings``: the earliest first and in Danish time, as ``udb.readlog.lookup.readings`` returns them; ``alone``: the
    ids of those that name one person alone.
    """
    found: dict[tuple[object, ...], Group] = {}
    for one in readings:
        # A person's row for each day of five years: what is alike is told by a tuple, and made a value once.
        when = one.tid
        is_alone = one.id in alone
        alike = (
            when.year,
            when.month,
            one.operation,
            one.institution_nummer,
            one.system_id,
            one.klausul,
            one.formaal,
            is_alone,
        )
        group = found.get(alike)
        if group is None:
            group = found[alike] = Group(_what(one, when.year, when.month, alone=is_alone))
        group.times.append(one.tid)
    return sorted(_joined(found.values()), key=lambda group: group.times[-1], reverse=True)


def _joined(groups: Iterable[Group]) -> Iterable[Group]:
    """Return one group for those that differ in what is not said of them: the system of a command."""
    found: dict[What, Group] = {}
    for group in groups:
        kept = found.setdefault(group.what, group)
        if kept is not group:
            kept.times = sorted([*kept.times, *group.times])
    return found.values()


def _what(reading: Reading, year: int, month: int, *, alone: bool) -> What:
    return What(
        kind_of(reading),
        year,
        month,
        reading.institution_nummer,
        None if is_command(reading) else reading.system_id,
        reading.operation,
        reading.klausul,
        reading.formaal,
        alone,
    )
