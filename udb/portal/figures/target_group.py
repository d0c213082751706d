"""The target group by sub-group, age and sex."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from udb.domain.clock import month_in_words
from udb.portal.figures.lists import link_to
from udb.portal.figures.place import chosen_run, one_of, place
from udb.portal.figures.screen import Choice, Screen, foot_of, months, notes_of
from udb.portal.figures.status import AGES, DEFINITIONS, ROWS, UNDER_25, P
from udb.portal.figures.table import Table, count, words
from udb.statistics import frozen
from udb.statistics.definitions.bredere import BREDERE
from udb.statistics.definitions.kui import KUI

SEXES: Final[Mapping[str | None, str]] = {"K": "kvinder", "M": "mænd", None: "alle"}


def target_group(connection: Connection) -> Screen:
    """Return the screen that a request asks for."""
    here, kort = place(connection), one_of("definition", [KUI.kort, BREDERE.kort])
    days = frozen.published_days(connection, kort)
    run = chosen_run(days)
    definition = DEFINITIONS[kort]
    options = {one.kort: one.navn for one in (KUI, BREDERE)}
    choices = [Choice("definition", "Definition", options, kort), months(days, run)]
    if run is None:
        return Screen(here, choices, definition=definition)
    counts, _ = here.counts(connection, run)
    places = [(age, sex) for age in (*AGES.get(kort, UNDER_25), None) for sex in SEXES]
    rows = [
        [
            words(navn),
            *(
                count(counts.get(maal, alder=age, koen=sex), link_to(here, kort, maal, age) if sex is None else None)
                for age, sex in places
            ),
        ]
        for maal, navn in [*ROWS[kort].items(), (P, "Alle bosatte på den alder (P)")]
    ]
    columns = [
        ("gruppe", "Gruppe"),
        *(
            (f"{age or 'alle'}_{SEXES[sex]}".replace("mænd", "maend"), f"{age or 'Alle aldre'}, {SEXES[sex]}")
            for age, sex in places
        ),
    ]
    table = Table("maalgruppen", f"{here.navn}, {month_in_words(run.dag)}", columns, rows)
    return Screen(here, choices, [table], notes_of(run), foot_of(run, definition), run=run, definition=definition)
