"""From afbrud to contact: of each month's afbrud of youths under 18, how many were contacted in time."""

from datetime import date
from typing import Final

from sqlalchemy import Connection

from udb.domain.clock import month_in_words
from udb.portal.discreet import HIDDEN
from udb.portal.figures.lists import link_to
from udb.portal.figures.place import Place, chosen_run, place
from udb.portal.figures.screen import Screen, foot_of, months, notes_of
from udb.portal.figures.table import NOT_COUNTED, Cell, Table, count, percent, words
from udb.statistics import frozen
from udb.statistics.definitions.frist import FRIST
from udb.statistics.seen import Counts, quantile, together

OUTCOMES: Final = (
    ("i_tide", "Kontaktet i tide"), ("for_sent", "Kontaktet for sent"), ("overskredet", "Overskredet"),
    ("aaben", "Åben"), ("ikke_hentet", "Ikke hentet"), ("ikke_skyldig", "Ikke påkrævet"),
)  # fmt: skip
DUE: Final = ("i_tide", "for_sent", "overskredet")
"""The outcomes of which the share in time is one."""
OWED: Final = (*DUE, "aaben", "ikke_hentet")
"""The afbrud that call for a contact."""
DAYS: Final = "dage_"
HALF, MOST = 0.5, 0.9
"""The parts of the cases of which the working days are said."""


def deadlines(connection: Connection) -> Screen:
    """Return the screen that a request asks for."""
    here = place(connection)
    days = frozen.published_days(connection, FRIST.kort)
    run = chosen_run(days)
    choices = [months(days, run)]
    if run is None:
        return Screen(here, choices, definition=FRIST)
    found = frozen.figures(connection, run, kommuner=[here.kode, None])
    counts, country = here.counts(connection, run)
    # Counts of days are hidden from others, but not what half of the contacted took, where their number is shown.
    exact = Counts((one for one in found if one.kommunekode == here.kode), exact=True)
    rows = [_row(counts, exact, gruppe, here) for gruppe in reversed(country.grupper)]
    columns = (
        ("maaned", "Afbrud i"), ("skyldige", "Kræver kontakt"), *OUTCOMES, ("andel_i_tide", "Andel i tide"),
        ("median", "Median, arbejdsdage"), ("p90", "90 pct. inden, arbejdsdage"),
    )  # fmt: skip
    table = Table("kontakt", f"{here.navn}: afbrud, mens den unge var 15-17 år", columns, rows)
    overdue = link_to(here, FRIST.kort, "overskredet")
    links = [(overdue, "Unge, hvor fristen er overskredet i dag")] if overdue else []
    return Screen(here, choices, [table], notes_of(run), foot_of(run, FRIST), links=links, run=run, definition=FRIST)


def _row(counts: Counts, exact: Counts, gruppe: str, here: Place) -> list[Cell]:
    of = {maal: counts.get(maal, gruppe=gruppe) for maal, _ in OUTCOMES}
    year, month = map(int, gruppe.split("-"))
    contacted = together([of["i_tide"], of["for_sent"]])
    days = exact.distribution(gruppe, DAYS)
    return [
        words(month_in_words(date(year, month, 1))),
        count(together(of[maal] for maal in OWED)),
        *(count(of[maal], link_to(here, FRIST.kort, maal)) for maal, _ in OUTCOMES),
        percent(of["i_tide"], together(of[maal] for maal in DUE)),
        *(_days(days, contacted, part) for part in (HALF, MOST)),
    ]


def _days(days: dict[int, int | None], contacted: int | None, part: float) -> Cell:
    """Return working days; of others only where no count of those contacted is hidden."""
    if contacted is None:
        return Cell(HIDDEN)
    value = quantile(days, part)
    return Cell(NOT_COUNTED) if value is None else Cell(str(value), value=value)
