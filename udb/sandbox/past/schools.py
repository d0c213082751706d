"""The schools of the plants, with agreements of their own: no invented life leads there."""

from datetime import date, timedelta
from typing import Any, Final

from udb.domain.services import (
    DATA_TIL_INSTITUTION,
    FORBEREDENDE_AKTIVITET,
    INSTITUTION_KONTAKT,
    UNGDOMSUDDANNELSE,
)
from udb.sandbox.callers import VENDOR_OF, Agreed
from udb.sandbox.places import ERHVERVSSKOLE, FGU_SKOLE, GYMNASIUM

KOMMUNE: Final = "851"
SILENT: Final = ("990001", "990002", "990003")
FALLING: Final = ("990011", "990012")
REFUSED: Final = "990021"
REPEATING: Final = "990022"
LATE: Final = "990023"
OUTDATED: Final = "990024"
CHANGED: Final = "990031"
CHANGED_FGU: Final = "990032"
"""The FGU branch of the school that changed its system."""
VENDOR: Final = VENDOR_OF[GYMNASIUM]
"""The system of the gymnasiums."""
OLD: Final = VENDOR_OF[ERHVERVSSKOLE]
NEW: Final = "nyt-studiesystem"
_FOLLOWS: Final = (UNGDOMSUDDANNELSE, FORBEREDENDE_AKTIVITET, INSTITUTION_KONTAKT, DATA_TIL_INSTITUTION)
"""The services for which the new system has an agreement: the old one used FGU's too."""
_NAMES: Final = {
    SILENT[0]: "Gymnasiet ved mosen",
    SILENT[1]: "Gymnasiet ved skoven",
    SILENT[2]: "Gymnasiet ved fjorden",
    FALLING[0]: "Gymnasiet på bakken",
    FALLING[1]: "Gymnasiet på heden",
    REFUSED: "Gymnasiet ved stationen",
    REPEATING: "Gymnasiet ved havnen",
    LATE: "Gymnasiet ved volden",
    OUTDATED: "Gymnasiet ved åen",
    CHANGED: "Erhvervsskolen ved broen",
    CHANGED_FGU: "Erhvervsskolen ved broen, FGU",
}
AUGUST: Final = 8


def institutions() -> list[dict[str, Any]]:
    """Return the schools as database rows."""
    types = {CHANGED: ERHVERVSSKOLE, CHANGED_FGU: FGU_SKOLE}
    return [
        {
            "nummer": number,
            "navn": name,
            "hovedinstitution": CHANGED if number == CHANGED_FGU else number,
            "type3": types.get(number, GYMNASIUM),
            "beliggenhedskommune": KOMMUNE,
            "administrerende_kommune": None,
            "lukket": None,
            "in_register": True,
        }
        for number, name in _NAMES.items()
    ]


def agreements() -> list[Agreed]:
    """Return the agreements that the schools' types do not give: the new system's, and the old one's with FGU."""
    return [
        *(Agreed(NEW, "Nyt studiesystem", service, CHANGED) for service in _FOLLOWS),
        Agreed(OLD, None, None, CHANGED_FGU),
    ]


def day_of_change(today: date) -> date:
    """Return the first Monday of the last August before the month of ``today``."""
    first = date(today.year - (today.month <= AUGUST), AUGUST, 1)
    return first + timedelta(days=-first.weekday() % 7)
