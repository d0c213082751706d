"""Restgruppe, as the ministry for children and education counts it: in no education, not completed, without a job."""

from datetime import date
from typing import Final

from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.youth import Youth, has_completed, in_education, in_population, works_18

RESTGRUPPE: Final = Definition(
    kort="restgruppe",
    navn="Restgruppe (BUVM-lignende)",
    version="v1",
    kilde="Børne- og Undervisningsministeriet; FGU og forberedende aktiviteter tælles som uddannelse efter eget valg",
    formel="Bosatte 15-24-årige uden fuldført ungdomsuddannelse, ikke i uddannelse og i job under 18 timer om ugen: "
    "månedsløn × 37 er mindre end 18 × timeløn × 160. Andel = restgruppen / alle bosatte 15-24-årige.",
    eksempel="Timeløn 130 kr.: en 20-årig uden forløb med 10.118,91 kr. i måneden er i restgruppen; med 10.118,92 "
    "kr. er den unge i job.",
)


def in_restgruppe(youth: Youth, day: date) -> bool:
    """Return whether a youth belongs to it on a day: P without F, U and B18."""
    return in_population(youth, day) and not (
        has_completed(youth, day) or in_education(youth, day) or works_18(youth, day)
    )
