"""4016: not exactly one of an activity and a subscription.

Either ``Aktivitet`` or ``Abonnement``; each is a message of its own. Source: own.

Wrong: a message with both, or with neither.
Right: ``Aktivitet`` alone; or ``Abonnement`` alone.
"""

from udb.domain.elementer import AKTIVITET
from udb.domain.haendelse import Indberetning
from udb.domain.services import JOBCENTER
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when both or neither are given; the schema demands a code of every activity and an action of every
    subscription.
    """
    return Hit() if (report.aktivitetsgruppe_kode is None) == (report.handling is None) else None


RULE = Rule(
    code="4016",
    navn="Enten aktivitet eller abonnement",
    name="Either activity or subscription",
    alvor=Alvor.HAARD,
    element=AKTIVITET,
    tekst="Angiv præcis én af delene: enten Aktivitet eller Abonnement. Send to beskeder, hvis I vil begge dele.",
    text="Give exactly one of the two: either Aktivitet or Abonnement. Send two messages if you want both.",
    forklaring="Et jobcenter angiver enten Aktivitet eller Abonnement; hver er en besked for sig.",
    forkert="En besked med begge dele eller ingen af dem.",
    rigtigt="Aktivitet alene; eller Abonnement alene.",
    source="own",
    services=frozenset({JOBCENTER}),
    check=check,
    needs_youth=False,
)
