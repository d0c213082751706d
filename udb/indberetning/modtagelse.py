"""The row of a judged report: what came in and what became of it (docs/spec/ground.md)."""

from datetime import datetime
from typing import Final

from udb.domain.call import Call
from udb.domain.haendelse import Indberetning, Kind
from udb.domain.persons import Person
from udb.domain.receipt import Receipt, Resultat
from udb.store.sql import together
from udb.store.tables import modtagelse

ACCEPTED: Final = "A"
REFUSED: Final = "R"
REPEATED: Final = "G"
NY: Final = "ny"
PROEVE: Final = "proeve"
SLAGS: Final = {Kind.REPORT: NY, Kind.ANNULLERING: "annullering", Kind.SLET: "slet", Kind.AFMELD: NY}


def received_row(
    call: Call, report: Indberetning, receipt: Receipt, youth: Person | None, now: datetime, *, repeated: bool
) -> together.Row:
    """Return the row, to be added with the others of the report.

    ``now``: the domain's; also of a repeated report, whose receipt has the time of the first. ``repeated``: the call's
    key had an equal report. A transaction id that contains the youth's CPR number is left out.
    """
    day = report.dato if report.haendelse_dato is not None else None
    plain = call.transaction_id.replace("-", "").replace(" ", "")
    return _RECEIVED, (
        now,
        call.system_id,
        call.institution_nummer,
        call.service,
        REPEATED if repeated else _RESULTS[receipt.resultat],
        PROEVE if call.validate_only else SLAGS[report.kind],
        " ".join([line.fejl_kode for line in receipt.fejl]),
        None if report.cprnr in plain else call.transaction_id,
        None if call.validate_only else receipt.haendelse_nummer,
        youth.id if youth else None,
        day,
        None if day is None else (now.date() - day).days,
    )


_RESULTS: Final = {Resultat.ACCEPTERET: ACCEPTED, Resultat.AFVIST: REFUSED}
_RECEIVED: Final = together.Kind(
    modtagelse,
    (
        *("tid", "system_id", "institution_nummer", "service", "resultat", "slags"),
        *("koder", "transaction_id", "nummer", "person_id", "dato", "forsinkelse_dage"),
    ),
    numbered=("nummer",),
)
