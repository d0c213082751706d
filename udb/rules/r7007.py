"""7007: a contact or offer time before the afbrud, a contact time after today, or an offer time too far ahead.

A contact has taken place when it is reported; an offer is for a day within the next 30. Danish dates are compared.
Source: own.

Wrong: a ``Kontakttid`` tomorrow; a ``Tilbudstid`` 31 days ahead; either of them the day before the afbrud.
Right: a ``Kontakttid`` today; a ``Tilbudstid`` 30 days ahead.
"""

from datetime import timedelta

from udb.domain.elementer import HAENDELSE_DATO
from udb.domain.haendelse import Indberetning
from udb.domain.services import KONTAKT_TILBUDSTID
from udb.rules.facts import Facts
from udb.rules.premises import NO_AFBRUD, NO_INSTITUTION, afbrud_referred_to
from udb.rules.rule import Alvor, Hit, Rule

AHEAD = {"Kontakttid": timedelta(0), "Tilbudstid": timedelta(days=30)}


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit outside the days from the afbrud to the last day that its type allows."""
    afbrud = afbrud_referred_to(report, facts)
    if afbrud is None or report.type is None:
        return None
    return None if afbrud.haendelse_dato <= report.dato <= facts.today + AHEAD[report.type] else Hit()


RULE = Rule(
    code="7007",
    navn="Forkert dato for kontakt eller tilbud",
    name="Wrong day of a contact or offer",
    alvor=Alvor.HAARD,
    element=HAENDELSE_DATO,
    tekst=(
        "HaendelseDato må ikke ligge før afbruddet. En kontakttid må ikke ligge ude i fremtiden, og en tilbudstid må "
        "højst ligge 30 dage ude i fremtiden. Ret HaendelseDato, eller vent til dagen, og indberet igen."
    ),
    text=(
        "HaendelseDato must not be before the afbrud. A contact time must not be in the future, and an offer time must "
        "be at most 30 days in the future. Correct HaendelseDato, or wait until that day and report again."
    ),
    forklaring=(
        "En kontakt har fundet sted, når den indberettes; et tilbud er til en dag inden for de næste 30. Det er "
        "danske datoer, der sammenlignes."
    ),
    forkert="En Kontakttid i morgen; en Tilbudstid om 31 dage; en af dem dagen før afbruddet.",
    rigtigt="En Kontakttid i dag; en Tilbudstid om 30 dage.",
    source="own",
    services=frozenset({KONTAKT_TILBUDSTID}),
    check=check,
    silenced_by=NO_INSTITUTION | NO_AFBRUD,
)
