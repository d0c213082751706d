"""The refusals of a fetch (rules.md, 2 and 8): one answer each, that tells nothing of what there is."""

from typing import Final

from udb import elementer as E  # noqa: N812 - short, as it stands in every line
from udb.receipt import Fejl
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor

FETCH_TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "8001": (
        E.HAENDELSE_NUMMER,
        """HaendelseNummer har ikke den rigtige form eller er højere end det seneste nummer, Ungedatabasen har givet.
        Brug HoejesteHaendelseNummer fra jeres seneste svar.""",
        """HaendelseNummer does not have the right form, or is higher than the last number Ungedatabasen has given. Use
        HoejesteHaendelseNummer of your latest answer.""",
    ),
    "8002": (
        E.CPRNR,
        """Der kan ikke slås op på CPR-nummeret: det er ukendt eller udskiftet, eller den unge har ikke bopæl i
        kommunen eller er ikke mellem 15 og 29 år.""",
        """The CPR number cannot be looked up: it is unknown or replaced, or the youth is not a resident of the kommune
        or is not between 15 and 29 years old.""",
    ),
    "8003": (
        E.CPRNR,
        "Angiv højst ét kriterium: enten HaendelseNummer eller CPRNr, ikke begge.",
        "Give at most one criterion: either HaendelseNummer or CPRNr, not both.",
    ),
    "8004": (
        E.SYSTEM_TRANSACTION_ID,
        """Dette SystemTransactionID er brugt til en tidligere hentning, hvis side ikke kan gives igen. Brug et nyt id
        til hver hentning; kun den seneste side kan hentes igen med sit eget id.""",
        """This SystemTransactionID was used for an earlier fetch whose page cannot be given again. Use a new id for
        each fetch; only the latest page can be fetched again with its own id.""",
    ),
}
"""Code -> (element, Danish text, English text)."""


def refusal(code: str) -> Fejl:
    """The line of a refusal. 2001 and 2003 speak with the words of their rules."""
    rule = BY_CODE.get(code)
    element, text = (rule.element, rule.tekst) if rule else FETCH_TEXTS[code][:2]
    return Fejl(code, Alvor.HAARD.value, " ".join(text.split()), element)
