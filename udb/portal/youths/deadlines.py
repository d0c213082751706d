"""The deadlines after an afbrud, as a youth's page says them."""

from dataclasses import dataclass
from typing import Final

from udb.domain.clock import day_in_words
from udb.hentning.kommune.youth import YouthPage
from udb.statistics.definitions.frist import Frist, Udfald


@dataclass(frozen=True, slots=True)
class Deadline:
    """The deadlines after an afbrud, in words."""

    nummer: str
    afbrud: str
    kendt: str
    frist: str
    tilstand: str
    kontakt: str
    tilbudsfrist: str
    kan_registreres: bool


_STATES: Final = {
    Udfald.IKKE_SKYLDIG: "Ikke påkrævet: den unge er begyndt på noget andet eller arbejder på fuld tid",
    Udfald.IKKE_HENTET: "Ikke hentet",
    Udfald.I_TIDE: "Kontaktet i tide",
    Udfald.FOR_SENT: "Kontaktet for sent",
    Udfald.OVERSKREDET: "Overskredet",
    Udfald.AABEN: "Åben",
}


def deadlines_of(found: YouthPage) -> list[Deadline]:
    """Return the deadlines after each afbrud."""
    dates = {one.nummer: one.haendelse_dato for one in found.seen.events}
    return [
        Deadline(
            nummer,
            day_in_words(dates[nummer]),
            day_in_words(one.kendt),
            day_in_words(one.frist),
            _STATES[one.udfald],
            _contacted(one),
            f"{day_in_words(one.tilbudsfrist)}{' (omfatter juli)' if one.juli else ''}" if one.tilbudsfrist else "",
            one.udfald in {Udfald.AABEN, Udfald.OVERSKREDET, Udfald.IKKE_HENTET},
        )
        for nummer, one in found.seen.frister.items()
    ]


def _contacted(one: Frist) -> str:
    if one.kontakt is None:
        return ""
    day = day_in_words(one.kontakt)
    return day if one.udfald in {Udfald.I_TIDE, Udfald.FOR_SENT} else f"kontaktet {day}"
