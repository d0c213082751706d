"""3002: a gennemført dated after today.

It is received too early and not accepted. Today is the Danish date. Source: V 1.3.

Wrong: a gennemført dated 30 June, reported on 29 June.
Right: the same gennemført reported on 30 June.
"""

from udb.domain.elementer import HAENDELSE_DATO
from udb.domain.haendelse import GENNEMFOERT, Indberetning
from udb.domain.services import WITH_STATUS
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the gennemført is dated after today."""
    return Hit() if report.status == GENNEMFOERT and report.dato > facts.today else None


RULE = Rule(
    code="3002",
    navn="Gennemførelse i fremtiden",
    name="Gennemført in the future",
    alvor=Alvor.HAARD,
    element=HAENDELSE_DATO,
    tekst=(
        "Gennemførelsen er modtaget for tidligt og er ikke accepteret: HaendelseDato ligger ude i fremtiden. Indberet "
        "den igen på hændelsesdatoen eller senere."
    ),
    text=(
        "The gennemført was received too early and is not accepted: HaendelseDato is in the future. Report it again on "
        "the event date or later."
    ),
    forklaring=(
        "Gennemførelsen er dateret efter dags dato. Den er modtaget for tidligt og accepteres ikke. Dags dato er "
        "den danske."
    ),
    forkert="En gennemførelse dateret 30. juni, indberettet 29. juni.",
    rigtigt="Samme gennemførelse indberettet 30. juni.",
    source="V 1.3",
    services=WITH_STATUS,
    check=check,
    needs_youth=False,
)
