"""6005: a ``HaendelseNummer`` in a report that cancels nothing.

Source: own.

Wrong: ``HaendelseNummer`` with ``Annullering`` false.
Right: ``HaendelseNummer`` with ``Annullering`` true; a new report without it, UDB gives it a number.
"""

from udb.domain.elementer import HAENDELSE_NUMMER
from udb.domain.haendelse import Indberetning
from udb.domain.services import WITH_ANNULLERING
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when a number is given."""
    return Hit() if report.haendelse_nummer is not None else None


RULE = Rule(
    code="6005",
    navn="Nummer uden annullering",
    name="Number without a cancellation",
    alvor=Alvor.HAARD,
    element=HAENDELSE_NUMMER,
    tekst=(
        "HaendelseNummer bruges kun ved annullering. Sæt Annullering til true, hvis indberetningen skal annulleres. "
        "Fjern ellers HaendelseNummer, for nye indberetninger får deres nummer i kvitteringen."
    ),
    text=(
        "HaendelseNummer is used only for cancellations. Set Annullering to true if the report is to be cancelled. "
        "Otherwise remove HaendelseNummer: new reports get their number in the receipt."
    ),
    forklaring="HaendelseNummer står i en indberetning, der ikke annullerer noget.",
    forkert="HaendelseNummer med Annullering false.",
    rigtigt="HaendelseNummer med Annullering true; en ny indberetning uden, for UDB giver den et nummer.",
    source="own",
    services=WITH_ANNULLERING,
    check=check,
    needs_youth=False,
)
