"""7007: a contact or offer time before the afbrud, a contact time after today, or an offer time too far ahead.

Contact has taken place when it is reported; an offer is for within 30 days. Danish dates are compared. Source: own.

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
    """Hit outside the days from the afbrud to the last that its type allows."""
    afbrud = afbrud_referred_to(report, facts)
    if afbrud is None or report.type is None:
        return None
    return None if afbrud.haendelse_dato <= report.dato <= facts.today + AHEAD[report.type] else Hit()


RULE = Rule(
    code="7007",
    alvor=Alvor.HAARD,
    element=HAENDELSE_DATO,
    tekst=(
        "HaendelseDato passer ikke: den må ikke ligge før afbruddet, en Kontakttid ikke efter i dag og en Tilbudstid "
        "højst 30 dage frem. Ret HaendelseDato, eller indberet igen på dagen."
    ),
    text=(
        "HaendelseDato does not fit: it must not be before the afbrud, a Kontakttid not after today, and a Tilbudstid "
        "at most 30 days ahead. Correct HaendelseDato, or report again on the day."
    ),
    source="own",
    services=frozenset({KONTAKT_TILBUDSTID}),
    check=check,
    silenced_by=NO_INSTITUTION | NO_AFBRUD,
)
