"""Coverage: of how many youths anything was ever reported."""

from typing import Final

from udb.statistics.definitions.definition import Definition

DAEKNING: Final = Definition(
    kort="daekning",
    navn="Dækning",
    version="v1",
    kilde="Egen definition",
    formel="Bosatte 15-24-årige, som der er indberettet mindst én gældende hændelse om til og med statusdagen / "
    "alle bosatte 15-24-årige. Hændelser, som registret selv danner af indkomst, tæller ikke med.",
    eksempel="Af 878 bosatte unge er der indberettet noget om 790: 90,0 procent.",
)
