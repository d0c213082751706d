"""Status: how many are in the group of a definition, by month, with a line over two years."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection

from udb.domain.clock import add_months, month_in_words
from udb.portal.figures.changes import system_changes
from udb.portal.figures.lists import link_to
from udb.portal.figures.place import Place, chosen_run, one_of, place
from udb.portal.figures.screen import MOST_MONTHS, Choice, Screen, foot_of, months, notes_of
from udb.portal.figures.table import NOT_COUNTED, Cell, Table, count, percent, words
from udb.portal.line_picture import Picture, Point, changes_of, draw
from udb.statistics import frozen
from udb.statistics.definitions.bredere import BREDERE
from udb.statistics.definitions.daekning import DAEKNING
from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.kui import KUI
from udb.statistics.definitions.neet import NEET
from udb.statistics.definitions.restgruppe import RESTGRUPPE
from udb.statistics.frozen import Run, Status
from udb.statistics.seen import Counts

DEFINITIONS: Final[Mapping[str, Definition]] = {one.kort: one for one in (RESTGRUPPE, KUI, BREDERE, NEET)}
P: Final = "P"
GROUPS: Final = {
    "forberedende": "I FGU eller forberedende aktivitet",
    "paalaeg": "Med uddannelsespålæg",
    "fritaget": "Fritaget, syg, på orlov eller i foranstaltning",
    "udland": "I udlandet",
    "praktik": "I praktik",
    "deltid": "I deltidsjob",
    "uden": "Uden aktivitet",
}
ROWS: Final[Mapping[str, Mapping[str, str]]] = {
    RESTGRUPPE.kort: {
        "fuldfoert": "Har fuldført en uddannelse",
        "i_uddannelse": "I uddannelse",
        "i_job": "I job, 18 timer eller mere",
        "restgruppe": "Restgruppen",
    },
    KUI.kort: {**GROUPS, "i_alt": "Målgruppen i alt"},
    BREDERE.kort: {**GROUPS, "ukendt": "25-29 år, beskæftigelse ukendt", "i_alt": "Målgruppen i alt"},
    NEET.kort: {"neet": "Hverken i uddannelse eller job"},
}
"""The rows of each definition; the last one is the figure itself."""
AGES: Final[Mapping[str, Sequence[str]]] = {BREDERE.kort: ("15-17", "18-24", "25-29")}
UNDER_25: Final = ("15-17", "18-24")


def status(connection: Connection) -> Screen:
    """Return the screen that a request asks for."""
    here, kort = place(connection), one_of("definition", list(DEFINITIONS))
    definition = DEFINITIONS[kort]
    days = frozen.published_days(connection, kort)
    run = chosen_run(days)
    ages = AGES.get(kort, UNDER_25)
    alder = one_of("alder", ["", *ages])
    choices = [
        Choice("definition", "Definition", {name: one.navn for name, one in DEFINITIONS.items()}, kort),
        months(days, run),
        Choice(
            "alder",
            "Alder",
            {"": "Alle", **{age: f"{age} år" for age in ages}},
            alder,
        ),
    ]
    if run is None:
        return Screen(here, choices, definition=definition)
    line, points = _line(connection, here, kort, run)
    changed = [f"Fra {label} er tallene efter en ny definition: linjen er brudt." for label in changes_of(points)]
    happened = system_changes(connection, here, run, points)
    return Screen(
        here,
        choices,
        [_table(connection, here, run, alder or None, days), line],
        [*notes_of(run), *_coverage(connection, here, run), *changed],
        foot_of(run, definition),
        _drawn(definition, here, points, happened),
        run=run,
        definition=definition,
    )


def _table(connection: Connection, here: Place, run: Run, alder: str | None, days: Mapping[date, Run]) -> Table:
    now, country = here.counts(connection, run)
    before = [
        here.counts(connection, days[day])[0] if (day := add_months(run.dag, -months)) in days else None
        for months in (1, 12)
    ]
    whole, of_country = now.get(P, alder=alder), country.get(P, alder=alder)

    def row(maal: str, navn: str) -> list[Cell]:
        found = now.get(maal, alder=alder)
        return [
            words(navn),
            count(found, link_to(here, run.definition, maal, alder)),
            percent(found, whole),
            *(Cell(NOT_COUNTED) if one is None else count(one.get(maal, alder=alder)) for one in before),
            percent(country.get(maal, alder=alder), of_country),
        ]

    rows = [*ROWS[run.definition].items(), (P, "Alle bosatte på den alder (P)")]
    columns = (
        ("gruppe", "Gruppe"), ("antal", "Antal"), ("andel", "Andel af alle"), ("maaned_foer", "En måned før"),
        ("aar_foer", "Et år før"), ("andel_hele_landet", "Andel i hele landet"),
    )  # fmt: skip
    return Table("status", f"{here.navn}, {month_in_words(run.dag)}", columns, [row(*one) for one in rows])


def _line(connection: Connection, here: Place, kort: str, run: Run) -> tuple[Table, list[Point]]:
    maal = list(ROWS[kort])[-1]
    found = frozen.series(connection, kort, here.kode, [maal, P])
    until = [(one, Counts(some.values(), exact=here.exact)) for one, some in found if one.dag <= run.dag][-MOST_MONTHS:]
    rows, points = [], []
    for one, counts in until:
        part, whole = counts.get(maal), counts.get(P)
        cell, label = percent(part, whole), month_in_words(one.dag)
        state = "foreløbig" if one.status is Status.FORELOEBIG else "endelig"
        residence = "efter dagens bopæl" if one.dagens_bopael else ""
        rows.append([words(label), count(part), count(whole), cell, words(state), words(one.version), words(residence)])
        points.append(Point(label, cell.value, one.version, one.status is Status.FORELOEBIG or one.dagens_bopael))
    columns = (
        ("maaned", "Måned"), ("antal", "Antal"), ("alle", "Alle (P)"), ("andel", "Andel"), ("tilstand", "Tilstand"),
        ("version", "Version"), ("bemaerkning", "Bemærkning"),
    )  # fmt: skip
    titel = f"{ROWS[kort][maal]}, {here.navn}, alle aldre: andel af alle, måned for måned"
    return Table("linje", titel, columns, rows), points


def _drawn(definition: Definition, here: Place, points: Sequence[Point], happened: Mapping[str, str]) -> Picture | None:
    title = f"{definition.navn}, {here.navn}: andel i procent"
    return draw(title, points, unit=" %", happened=happened)


def _coverage(connection: Connection, here: Place, run: Run) -> list[str]:
    found = frozen.published(connection, DAEKNING.kort, run.dag)
    if found is None:
        return []
    counts, _ = here.counts(connection, found)
    covered = percent(counts.get(DAEKNING.kort), counts.get(P)).text
    return [f"Dækning: der er indberettet noget om {covered} af de 15-24-årige."]


def of_all_kommuner(connection: Connection) -> tuple[Table, Screen] | None:
    """Return the chosen figures of all kommuner by code, without what is hidden, and the screen of the choices."""
    screen = status(connection)
    if screen.run is None or screen.definition is None:
        return None
    run, alder = screen.run, next(one.chosen for one in screen.choices if one.navn == "alder") or None
    by_kommune: dict[str | None, list[frozen.Figure]] = {}
    for one in frozen.figures(connection, run, totals_only=alder is None):
        by_kommune.setdefault(one.kommunekode, []).append(one)
    maal = [*ROWS[run.definition], P]
    names = {
        **screen.place.kommuner,
        **{kode: kode for kode in by_kommune if kode and kode not in screen.place.kommuner},
    }
    rows = []
    for kode, navn in ((None, "Hele landet"), *sorted(names.items())):
        counts = Counts(by_kommune.get(kode, ()), exact=False)
        found = [counts.get(one, alder=alder) for one in maal]
        share = percent(found[-2], found[-1])
        rows.append([words(kode or ""), words(navn), *map(count, found), share])
    columns = [("kommunekode", ""), ("kommune", ""), *((one, "") for one in maal), ("andel", "")]
    return Table("kommuner", "Alle kommuner", columns, rows), screen
