"""Reports as callers send them, by element names, and their receipts."""

from typing import Any, Final

from tests.support.endpoint import Endpoint
from tests.support.world import FGU_SCHOOL, GYMNASIUM, SCHOOL, UNIVERSITY
from udb.domain.services import (
    FGU,
    FORBEREDENDE_AKTIVITET,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)

CPRNR: Final = "7103075123"
"""Born 11 March 2007: 19 years old in the world's August 2026."""
ANNA, BO, CAJA = "7103075101", "7103075102", "7103075103"
UNGDOM: Final[dict[str, Any]] = {
    "CPRNr": CPRNR,
    "InstitutionNummer": GYMNASIUM,
    "HaendelseDato": "2026-08-10T00:00:00+02:00",
    "Status": 1,
    "KildeLeverandoer": "LUDUS",
    "Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": 2},
    "Annullering": False,
}
REPORTS: Final[dict[str, dict[str, Any]]] = {
    UNGDOMSUDDANNELSE: UNGDOM,
    FGU: {
        **UNGDOM,
        "InstitutionNummer": FGU_SCHOOL,
        "Uddannelse": {"COsAFormaal": "338", "COsAFormaalVersion": 1},
        "Skoleperiode": "BA",
    },
    FORBEREDENDE_AKTIVITET: {
        **{name: value for name, value in UNGDOM.items() if name != "Uddannelse"},
        "InstitutionNummer": SCHOOL,
        "ElevTrin": 10,
        "KlasseTrin": 10,
        "KlasseType": "40",
        "KlasseNavn": "10A",
    },
    VIDEREGAAENDE: {
        **{name: value for name, value in UNGDOM.items() if name != "Uddannelse"},
        "InstitutionNummer": UNIVERSITY,
        "STADSKode": "9304",
    },
}
GRADE_10: Final = {**REPORTS[FORBEREDENDE_AKTIVITET], "CPRNr": ANNA}


def accepted(receipt: Any) -> Any:
    """Return the receipt of an accepted report."""
    assert receipt["Resultat"] == "Accepteret", receipt
    return receipt


def optag(endpoint: Endpoint, cprnr: str, day: int, **fields: Any) -> str:
    """Report an optag on a day in August 2026 and return its event number."""
    report = {**UNGDOM, "CPRNr": cprnr, "HaendelseDato": f"2026-08-{day:02}T00:00:00", **fields}
    return str(accepted(endpoint.report(UNGDOMSUDDANNELSE, report))["HaendelseNummer"])
