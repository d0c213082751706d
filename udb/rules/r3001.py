"""3001: an afbrud dated after today.

It is received too early and not accepted. Today is the Danish date. Source: V 1.2.

Wrong: an afbrud dated 16 August, reported on 15 August.
Right: the same afbrud reported on 16 August.
"""

from udb.domain.elementer import HAENDELSE_DATO
from udb.domain.haendelse import AFBRUDT, Indberetning
from udb.domain.services import WITH_STATUS
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the afbrud is dated after today."""
    return Hit() if report.status == AFBRUDT and report.dato > facts.today else None


RULE = Rule(
    code="3001",
    navn="Afbrud i fremtiden",
    name="Afbrud in the future",
    alvor=Alvor.HAARD,
    element=HAENDELSE_DATO,
    tekst=(
        "Afbruddet er modtaget for tidligt og er ikke accepteret: HaendelseDato ligger ude i fremtiden. Indberet det "
        "igen på hændelsesdatoen eller senere."
    ),
    text=(
        "The afbrud was received too early and is not accepted: HaendelseDato is in the future. Report it again on the "
        "event date or later."
    ),
    forklaring=(
        "Afbruddet er dateret efter dags dato. Det er modtaget for tidligt og accepteres ikke. Dags dato er den danske."
    ),
    forkert="Et afbrud dateret 16. august, indberettet 15. august.",
    rigtigt="Samme afbrud indberettet 16. august.",
    source="V 1.2",
    services=WITH_STATUS,
    check=check,
    needs_youth=False,
)
