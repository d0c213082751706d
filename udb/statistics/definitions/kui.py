"""The target group of the kommunale ungeindsats, in seven groups that add up to it."""

from datetime import date
from enum import StrEnum
from typing import Final

from udb.statistics.definitions.courses import Slags
from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.youth import (
    Youth,
    has_completed,
    in_education,
    in_population,
    in_school,
    in_youth_education,
    works_20,
)

KUI: Final = Definition(
    "KUI-målgruppe",
    "kui v1",
    "Lov om kommunal indsats for unge under 25 år",
    "Bosatte 15-24-årige uden fuldført ungdomsuddannelse, ikke i grundskole, ungdomsuddannelse eller videregående "
    "uddannelse og i job under 20 timer om ugen.",
)


class Gruppe(StrEnum):
    """The groups, in the order in which they are asked for; the first that holds counts."""

    FORBEREDENDE = "i FGU eller forberedende"
    PAALAEG = "med uddannelsespålæg"
    FRITAGET = "fritaget, syg, på orlov eller i foranstaltning"
    UDLAND = "i udlandet"
    PRAKTIK = "i praktik"
    DELTID = "i deltidsjob"
    UDEN = "uden aktivitet"


AWAY: Final = (
    (Gruppe.FRITAGET, (Slags.FRITAGET, Slags.SYGDOM, Slags.FORANSTALTNING)),
    (Gruppe.UDLAND, (Slags.UDLAND,)),
    (Gruppe.PRAKTIK, (Slags.PRAKTIK,)),
)
"""The groups of what a kommune reports beside education."""


def kui(youth: Youth, day: date) -> Gruppe | None:
    """Return the group of a youth on a day, None when the youth is not in the target group."""
    if not in_population(youth, day) or has_completed(youth, day):
        return None
    if in_school(youth, day) or in_youth_education(youth, day) or works_20(youth, day):
        return None
    if in_education(youth, day):
        return Gruppe.FORBEREDENDE
    if youth.paalaeg:
        return Gruppe.PAALAEG
    away = next((name for name, kinds in AWAY if youth.is_in(day, *kinds)), None)
    return away or (Gruppe.DELTID if youth.work.grad else Gruppe.UDEN)
