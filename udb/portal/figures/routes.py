"""The screens of figures, and their files."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from flask import Blueprint
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from udb.portal.discreet import REMARK, remark
from udb.portal.figures.contacted import contacted
from udb.portal.figures.deadlines import deadlines
from udb.portal.figures.drop_out import drop_out
from udb.portal.figures.screen import Screen
from udb.portal.figures.status import of_all_kommuner, status
from udb.portal.figures.table import Table
from udb.portal.figures.target_group import target_group
from udb.portal.pages import page
from udb.portal.state import house
from udb.portal.youths.files import as_csv, attachment
from udb.store.engine import reading

pages = Blueprint("figures", __name__, url_prefix="/ledelse")
SCREENS: Final[Mapping[str, tuple[str, Callable[[Connection], Screen]]]] = {
    "status": ("Status", status),
    "maalgruppen": ("Målgruppen", target_group),
    "frafald": ("Frafald", drop_out),
    "kontakt": ("Fra afbrud til kontakt", deadlines),
    "kontaktede": ("Kontaktede i målgruppen", contacted),
}
_FIRST: Final = "status"


@pages.get("/")
def front() -> Response:
    """Show the status."""
    return _shown(_FIRST)


@pages.get("/<skaerm>/")
def screen(skaerm: str) -> Response:
    """Show a screen."""
    return _shown(skaerm) if skaerm in SCREENS else _missing()


@pages.get("/<skaerm>/<tabel>.csv")
def file(skaerm: str, tabel: str) -> Response:
    """Give a table of a screen as a file: what the page shows, with what it must be read with on every line."""
    if skaerm not in SCREENS:
        return _missing()
    with reading(house().context.engine) as connection:
        found = SCREENS[skaerm][1](connection)
    table = found.table(tabel)
    return _missing() if table is None else _file(table, found, exact=found.place.exact)


@pages.get("/alle-kommuner.csv")
def kommuner() -> Response:
    """Give the figures of all kommuner as a file, without what is hidden: nobody is given others' exact counts."""
    with reading(house().context.engine) as connection:
        found = of_all_kommuner(connection)
    return _missing() if found is None else _file(*found, exact=False)


def _shown(navn: str) -> Response:
    titel, made = SCREENS[navn]
    with reading(house().context.engine) as connection:
        found = made(connection)
    return page(
        "figures/screen.html",
        titel=titel,
        navn=navn,
        found=found,
        screens={name: title for name, (title, _) in SCREENS.items()},
    )


def _missing() -> Response:
    return page("figures/missing.html", HTTPStatus.NOT_FOUND)


def _file(table: Table, found: Screen, *, exact: bool) -> Response:
    run = found.run
    assert run is not None, "there are tables after the first run alone"
    about = {
        "definition": run.definition,
        "version": run.version,
        "statusdag": run.dag.isoformat(),
        "indkomst_til": run.indkomst_maaned.isoformat() if run.indkomst_maaned else "",
        "tal_er": "foreløbige" if run.status == "foreloebig" else "endelige",
        "beregnet": run.beregnet.isoformat(timespec="seconds"),
        "oejebliksbillede": run.beregnet_af_nummer,
        "omraade": found.place.navn,
        REMARK: remark(exact=exact),
    }
    if table.navn == "kommuner":
        del about["omraade"]
    rows = ([*(cell.text for cell in row), *about.values()] for row in table.rows)
    head = [*(name for name, _ in table.columns), *about]
    return attachment(as_csv(head, rows), "text/csv", f"{run.definition}-{table.navn}-{run.dag.isoformat()}.csv")
