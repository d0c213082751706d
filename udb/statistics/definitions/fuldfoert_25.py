"""The share of those of 25 who have completed a youth education."""

from datetime import date
from typing import Final

from udb.domain.clock import add_years
from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.youth import Youth, is_resident

FULDFOERT_25: Final = Definition(
    kort="fuldfoert_25",
    navn="25-årige med fuldført uddannelse",
    version="v1",
    kilde="Egen definition. Ikke ministeriets 90-procentmål, som er en fremskrivning",
    formel="Bosatte, der er fyldt 25 og ikke 26 år, med en fuldført ungdomsuddannelse eller videregående uddannelse "
    "eller et eksamensbevis / alle bosatte 25-årige.",
    eksempel="Af fire bosatte 25-årige har tre gennemført hf, heraf én uden hele hf-eksamen: to af fire, 50 procent.",
)


def is_25(youth: Youth, day: date) -> bool:
    """Return whether a youth is a resident of 25."""
    return is_resident(youth, youth.turns_25, add_years(youth.turns_25, 1), day)
