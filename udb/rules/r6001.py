"""6001: a cancellation that does not name the report it cancels.

Source: V 1.4.

Wrong: ``Annullering`` true without ``HaendelseNummer``.
Right: ``Annullering`` true with the ``HaendelseNummer`` of the receipt of the wrong report.
"""

from udb.domain.elementer import HAENDELSE_NUMMER
from udb.domain.haendelse import Indberetning
from udb.domain.services import WITH_ANNULLERING
from udb.rules.facts import Facts
from udb.rules.rule import CANCELLATIONS_ALONE, Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when there is no number."""
    return Hit() if report.haendelse_nummer is None else None


RULE = Rule(
    code="6001",
    navn="Annullering uden nummer",
    name="Cancellation without a number",
    alvor=Alvor.HAARD,
    element=HAENDELSE_NUMMER,
    tekst=(
        "Annulleringen mangler HaendelseNummer. Angiv nummeret på den indberetning, der skal annulleres; det står i "
        "kvitteringen."
    ),
    text="The cancellation has no HaendelseNummer. Give the number of the report to cancel; it is in the receipt.",
    forklaring="En annullering nævner ikke den indberetning, den annullerer.",
    forkert="Annullering true uden HaendelseNummer.",
    rigtigt="Annullering true med HaendelseNummer fra kvitteringen for den forkerte indberetning.",
    source="V 1.4",
    services=WITH_ANNULLERING,
    check=check,
    needs_youth=False,
    judges=CANCELLATIONS_ALONE,
)
