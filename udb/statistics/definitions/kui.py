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
    kort="kui",
    navn="KUI-målgruppe",
    version="v1",
    kilde="Lov om kommunal indsats for unge under 25 år",
    formel="Bosatte 15-24-årige uden fuldført ungdomsuddannelse, ikke i grundskole, ungdomsuddannelse eller "
    "videregående uddannelse og i job under 20 timer om ugen. Hver ung tælles i den første gruppe, der passer: i "
    "FGU eller forberedende, med uddannelsespålæg, fritaget, syg, på orlov eller i foranstaltning, i udlandet, i "
    "praktik, i deltidsjob, uden aktivitet. Grupperne giver tilsammen hele målgruppen.",
    eksempel="En 17-årig uden forløb med løn på 6.480,00 kr. i måneden (timeløn 75 kr.) arbejder 20 timer om ugen "
    "og er ikke i målgruppen; med 6.479,99 kr. er den unge med, i gruppen deltidsjob.",
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
    return group_of(youth, day) if in_population(youth, day) else None


def group_of(youth: Youth, day: date) -> Gruppe | None:
    """Return the group of a resident of whatever age, None when the youth is in none."""
    if has_completed(youth, day) or in_school(youth, day) or in_youth_education(youth, day) or works_20(youth, day):
        return None
    if in_education(youth, day):
        return Gruppe.FORBEREDENDE
    if youth.paalaeg:
        return Gruppe.PAALAEG
    away = next((name for name, kinds in AWAY if youth.is_in(day, *kinds)), None)
    return away or (Gruppe.DELTID if youth.work.grad else Gruppe.UDEN)
