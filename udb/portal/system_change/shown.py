"""What the pages of a change show, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from udb.domain.clock import day_in_words, time_in_words
from udb.portal.roles import Role
from udb.statistics.system_change.announced import Change, Tick
from udb.statistics.system_change.closed import FETCHED
from udb.statistics.system_change.look import Row
from udb.statistics.system_change.points import PointState, Tilstand, closed_at
from udb.statistics.system_change.result import Result

PAGE: Final = 100
"""Rows of one check on a page."""
HEAD: Final = ("tjek", "titel", "cprnr", "haendelse_nummer", "dato", "fund")


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change in the list."""

    id: int
    institution_nummer: str
    gammelt: str
    nyt: str
    dag: str
    kontakt: str
    meldt: str
    lukket: str


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A check with its rows: text, masked number, event. ``more``: how many of its findings are not on the page."""

    code: str
    title: str
    advice: str
    beside: str
    antal: int
    computed: bool
    ready: str
    lower_bound: bool
    rows: Sequence[tuple[str, str, str]]
    more: int

    @property
    def of_youths(self) -> bool:
        """True if any of its rows is about a youth or an event."""
        return any(cpr or nummer for _, cpr, nummer in self.rows)


def change_shown(change: Change) -> ShownChange:
    """Return a change as the list shows it."""
    closed = closed_at(change)
    return ShownChange(
        change.id,
        change.institution_nummer,
        change.gammelt,
        change.nyt,
        day_in_words(change.dag),
        change.kontakt,
        time_in_words(change.meldt),
        time_in_words(closed) if closed else "",
    )


def state_in_words(state: PointState) -> str:
    """Return the state of a point: what it is, by which role and when."""
    tick = state.tick
    if tick is None or state.tilstand not in {Tilstand.OK, Tilstand.BEKRAEFTET}:
        return state.tilstand.capitalize()
    said = "Bekræftet" if state.tilstand is Tilstand.BEKRAEFTET else "Ok"
    return f"{said} af {_role(tick)} {time_in_words(tick.tid)}"


def ticks_shown(ticks: Sequence[Tick]) -> list[tuple[str, str, str]]:
    """Return who decided a point, when, and the reason."""
    return [(f"{_role(one)} ({one.bruger})", time_in_words(one.tid), _reason(one)) for one in ticks]


def result_shown(result: Result, rows: Sequence[Row]) -> ShownResult:
    """Return a check with the rows of it among ``rows``; without rows for a role that sees counts alone."""
    own = [row for row in rows if row.result is result]
    return ShownResult(
        result.check.code,
        result.check.title,
        result.check.advice,
        result.beside,
        result.antal,
        result.computed,
        day_in_words(result.ready) if result.ready else "",
        result.lower_bound,
        [(row.finding.tekst, masked(row.cprnr), row.finding.nummer or "") for row in own],
        result.antal - len(own),
    )


def masked(cprnr: str | None) -> str:
    """Return a number of which the first four digits are shown; empty without one."""
    return f"{cprnr[:4]}xx-xxxx" if cprnr else ""


def file_row(row: Row) -> tuple[object, ...]:
    """Return a finding as a line of the file with the columns of HEAD."""
    check, finding = row.result.check, row.finding
    return check.code, check.title, row.cprnr, finding.nummer, finding.dato, finding.tekst


def _role(tick: Tick) -> str:
    return Role(tick.rolle).words.lower() if tick.rolle in set(Role) else tick.rolle


def _reason(tick: Tick) -> str:
    if tick.tilstand == FETCHED:
        return f"Hentede filen med {tick.fund} numre"
    return f"Bekræftet trods {tick.fund} fund: {tick.grund}" if tick.fund else "Ok"
