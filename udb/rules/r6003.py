"""6003: the report is already cancelled, or is itself a cancellation.

A report and its repetition after a change of CPR number count as one: cancelling one cancels all. Source: own.

Wrong: to cancel an optag twice; to cancel a cancellation.
Right: what was cancelled by mistake is reported again.
"""

from udb.domain.elementer import HAENDELSE_NUMMER
from udb.domain.haendelse import Indberetning
from udb.domain.services import WITH_ANNULLERING
from udb.rules.facts import Facts
from udb.rules.premises import NO_CANCELLED_REPORT, NO_INSTITUTION
from udb.rules.rule import CANCELLATIONS_ALONE, Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit, with the number of the earlier cancellation."""
    event = facts.event(report.haendelse_nummer)
    if event is None:
        return None
    if event.annullering:
        return Hit(vedroerer=event.nummer)
    standing = (other.nummer for other in facts.events if other.annulleret_haendelse_nummer == event.nummer)
    return Hit(vedroerer=next(standing, None)) if event.annulleret else None


RULE = Rule(
    code="6003",
    navn="Allerede annulleret",
    name="Already cancelled",
    alvor=Alvor.HAARD,
    element=HAENDELSE_NUMMER,
    tekst=(
        "Indberetningen er allerede annulleret, eller HaendelseNummer er selv en annullering. I skal ikke foretage jer "
        "mere; var annulleringen en fejl, så indberet på ny."
    ),
    text=(
        "The report is already cancelled, or HaendelseNummer is itself a cancellation. There is nothing more to do; if "
        "the cancellation was a mistake, report again."
    ),
    forklaring=(
        "Indberetningen er allerede annulleret eller er selv en annullering. En indberetning og dens gentagelse "
        "efter skift af CPR-nummer tæller som én: annulleres den ene, annulleres alle."
    ),
    forkert="At annullere et optag to gange; at annullere en annullering.",
    rigtigt="Det, der er annulleret ved en fejl, indberettes på ny.",
    source="own",
    services=WITH_ANNULLERING,
    check=check,
    silenced_by=NO_INSTITUTION | NO_CANCELLED_REPORT,
    judges=CANCELLATIONS_ALONE,
)
