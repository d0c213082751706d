"""What a check is, and what it finds."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NamedTuple


class _Check(NamedTuple):
    code: str
    title: str
    advice: str


class Check(Enum):
    """The checks: code, title, and what to do about a finding."""

    C1 = _Check("C1", "Genindberettet optag", "Annullér den nye indberetning: et systemskifte kræver ikke nyt optag.")
    C2 = _Check(
        "C2", "Dobbelt forløb", "Annullér det ene forløbs indberetninger, eller afslut det, der ikke længere gælder."
    )
    C3 = _Check("C3", "Forældreløst forløb", "Afslut forløbet, eller sørg for, at det er kommet med i det nye system.")
    C4 = _Check("C4", "Bølge af afslutninger", "Kontrollér, at de unge er holdt op, og annullér det, der er forkert.")
    C5 = _Check("C5", "Hul i indberetningerne", "Indberet det, der er sket i hullet.")
    C6 = _Check("C6", "Begge systemer indberetter", "Stop det gamle system.")
    C7 = _Check("C7", "Bestanden har ændret sig", "Sammenlign med jeres egen liste, og ret det, der mangler.")
    C8 = _Check("C8", "Mistede rettigheder", "Bed om en dataaftale for det nye system.")
    C9 = _Check("C9", "Kontaktpersoner fra det gamle system", "Bekræft eller slet dem i det nye system.")
    AFVIST = _Check("Afvist", "Afvist og ikke modtaget siden", "Ret og send dem, inden det gamle system lukker.")
    UDEN_SLUT = _Check("Uden slut", "Mangler afslutning", "Indberet afslutningen, inden det gamle system lukker.")
    FORAELDET = _Check("Forældet", "Forældede kontaktpersoner", "Bekræft eller slet dem.")
    REGLER = _Check("Dagens regler", "Ville blive afvist i dag", "Se reglen, og ret det, der er forkert.")
    CERTIFIKAT = _Check("Certifikat", "Adgang på dagen", "Bed leverandøren om et certifikat, der gælder på dagen.")
    DOBBELT = _Check("Dobbelt", "Begge har dataaftale efter skiftet", "Luk det gamle systems dataaftale.")
    LUKKEDE = _Check(
        "Lukkede", "Afsluttede forløb, som kun det gamle system har indberettet", "Hent numrene, og ret det forkerte."
    )

    @property
    def code(self) -> str:
        """The code that it is named by."""
        return self.value.code

    @property
    def title(self) -> str:
        """What it looks for, in Danish."""
        return self.value.title

    @property
    def advice(self) -> str:
        """What to do about a finding, in Danish."""
        return self.value.advice


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, in Danish. ``person_id``, ``nummer``: the youth and the event that it is about, if any."""

    tekst: str
    person_id: int | None = None
    nummer: str | None = None
    dato: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a check found.

    ``beside``: what was counted beside it, in Danish. ``computed``: False while it is too early to look. ``ready``: the
    day after which the findings are all there are; None: they are. ``lower_bound``: reports were not kept for all of
    the time it looks at.
    """

    check: Check
    findings: tuple[Finding, ...] = ()
    beside: str = ""
    computed: bool = True
    ready: date | None = None
    lower_bound: bool = False

    @property
    def antal(self) -> int:
        """How many findings there are."""
        return len(self.findings)
