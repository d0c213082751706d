"""2001: the institution is not, or no longer, in the register of institutions.

The caller has a dataaftale for it; without one the call ends in a fault. Source: STIL's interface pages.

Wrong: ``InstitutionNummer`` of a school that left the register when it merged with another.
Right: the number of the school that took over.
"""

from udb.domain.elementer import INSTITUTION_NUMMER
from udb.domain.haendelse import Indberetning
from udb.domain.services import SERVICES
from udb.rules.facts import Facts
from udb.rules.rule import ALL_KINDS, Alvor, Hit, Rule


def check(_report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when today's register does not hold the institution."""
    return Hit() if facts.institution is None or not facts.institution.in_register else None


RULE = Rule(
    code="2001",
    navn="Institutionen findes ikke",
    name="Unknown institution",
    alvor=Alvor.HAARD,
    element=INSTITUTION_NUMMER,
    tekst=(
        "Institutionen findes ikke (længere) i Institutionsregisteret. Kontrollér InstitutionNummer; er det rigtigt, "
        "så få oplysningerne rettet i registeret, og indberet igen."
    ),
    text=(
        "The institution is not (or no longer) in Institutionsregisteret. Check InstitutionNummer; if it is right, "
        "have the register corrected and report again."
    ),
    forklaring=(
        "Institutionen er ikke (længere) i Institutionsregisteret. I har en dataaftale for den; uden aftale ender "
        "kaldet i fejlen UDB009102."
    ),
    forkert="InstitutionNummer på en skole, der er udgået ved en fusion.",
    rigtigt="Nummeret på den skole, der har overtaget den.",
    source="STIL's interface pages",
    services=frozenset(SERVICES),
    check=check,
    needs_youth=False,
    judges=ALL_KINDS,
)
