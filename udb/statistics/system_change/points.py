"""The five points of the checklist (S4 step 8), their states, and who may tick them when (portal 3.31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from udb.domain.cpr import names_a_person
from udb.statistics.system_change.announced import Change, Tick
from udb.statistics.system_change.checks import Checked
from udb.statistics.system_change.result import Check, Result

LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the checklist, in Danish, with its checks."""

    number: int
    title: str
    checks: tuple[Check, ...]


POINTS: Final = (
    Point(1, "Data er gennemgået før skiftet", (Check.AFVIST, Check.UDEN_SLUT, Check.FORAELDET, Check.REGLER)),
    Point(2, "Hvad der sendes hvorfra", (Check.C8, Check.CERTIFIKAT, Check.DOBBELT)),
    Point(3, "Afsluttede sager", (Check.LUKKEDE,)),
    Point(4, "Dagene omkring skiftet", (Check.C1, Check.C4, Check.C5, Check.C6)),
    Point(5, "Hele bestanden", (Check.C2, Check.C3, Check.C7, Check.C9)),
)


class Tilstand(StrEnum):
    """The states of a point."""

    EFTER = "efter skiftet"
    IKKE_KONTROLLERET = "ikke kontrolleret"
    OK = "ok"
    AFVIGELSE = "afvigelse"
    BEKRAEFTET = "bekræftet"


CONFIRMED: Final = "bekraeftet"
OK: Final = "ok"


@dataclass(frozen=True, slots=True)
class PointState:
    """A point now. ``tick``: the one that its state is by. ``ready``: the day after which it may be ticked, None: now.

    ``lower_bound``: there are at least so many findings.
    """

    point: Point
    tilstand: Tilstand
    results: Sequence[Result]
    tick: Tick | None
    ready: date | None

    @property
    def fund(self) -> int:
        """How many findings its checks have."""
        return sum(one.antal for one in self.results)

    @property
    def lower_bound(self) -> bool:
        """True if there may have been more: reports were not kept for all of the time."""
        return any(one.lower_bound for one in self.results)


def states(found: Checked) -> list[PointState]:
    """Return the five points of a change as they are now."""
    return [state_of(found, point.number) for point in POINTS]


def state_of(found: Checked, number: int) -> PointState:
    """Return a point as it is now; ``found`` must have its checks."""
    point = POINTS[number - 1]
    results = [found.results[check] for check in point.checks]
    tick = last_tick(found.change, point.number)
    fund = sum(one.antal for one in results)
    ready = max((one.ready for one in results if one.ready is not None), default=None)
    if not any(one.computed for one in results):
        tilstand = Tilstand.EFTER
    elif tick is not None and tick.tilstand == CONFIRMED and fund <= tick.fund:
        tilstand = Tilstand.BEKRAEFTET if fund else Tilstand.OK
    elif fund:
        tilstand = Tilstand.AFVIGELSE
    else:
        tilstand = Tilstand.OK if tick is not None else Tilstand.IKKE_KONTROLLERET
    return PointState(point, tilstand, results, tick, ready)


def last_tick(change: Change, number: int) -> Tick | None:
    """Return the last decision on a point; None while there is none."""
    decided = [tick for tick in change.ticks if tick.punkt == number and tick.tilstand in {OK, CONFIRMED}]
    return decided[-1] if decided else None


def closed_at(change: Change) -> datetime | None:
    """Return when the last of the five points was decided; None while one is open."""
    ticks = [last_tick(change, point.number) for point in POINTS]
    times = [tick.tid for tick in ticks if tick is not None]
    return max(times) if len(times) == len(POINTS) else None


def refusal(state: PointState, grund: str, seen: int | None = None) -> str | None:
    """Return why a point cannot be ticked, in Danish; None when it can.

    With findings it is confirmed, which needs a reason; without any it is ok. ``seen``: the findings that the user was
    shown, None where it is not known: nobody confirms more than that.
    """
    if state.ready is not None:
        return f"Punktet kan først kontrolleres efter {state.ready:%d-%m-%Y}."
    if seen is not None and state.fund > seen:
        return f"Der er kommet flere fund: nu {state.fund}, før {seen}. Se dem igennem, og send igen."
    if state.fund and not grund:
        return "Kontrollen har fund. Ret dem, eller skriv, hvorfor punktet kan bekræftes alligevel."
    if len(grund) > LONGEST_REASON or not "".join(grund.split()).isprintable():
        return f"Skriv en begrundelse på højst {LONGEST_REASON} tegn."
    if names_a_person(grund):
        return "Begrundelsen bliver gemt, og andre kan se den. Skriv den uden CPR-numre."
    return None


def tick_of(state: PointState, grund: str, bruger: str, rolle: str, now: datetime) -> Tick:
    """Return the tick of a point that is not refused: ok without findings, else confirmed. ``now``: the domain's."""
    tilstand = CONFIRMED if state.fund else OK
    return Tick(state.point.number, tilstand, bruger, rolle, now, state.fund, grund)
