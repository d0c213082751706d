"""Which part of those without activity has been contacted since they were without, against the goal."""

from typing import Final

from sqlalchemy import Connection

from udb.domain.clock import month_in_words
from udb.portal.figures.changes import system_changes
from udb.portal.figures.lists import link_to
from udb.portal.figures.place import chosen_run, place
from udb.portal.figures.screen import MOST_MONTHS, Screen, foot_of, months, notes_of
from udb.portal.figures.status import UNDER_25, P
from udb.portal.figures.table import Table, count, percent, words
from udb.portal.line_picture import Point, changes_of, draw
from udb.statistics import frozen
from udb.statistics.definitions.kontaktede import GOAL, KONTAKTEDE, KONTAKTET
from udb.statistics.definitions.kui import KUI
from udb.statistics.frozen import Status
from udb.statistics.seen import Counts

ROWS: Final = (*((age, f"{age} år") for age in UNDER_25), (None, "Alle"))


def contacted(connection: Connection) -> Screen:
    """Return the screen that a request asks for."""
    here = place(connection)
    days = frozen.published_days(connection, KONTAKTEDE.kort)
    run = chosen_run(days)
    choices = [months(days, run)]
    if run is None:
        return Screen(here, choices, definition=KONTAKTEDE)
    counts, country = here.counts(connection, run)
    rows = [
        [
            words(navn),
            count(counts.get(P, alder=age), link_to(here, KUI.kort, "uden", age)),
            count(counts.get(KONTAKTET, alder=age)),
            percent(counts.get(KONTAKTET, alder=age), counts.get(P, alder=age)),
            percent(country.get(KONTAKTET, alder=age), country.get(P, alder=age)),
        ]
        for age, navn in ROWS
    ]
    columns = (
        ("alder", "Alder"), ("uden_aktivitet", "Uden aktivitet"), ("kontaktede", "Kontaktede"),
        ("andel", "Andel kontaktede"), ("andel_hele_landet", "Andel i hele landet"),
    )  # fmt: skip
    line, points = [], []
    for one, some in frozen.series(connection, KONTAKTEDE.kort, here.kode, [P, KONTAKTET])[-MOST_MONTHS:]:
        if one.dag > run.dag:
            continue
        seen, label = Counts(some.values(), exact=here.exact), month_in_words(one.dag)
        cell = percent(seen.get(KONTAKTET), seen.get(P))
        state = "foreløbig" if one.status is Status.FORELOEBIG else "endelig"
        line.append(
            [words(label), count(seen.get(P)), count(seen.get(KONTAKTET)), cell, words(state), words(one.version)]
        )
        points.append(Point(label, cell.value, one.version, one.status is Status.FORELOEBIG))
    of_line = (
        ("maaned", "Måned"), ("uden_aktivitet", "Uden aktivitet"), ("kontaktede", "Kontaktede"), ("andel", "Andel"),
        ("tilstand", "Tilstand"), ("version", "Version"),
    )  # fmt: skip
    tables = [
        Table("kontaktede", f"{here.navn}, {month_in_words(run.dag)}: unge uden aktivitet", columns, rows),
        Table("linje", f"Andel kontaktede, {here.navn}, måned for måned (mål: {GOAL} %)", of_line, line),
    ]
    happened = system_changes(connection, here, run, points)
    picture = draw(f"Andel kontaktede i procent, {here.navn}", points, unit=" %", goal=GOAL, happened=happened)
    changed = [f"Fra {label} er tallene efter en ny definition: linjen er brudt." for label in changes_of(points)]
    notes = [*notes_of(run), *changed]
    return Screen(here, choices, tables, notes, foot_of(run, KONTAKTEDE), picture, run=run, definition=KONTAKTEDE)
