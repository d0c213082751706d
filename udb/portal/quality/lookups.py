"""Who of the own kommune looked at which youth, for its manager. Each showing is a row of the read log (A16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from udb.domain.clock import system_today, time_in_figures
from udb.domain.formaal import Formaal
from udb.portal.pages import page
from udb.portal.quality.place import Place, missing, place
from udb.portal.quality.table import Column, Table, file, number, words
from udb.portal.reporting.faults import Fault
from udb.portal.reporting.own import day_of
from udb.portal.reporting.to_report import call_of
from udb.portal.state import house
from udb.portal.youths.place import person, reference
from udb.readlog.inspection import MOST, NAMED, PAGE, Look, Sought, inspect
from udb.store.engine import reading

pages = Blueprint("quality_lookups", __name__, url_prefix="/kvalitet/opslag")
PURPOSES: Final = {
    Formaal.VEJLEDNING: "Vejledning",
    Formaal.TILSYN_PLIGT: "Opfølgning på pligten",
    Formaal.INDBERETNING: "Indberetning",
    Formaal.DATAKVALITET: "Datakvalitet",
    Formaal.AFSTEMNING: "Afstemning",
    Formaal.STATISTIK: "Statistik",
    Formaal.SUPPORT: "Support",
}
_LIST, _FILE = "OpslagListe", "OpslagFil"
"""The operations of the read log."""
_DAYS: Final = 31
_WEEK: Final = 7
_COLUMNS: Final = (
    Column("tid", "Tid", is_number=False),
    Column("bruger", "Bruger eller system", is_number=False),
    Column("formaal", "Formål", is_number=False),
    Column("hvad", "Opslag", is_number=False),
    Column("svar", "Svar", is_number=False),
    Column("antal", "Unge"),
    Column("unge", "De unge", is_number=False),
)
_KEPT: Final = ("fra", "til", "bruger", "formaal", "ung")
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class _Asked:
    sought: Sought
    faults: list[Fault]


@pages.get("/")
def lookups() -> Response:
    """Show the rows of the own kommune that fit."""
    asked, here = _asked(), _place()
    rows, named, more = _inspected(here, asked, _LIST, PAGE)
    kept = {name: request.args[name] for name in _KEPT if request.args.get(name)}
    return page(
        "quality/lookups.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if asked.faults else HTTPStatus.OK,
        here=here,
        rows=[(one, _cells(one), _youths(one, named), _others(one, named)) for one in rows],
        columns=_COLUMNS,
        asked=request.args,
        sought=asked.sought,
        purposes=PURPOSES,
        summary=asked.faults,
        following={**kept, "foer": rows[-1].id} if more else None,
        kept=kept,
        most=MOST,
        days=_DAYS,
    )


@pages.get("/hent.csv")
def lookups_file() -> Response:
    """Give the rows that fit as a file; the youths masked."""
    asked, here = _asked(), _place()
    if asked.faults:
        return missing()
    rows, named, _ = _inspected(here, asked, _FILE, MOST)
    cells = [
        [*_cells(one), words(", ".join(text for _, _, text in _youths(one, named)) + _others(one, named))]
        for one in rows
    ]
    return file(Table("Opslag", _COLUMNS, cells), "opslag")


def _place() -> Place:
    with reading(house().context.engine) as connection:
        return place(connection)


def _inspected(here: Place, asked: _Asked, operation: str, most: int) -> tuple[list[Look], Mapping[int, str], bool]:
    if asked.faults:
        return [], {}, False
    own = here.nummer or ""
    call = call_of(operation, own, str(uuid4()), formaal=Formaal.DATAKVALITET)
    return inspect(house().context.engine, call, [own], here.kode or "", asked.sought, most=most)


def _cells(one: Look) -> list[Any]:
    answer = "Afvist" if one.klausul is None else one.klausul
    return [
        words(time_in_figures(one.tid)),
        words(one.bruger or one.system_id),
        words(PURPOSES.get(Formaal(one.formaal), one.formaal) if one.formaal in set(Formaal) else ""),
        words(one.operation),
        words(answer),
        number(one.antal) if one.klausul is not None else words(""),
    ]


def _youths(one: Look, named: Mapping[int, str]) -> list[tuple[str, str, str]]:
    """Return of each resident: the reference, the address of all looks at the youth, and the masked number."""
    found = []
    for youth in one.unge:
        if youth in named:
            said = reference(youth)
            days = {name: request.args.get(name) for name in ("fra", "til")}
            link = url_for("quality_lookups.lookups", ung=said, fra=days["fra"], til=days["til"])
            found.append((said, link, named[youth]))
    return found


def _others(one: Look, named: Mapping[int, str]) -> str:
    if one.antal is None:
        return " alle unge i registret"
    if one.klausul is None:
        return ""
    rest = one.antal - sum(youth in named for youth in one.unge)
    if rest <= 0:
        return ""
    return f" og {rest} til" if one.antal > NAMED else f" {rest} bor ikke i kommunen nu"


def _asked() -> _Asked:
    asked, today = request.args, system_today()
    faults: list[Fault] = []
    days: dict[str, date | None] = {}
    for name, label in (("fra", "Fra"), ("til", "Til")):
        said = asked.get(name, "").strip()
        days[name] = day_of(said)
        if said and days[name] is None:
            faults.append(Fault(f"{label}: Skriv datoen som dag, måned og år, fx 17-08-2026.", name))
    until = days["til"] or today
    since = days["fra"] or until - timedelta(days=_WEEK - 1)
    if since > until:
        faults.append(Fault("Til ligger før Fra.", "til"))
    elif (until - since).days >= _DAYS:
        faults.append(Fault(f"Vælg højst {_DAYS} dage ad gangen.", "fra"))
    before, youth = asked.get("foer", ""), asked.get("ung", "")
    user = asked.get("bruger", "").strip()[:_LONGEST]
    sought = Sought(
        fra=since,
        til=until,
        bruger=user or None,
        formaal=asked.get("formaal") if asked.get("formaal") in set(PURPOSES) else None,
        person_id=person(youth) if youth else None,
        foer=int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else None,  # noqa: PLR2004 - what a database's number holds
    )
    return _Asked(sought, faults)
