"""From afbrud to contact (V 2.4): when a kommune must contact a youth of 15 to 17, and whether it did in time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.working_days import working_day_after, working_days_between

FRIST: Final = Definition(
    kort="frist",
    navn="Fra afbrud til kontakt",
    version="v1",
    kilde="Lov om kommunal indsats for unge under 25 år; UDB-vejledningen 2.4",
    formel="For hvert afbrud, mens den unge er 15-17 år: kontakt senest den 5. arbejdsdag efter den dag, "
    "bopælskommunen blev bekendt med afbruddet (hentede det, slog den unge op eller selv meldte det); et tilbud "
    "senest 30 dage efter kontakten. Andel til tiden = i tide / (i tide + for sent + overskredet). Afbrud, som "
    "kommunen ikke har hentet, og afbrud, hvor den unge er begyndt på en anden uddannelse eller arbejder fuld tid, "
    "står for sig.",
    eksempel="Kendt torsdag den 26. marts 2026: de fem arbejdsdage slutter tirsdag den 7. april, fordi den 2., 3. "
    "og 6. april er helligdage. Kontakt den 7. april er til tiden, og tilbuddet skal gives senest den 7. maj.",
)
CONTACT_DAYS: Final = 5
"""Working days to the contact; the day on which the afbrud became known is not counted."""
OFFER_DAYS: Final = 30
"""Calendar days from the contact to the offer."""
JULY: Final = 7


class Udfald(StrEnum):
    """What became of an afbrud, as the figure has it."""

    IKKE_SKYLDIG = "ikke skyldig"
    IKKE_HENTET = "ikke hentet"
    I_TIDE = "i tide"
    FOR_SENT = "for sent"
    OVERSKREDET = "overskredet"
    AABEN = "åben"


@dataclass(frozen=True, slots=True)
class Afbrud:
    """An afbrud of a youth of 15 to 17, in a kommune.

    ``kendt``: the days on which the kommune learned of it; empty: it has not fetched it. ``registreret``: the day of
    its registration; ``kontakt``: the days of its contact times; ``skyldig``: whether it calls for a contact at all.
    """

    registreret: date
    kendt: Collection[date] = ()
    kontakt: Collection[date] = ()
    skyldig: bool = True


@dataclass(frozen=True, slots=True)
class Frist:
    """The deadlines of an afbrud. ``dage``: working days from ``kendt`` to ``kontakt``; ``juli``: the offer's days have
    one of July.
    """

    udfald: Udfald
    kendt: date
    frist: date
    kontakt: date | None = None
    dage: int | None = None
    tilbudsfrist: date | None = None
    juli: bool = False


def frist(afbrud: Afbrud, today: date) -> Frist:
    """Return the deadlines of an afbrud as they stand today."""
    kendt = min(afbrud.kendt, default=afbrud.registreret)
    due = working_day_after(kendt, CONTACT_DAYS)
    kontakt = min(afbrud.kontakt, default=None)
    offer = kontakt + timedelta(days=OFFER_DAYS) if kontakt else None
    return Frist(
        _outcome(afbrud, due, kontakt, today),
        kendt,
        due,
        kontakt,
        working_days_between(kendt, kontakt) if kontakt else None,
        offer,
        juli=kontakt is not None and offer is not None and _has_july(kontakt, offer),
    )


def _outcome(afbrud: Afbrud, due: date, kontakt: date | None, today: date) -> Udfald:
    if not afbrud.skyldig:
        return Udfald.IKKE_SKYLDIG
    if not afbrud.kendt:
        return Udfald.IKKE_HENTET
    if kontakt is not None:
        return Udfald.I_TIDE if kontakt <= due else Udfald.FOR_SENT
    return Udfald.OVERSKREDET if today > due else Udfald.AABEN


def _has_july(first: date, last: date) -> bool:
    return any((first + timedelta(days=number)).month == JULY for number in range(1, (last - first).days + 1))


def share_in_time(found: Collection[Frist]) -> float | None:
    """Return the share in percent of the afbrud with a contact due that were contacted in time; None of none."""
    judged = [one for one in found if one.udfald in {Udfald.I_TIDE, Udfald.FOR_SENT, Udfald.OVERSKREDET}]
    in_time = sum(one.udfald is Udfald.I_TIDE for one in judged)
    return 100 * in_time / len(judged) if judged else None
