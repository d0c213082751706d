"""The broader target group: as that of the kommunale ungeindsats, but of 15 to 29."""

from datetime import date
from typing import Final

from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.kui import Gruppe, group_of
from udb.statistics.definitions.youth import Youth, is_resident

BREDERE: Final = Definition(
    kort="bredere",
    navn="Bredere målgruppe, 15-29 år",
    version="v1",
    kilde="Rebild Kommunes målgruppe på 13-30 år, så langt UDB rækker",
    formel="Som KUI-målgruppen, men bosatte 15-29-årige. Indkomst kendes kun til og med 24 år: for 25-29-årige uden "
    "anden aktivitet er beskæftigelsen ukendt, og de står i en kolonne for sig, aldrig som uden job.",
    eksempel="En 24-årig uden forløb og løn er uden aktivitet. Dagen efter 25-års fødselsdagen er samme unge i "
    "kolonnen ukendt beskæftigelse.",
)
UKENDT: Final = "ukendt"
"""The group of those above 24 whose employment is not known."""
OF_WORK: Final = frozenset({Gruppe.DELTID, Gruppe.UDEN})
"""The groups that follow from employment."""


def of_age(youth: Youth, day: date) -> bool:
    """Return whether a youth is a resident of 15 to 29."""
    return is_resident(youth, youth.turns_15, youth.turns_30, day)


def bredere(youth: Youth, day: date) -> Gruppe | str | None:
    """Return the group of a youth on a day, UKENDT, or None when the youth is not in the target group."""
    if not of_age(youth, day):
        return None
    group = group_of(youth, day)
    return UKENDT if group in OF_WORK and day >= youth.turns_25 else group
