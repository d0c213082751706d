"""The files: templates, and the result with the caller's own columns."""

from collections.abc import Iterable
from typing import Any, Final

from werkzeug.wrappers import Response

from udb.domain import elementer as e
from udb.domain.clock import time_in_figures
from udb.hentning.reconciliation.kinds import COLUMNS, Hvad
from udb.hentning.reconciliation.marks import WHAT_TO_DO, Linje, Maerke, Resultat
from udb.hentning.reconciliation.status_day import StatusDay
from udb.portal.youths.files import as_csv, attachment

_MARKS: Final = (
    "linje", "maerke", "element", "deres", "vores", "koder", "transaktion", "tid", "haendelse", "indberettet_af",
    "registreret", "tekst", "hvad_goer_man",
)  # fmt: skip
_STATUS: Final = ("cpr", "maerke", "kode", "optag", "slut", "institution", "haendelse")


def template(hvad: Hvad) -> Response:
    """Return the template of a kind: its columns and an example."""
    columns = COLUMNS[hvad]
    return attachment(as_csv(columns.names, [columns.eksempel]), "text/csv", f"skabelon-{hvad}.csv")


def result(found: Resultat) -> Response:
    """Return a result: the file's own columns, then the marks; what the file lacks comes last."""
    rows = [*(_row(found, one) for one in found.linjer), *_lacking(found)]
    return attachment(as_csv((*found.kolonner, *_MARKS), rows), "text/csv", f"afstemning-{found.hvad}.csv")


def _row(found: Resultat, one: Linje) -> list[Any]:
    cells = [one.celler.get(name, "") for name in found.kolonner]
    text = " ".join((one.tekst, *one.tillaeg)).strip()
    return [
        *cells,
        one.linje,
        one.maerke,
        " | ".join(differing.element for differing in one.afvigelser),
        " | ".join(differing.deres for differing in one.afvigelser),
        " | ".join(differing.vores for differing in one.afvigelser),
        " ".join(one.koder),
        one.transaktion,
        time_in_figures(one.tid) if one.tid else "",
        one.nummer,
        one.af,
        time_in_figures(one.registreret) if one.registreret else "",
        text,
        WHAT_TO_DO[one.maerke],
    ]


def _lacking(found: Resultat) -> Iterable[list[Any]]:
    for one in found.kun_i_udb:
        values = {**one.felter, e.CPRNR: one.cprnr}
        cells = [values.get(name, "") for name in found.kolonner]
        when = time_in_figures(one.registreret)
        todo = WHAT_TO_DO[Maerke.KUN_I_UDB]
        yield [*cells, "", Maerke.KUN_I_UDB, "", "", "", "", "", "", one.nummer, one.af, when, "", todo]


def marked(found: StatusDay) -> Response:
    """Return the forloeb of a status day with their marks."""
    rows = ((one.cprnr, one.maerke, one.kode, one.optag, one.slut, one.afdeling, one.nummer) for one in found.shown)
    return attachment(as_csv(_STATUS, rows), "text/csv", f"opmaerkninger-{found.dag}.csv")
