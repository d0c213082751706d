"""7016: a subscription that begins after today.

Without ``Startdato`` it begins today. Source: own.

Wrong: ``Startdato`` tomorrow.
Right: ``Startdato`` today, or an earlier day on which the pålæg was given.
"""

from udb.domain.clock import danish_date
from udb.domain.elementer import STARTDATO
from udb.domain.haendelse import Indberetning
from udb.domain.services import JOBCENTER
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the Danish date of the start is after today."""
    return Hit() if report.startdato is not None and danish_date(report.startdato) > facts.today else None


RULE = Rule(
    code="7016",
    navn="Startdato i fremtiden",
    name="Start in the future",
    alvor=Alvor.HAARD,
    element=STARTDATO,
    tekst=(
        "Abonnementets Startdato ligger ude i fremtiden. Indberet abonnementet på startdatoen eller senere, med samme "
        "Startdato."
    ),
    text=(
        "The subscription's Startdato is in the future. Report the subscription on that day or later, with the same "
        "Startdato."
    ),
    forklaring="Et abonnement begynder efter dags dato. Uden Startdato begynder det i dag.",
    forkert="Startdato i morgen.",
    rigtigt="Startdato i dag eller den tidligere dag, hvor pålægget blev givet.",
    source="own",
    services=frozenset({JOBCENTER}),
    check=check,
    needs_youth=False,
    silenced_by=NO_INSTITUTION,
)
