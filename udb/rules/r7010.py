"""7010: a contact or offer time although the youth has begun another education.

After a change of education or school no time is due: there is an optag of an education service in another open forløb,
dated on or after the afbrud. An optag to an admission test is none: the youth is not admitted yet. Only what the
look-up shows the kommune counts (access.md, A4-A6).
Source: V 2.4, V 1.1; own for what the look-up does not show.

Wrong: a contact time for an afbrud on stx, when the youth was admitted to hf the day after.
Right: a contact time for an afbrud after which no education has begun, or which is followed by an admission test.
"""

from udb.domain.elementer import AFBRUD_HAENDELSE_NUMMER
from udb.domain.forloeb import all_forloeb, forloeb_of
from udb.domain.haendelse import Indberetning
from udb.domain.optagelsesproeve import is_test
from udb.domain.services import EDUCATION, KONTAKT_TILBUDSTID
from udb.rules.facts import Facts
from udb.rules.premises import NO_AFBRUD, NO_INSTITUTION, afbrud_referred_to, seen
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the kommune sees such an optag."""
    afbrud = afbrud_referred_to(report, facts)
    if afbrud is None:
        return None
    found = all_forloeb(seen(facts))
    broken_off = forloeb_of(afbrud.nummer, found)
    others = (event for forloeb in found if forloeb.open and forloeb is not broken_off for event in forloeb.events)
    begun = any(
        event.optag
        and event.service in EDUCATION
        and event.haendelse_dato >= afbrud.haendelse_dato
        and not is_test(event, facts.codes)
        for event in others
    )
    return Hit() if begun else None


RULE = Rule(
    code="7010",
    navn="Optaget på en anden uddannelse",
    name="Admitted elsewhere",
    alvor=Alvor.BLOED,
    element=AFBRUD_HAENDELSE_NUMMER,
    tekst=(
        "Den unge er optaget på en anden uddannelse på eller efter afbruddets dato. Ved skift af uddannelse eller "
        "skole behøver I ikke indberette kontakttid og tilbudstid."
    ),
    text=(
        "The youth was admitted to another education on or after the date of the afbrud. When a youth changes "
        "education or school, you need not report contact and offer time."
    ),
    forklaring=(
        "Efter skift af uddannelse eller skole skal der ikke indberettes kontakttid eller tilbudstid: der er et "
        "optag i et andet åbent forløb, dateret på eller efter afbruddet. Kun det, som opslaget viser kommunen, "
        "tæller med."
    ),
    forkert="En kontakttid for et afbrud på stx, når den unge blev optaget på hf dagen efter.",
    rigtigt="En kontakttid for et afbrud, hvorefter ingen uddannelse er begyndt.",
    source="V 2.4, V 1.1, own",
    services=frozenset({KONTAKT_TILBUDSTID}),
    check=check,
    silenced_by=NO_INSTITUTION | NO_AFBRUD,
)
