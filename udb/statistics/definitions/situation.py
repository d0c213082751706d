"""What a youth does on a day, in one word: the first that holds. Used by lists and by the youth's page."""

from datetime import date
from enum import StrEnum
from typing import Final

from udb.statistics.definitions.courses import Slags
from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.youth import (
    Youth,
    has_completed,
    in_education,
    in_school,
    works_20,
)

SITUATION: Final = Definition(
    kort="situation",
    navn="Den unges situation",
    version="v1",
    kilde="Egen definition; ordene er dem, KUI-målgruppen tæller med",
    formel="Den første, der passer: i grundskole, i ungdomsuddannelse, i videregående uddannelse, i FGU eller "
    "forberedende aktivitet, har fuldført, i job (20 timer), fritaget, syg eller i foranstaltning, i udlandet, i "
    "praktik, i deltidsjob, uden aktivitet. Uddannelsespålæg står ved siden af.",
    eksempel="En 17-årig forlader sit grundforløb den 15. september. Den 20. september er situationen i deltidsjob, "
    "hvis den seneste leverede måned har en beskæftigelsesgrad over 0, ellers uden aktivitet.",
)


class Situation(StrEnum):
    """The situations; the value is stored in the table of lists."""

    GRUNDSKOLE = "grundskole"
    UNGDOMSUDDANNELSE = "ungdomsuddannelse"
    VIDEREGAAENDE = "videregaaende"
    FORBEREDENDE = "forberedende"
    FULDFOERT = "fuldfoert"
    JOB = "job"
    FRITAGET = "fritaget"
    UDLAND = "udland"
    PRAKTIK = "praktik"
    DELTID = "deltid"
    UDEN = "uden"


IN_WORDS: Final = {
    Situation.GRUNDSKOLE: "I grundskole",
    Situation.UNGDOMSUDDANNELSE: "I ungdomsuddannelse",
    Situation.VIDEREGAAENDE: "I videregående uddannelse",
    Situation.FORBEREDENDE: "I FGU eller forberedende aktivitet",
    Situation.FULDFOERT: "Har fuldført en ungdomsuddannelse eller videregående uddannelse",
    Situation.JOB: "I job",
    Situation.FRITAGET: "Fritaget, syg, på orlov eller i foranstaltning",
    Situation.UDLAND: "I udlandet",
    Situation.PRAKTIK: "I praktik",
    Situation.DELTID: "I deltidsjob",
    Situation.UDEN: "Uden aktivitet",
}


def situation(youth: Youth, day: date) -> Situation:
    """Return a youth's situation on a day."""
    held = (
        (Situation.GRUNDSKOLE, in_school(youth, day)),
        (Situation.UNGDOMSUDDANNELSE, youth.is_in(day, Slags.UNGDOMSUDDANNELSE)),
        (Situation.VIDEREGAAENDE, youth.is_in(day, Slags.VIDEREGAAENDE)),
        (Situation.FORBEREDENDE, in_education(youth, day)),
        (Situation.FULDFOERT, has_completed(youth, day)),
        (Situation.JOB, works_20(youth, day)),
        (Situation.FRITAGET, youth.is_in(day, Slags.FRITAGET, Slags.SYGDOM, Slags.FORANSTALTNING)),
        (Situation.UDLAND, youth.is_in(day, Slags.UDLAND)),
        (Situation.PRAKTIK, youth.is_in(day, Slags.PRAKTIK)),
        (Situation.DELTID, youth.work.grad > 0),
    )
    return next((name for name, holds in held if holds), Situation.UDEN)
