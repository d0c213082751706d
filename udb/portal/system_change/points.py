"""The pages of one point of a change: its checks with their rows, the tick, and the files."""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, request
from werkzeug.wrappers import Response

from udb.domain.formaal import Formaal
from udb.portal.pages import page
from udb.portal.reporting.faults import Fault
from udb.portal.state import house
from udb.portal.system_change.own_list import MOST, ListFaultyError, compare, read
from udb.portal.system_change.place import call, is_stil, number_of, user
from udb.portal.system_change.routes import missing
from udb.portal.system_change.shown import (
    HEAD,
    PAGE,
    change_shown,
    file_row,
    masked,
    result_shown,
    state_in_words,
    ticks_shown,
)
from udb.portal.youths.files import as_csv, attachment
from udb.statistics.system_change.checks import Checked
from udb.statistics.system_change.closed import last_fetched
from udb.statistics.system_change.look import fetch_numbers, look, rows, tick
from udb.statistics.system_change.numbers import COLUMNS
from udb.statistics.system_change.numbers import MOST as MOST_NUMBERS
from udb.statistics.system_change.points import LONGEST_REASON, POINTS, refusal, state_of

pages = Blueprint("change_points", __name__, url_prefix="/systemskifte/<nummer>")
_REASON: Final = "begrundelse"
_SEEN: Final = "fund"
"""How many findings the page had on which a point is ticked."""
_LONGEST_COUNT: Final = 9
_CLOSED: Final = 3
_WHOLE: Final = 5


@pages.get("/punkt/<punkt>")
def point(nummer: str, punkt: str) -> Response:
    """Show a point with the findings of its checks; to STIL's user how many there are."""
    return _point(nummer, _number(punkt), HTTPStatus.OK)


@pages.post("/punkt/<punkt>")
def ticked(nummer: str, punkt: str) -> Response:
    """Tick a point: ok when there are no findings, else confirmed with a reason."""
    number, said, seen = _number(punkt), request.form.get(_REASON, "").strip(), request.form.get(_SEEN, "")
    fund = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) <= _LONGEST_COUNT else None
    done = tick(house().context, number_of(nummer), user(), number, said, fund) if number else None
    if done is None:
        return missing()
    _, refused = done
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return _point(nummer, number, status, refused=refused, said=said if refused else "")


@pages.get("/punkt/<punkt>/hent.csv")
def findings(nummer: str, punkt: str) -> Response:
    """Give all findings of a point as a file, with CPR numbers as the institution reported them."""
    number = _number(punkt)
    found = look(house().context, number_of(nummer), user(), number) if number else None
    if found is None:
        return missing()
    results = state_of(found, number).results
    all_rows = rows(house().context, call("SystemskifteFundFil"), found, results)
    return attachment(as_csv(HEAD, map(file_row, all_rows)), "text/csv", "systemskifte.csv")


@pages.post("/numre")
def numbers(nummer: str) -> Response:
    """Give the file of numbers for the new system, and note that it was fetched."""
    only = request.form.get("institution", "") or None
    found = fetch_numbers(house().context, call("SystemskifteNumre"), number_of(nummer), user(), only)
    if found is None:
        return missing()
    if found.too_many:
        return page("system_change/too_many.html", HTTPStatus.UNPROCESSABLE_ENTITY, nummer=nummer, most=MOST_NUMBERS)
    return attachment(as_csv(COLUMNS, found.lines), "text/csv", "haendelsesnumre.csv")


@pages.post("/bestand")
def stock(nummer: str) -> Response:
    """Compare the institution's own list with the open forløb, and C3 with it; neither list nor result is stored."""
    given = request.files.get("fil")
    try:
        if given is None or not given.filename:
            raise ListFaultyError("Vælg en fil.")
        lines = read(given.stream.read())
    except ListFaultyError as fault:
        return _point(nummer, _WHOLE, HTTPStatus.UNPROCESSABLE_ENTITY, list_fault=str(fault))
    keys = frozenset((line.cprnr, line.code) for line in lines if line.is_valid)
    found = look(house().context, number_of(nummer), user(), _WHOLE, keys)
    if found is None:
        return missing()
    return _point(nummer, _WHOLE, HTTPStatus.OK, checked=found, compared=compare(lines, found))


def _number(said: str) -> int:
    """Return the number of a point; 0 for none."""
    return int(said) if said in {str(one.number) for one in POINTS} else 0


def _point(
    nummer: str,
    number: int,
    status: HTTPStatus,
    *,
    checked: Checked | None = None,
    refused: str | None = None,
    said: str = "",
    list_fault: str | None = None,
    compared: Any = None,
) -> Response:
    found = checked or (look(house().context, number_of(nummer), user(), number) if number else None)
    if found is None:
        return missing()
    state = state_of(found, number)
    reason = call("SystemskifteListe", Formaal.AFSTEMNING) if compared else call("SystemskiftePunkt")
    known = compared.persons if compared else ()
    shown = [] if is_stil() else rows(house().context, reason, found, state.results, PAGE, known)
    summary = [Fault(refused, _REASON)] if refused else []
    summary += [Fault(list_fault, "fil")] if list_fault else []
    ticks = [one for one in found.change.ticks if one.punkt == number]
    fetched = last_fetched(found.change)
    return page(
        "system_change/point.html",
        status,
        change=change_shown(found.change),
        state=state,
        words=state_in_words(state),
        results=[result_shown(one, shown) for one in state.results],
        cover=found.cover.rows if number == POINTS[1].number else (),
        departments=sorted(found.stock.places) if number == _CLOSED else (),
        fetched=fetched,
        ticks=ticks_shown(ticks),
        may_tick=not is_stil(),
        not_yet=refusal(state, "x") if state.ready else None,
        summary=summary,
        said=said,
        most_reason=LONGEST_REASON,
        most_lines=MOST,
        is_whole=number == _WHOLE,
        compared=compared,
        masked=masked,
        only_counts=is_stil(),
        is_school=not found.stock.is_kommune,
        page_size=PAGE,
    )
