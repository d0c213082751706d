"""The reasons why a recipient sees an event or does not, as sentences for a caseworker: one for each clause of
access.md.
"""

from datetime import date
from typing import Final

from udb.access.explain import CANCELS_FETCHED, FEED
from udb.domain.text import Text

GIVES: Final = {
    "A1": Text("Den unge bor i kommunen i dag.", "The youth lives in the kommune today."),
    "A2": Text(
        "Skolen, der har indberettet, ligger i kommunen, og hændelsen hører til højst 10. klasse.",
        "The school that reported is in the kommune, and the event is of the 10th grade at most.",
    ),
    "A10": Text("Den unge har et aktivt abonnement.", "The youth has an active subscription."),
    CANCELS_FETCHED: Text(
        "Hændelsen annullerer en indberetning, som kommunen har hentet.",
        "The event cancels a report that the kommune has fetched.",
    ),
}
"""Clauses that give access, with the reason."""
_WITHHOLDS: Final = {
    "A1": Text("Den unge bor ikke i kommunen i dag.", "The youth does not live in the kommune today."),
    "A2": Text(
        "Kommunen har heller ikke adgang som skolekommune: det kræver, at skolen ligger i kommunen og ikke er en "
        "efterskole, og at den unge bor i en anden kommune og går i højst 10. klasse.",
        "The kommune has no access as the school's kommune either: the school must be in the kommune and not be an "
        "efterskole, and the youth must live in another kommune and be in the 10th grade at most.",
    ),
    "A3": Text("Den unge er ikke mellem 15 og 29 år.", "The youth is not 15 to 29 years old."),
    "A9": Text(
        "Hændelsen melder kun et praktiksted, der er kommet til efter optaget.",
        "The event only reports a practice place that was added after the optag.",
    ),
    "A10": Text("Den unge har ikke et aktivt abonnement.", "The youth has no active subscription."),
}
_SUBSTITUTED: Final = Text(
    "Indberetningen er annulleret, gentaget eller fjernet ved en rettelse.",
    "The report is cancelled, repeated or removed by a correction.",
)
_CANCELLATION: Final = Text(
    "Hændelsen er en annullering, og et opslag viser kun det, der gælder.",
    "The event is a cancellation, and a look-up shows only what is valid.",
)
_UNDER_25_FEED: Final = Text(
    "Den unge er under 25 år og har gennemført en uddannelse: så vises kun gennemførte forløb.",
    "The youth is under 25 and has completed an education: then only completed forløb are shown.",
)
_UNDER_25_LOOK_UP: Final = Text(
    "Den unge er under 25 år, og hændelsen er senere end en gennemført uddannelse: så vises kun gennemførte forløb.",
    "The youth is under 25, and the event is later than a completed education: then only completed forløb are shown.",
)


def withholds(clause: str, *, mode: str, turns_25: date, annullering: bool) -> Text:
    """Return the reason why a clause withholds an event in a mode (FEED, LOOK_UP)."""
    if clause == "A4":
        return Text(
            f"Den unge er fyldt 25 år: hændelser dateret før 25-års-dagen den {turns_25} vises ikke.",
            f"The youth is over 25: events dated before the 25th birthday, {turns_25}, are not shown.",
        )
    if clause == "A5":
        return Text(
            "Den unge er fyldt 25 år, og hændelsen er senere end en gennemført erhvervskompetencegivende uddannelse.",
            "The youth is over 25, and the event is later than a completed vocational education.",
        )
    if clause == "A6":
        return _UNDER_25_FEED if mode == FEED else _UNDER_25_LOOK_UP
    if clause == "A7":
        return _CANCELLATION if annullering and mode != FEED else _SUBSTITUTED
    return _WITHHOLDS[clause]
