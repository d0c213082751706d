"""7014: wishes without a wish and without ``Slet``, or a wish of a kind that ``Slet`` removes.

The wishes of a kind replace the list of that kind; ``Slet`` empties a list. Source: own.

Wrong: ``Slet`` Job together with ``JobOnsker``; a message with neither wishes nor ``Slet``.
Right: ``Slet`` Job together with ``UddannelsesOnsker``.
"""

from udb.domain.elementer import JOB_ONSKER, SLET
from udb.domain.haendelse import Indberetning, Kind
from udb.domain.services import ONSKER
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION, wishes, wishes_to_register
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when the message has no content, or both reports and deletes a kind."""
    if report.slet is None:
        return None if wishes(report) else Hit()
    return Hit(element=SLET) if wishes(report) != wishes_to_register(report) else None


RULE = Rule(
    code="7014",
    navn="Ønsker eller Slet",
    name="Wishes or Slet",
    alvor=Alvor.HAARD,
    element=JOB_ONSKER,
    tekst=(
        "Angiv mindst ét ønske i JobOnsker eller UddannelsesOnsker, eller brug Slet. Slet kan ikke stå sammen med "
        "ønsker af den type, der slettes: nye ønsker erstatter automatisk de gamle, så fjern Slet eller ønskerne."
    ),
    text=(
        "Give at least one wish in JobOnsker or UddannelsesOnsker, or use Slet. Slet cannot be combined with wishes of "
        "the kind it removes: new wishes replace the old ones automatically, so remove Slet or the wishes."
    ),
    forklaring=(
        "En besked har hverken ønsker eller Slet, eller den har ønsker af den type, som Slet fjerner. Nye ønsker "
        "erstatter listen af samme type; Slet tømmer en liste."
    ),
    forkert="Slet Job sammen med JobOnsker; en besked med hverken ønsker eller Slet.",
    rigtigt="Slet Job sammen med UddannelsesOnsker.",
    source="own",
    services=frozenset({ONSKER}),
    check=check,
    needs_youth=False,
    silenced_by=NO_INSTITUTION,
    judges=frozenset({Kind.REPORT, Kind.SLET}),
)
