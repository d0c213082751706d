"""2002: the institution was closed on the event date.

The register has the first day on which it is closed. For a message without an event date, today counts. Source: own.

Wrong: an optag dated 1 August at a school closed since 1 August.
Right: a gennemført dated 31 July at that school, also when reported in September.
"""

from udb.domain.elementer import INSTITUTION_NUMMER
from udb.domain.haendelse import Indberetning
from udb.domain.services import REPORTS
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit from the first closed day on."""
    closed = facts.institution.lukket if facts.institution else None
    day = facts.today if report.haendelse_dato is None else report.dato
    return Hit() if closed is not None and closed <= day else None


RULE = Rule(
    code="2002",
    navn="Institutionen er lukket",
    name="Closed institution",
    alvor=Alvor.HAARD,
    element=INSTITUTION_NUMMER,
    tekst=(
        "Institutionen var lukket på hændelsesdatoen (er der ingen hændelsesdato, gælder dags dato). Indberet på den "
        "institution, der har overtaget den unge, eller ret HaendelseDato."
    ),
    text=(
        "The institution was closed on the event date (without an event date, today counts). Report on the institution "
        "that has taken over the youth, or correct HaendelseDato."
    ),
    forklaring=(
        "Institutionen var lukket på hændelsesdatoen. Registeret har den første dag, hvor den er lukket. For en "
        "besked uden hændelsesdato gælder dags dato."
    ),
    forkert="Et optag dateret 1. august på en skole, der er lukket fra 1. august.",
    rigtigt="En gennemførelse dateret 31. juli på samme skole, også når den indberettes i september.",
    source="own",
    services=REPORTS,
    check=check,
    needs_youth=False,
    silenced_by=NO_INSTITUTION,
)
