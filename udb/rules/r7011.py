"""7011: an institution's contact person for a youth without an uddannelsespålæg, or without an open forløb there.

Both have the same answer, so that it does not reveal whether the youth has an uddannelsespålæg. The forløb may be
at any number of the same main institution. It counts when it has been reported for some days (UDB_FORLOEB_DAGE), so
that no invented optag opens the answer; a trial is judged alike. Source: STIL's interface pages; the days are own.

Wrong: a contact person for a youth who left the institution.
Right: a contact person for a youth who has an uddannelsespålæg and is admitted at the institution.
"""

from udb.domain.elementer import CPRNR
from udb.domain.forloeb import all_forloeb
from udb.domain.haendelse import Indberetning
from udb.domain.registered import open_at
from udb.domain.services import INSTITUTION_KONTAKT
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(_report: Indberetning, facts: Facts) -> Hit | None:
    """Hit unless the youth has both."""
    here = open_at(all_forloeb(facts.events), facts.hovedinstitution, facts.events, facts.opens_before)
    return None if facts.paalaeg and here else Hit()


RULE = Rule(
    code="7011",
    navn="Intet pålæg eller forløb hos jer",
    name="No pålæg or forløb with you",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst=(
        "Kontaktpersonen kan kun indberettes for en ung, der både har et uddannelsespålæg og et åbent forløb på jeres "
        "institution, som har været indberettet i nogle dage (normalt 7). Er optaget nyt, så indberet "
        "kontaktpersonen, når dagene er gået. Kontrollér ellers CPRNr, InstitutionNummer og jeres indberetninger om "
        "den unge; er de rigtige, så lad være med at indberette."
    ),
    text=(
        "The contact person can be reported only for a youth who has both an uddannelsespålæg and an open forløb at "
        "your institution that has been reported for some days (normally 7). If the optag is new, report the contact "
        "person when the days have passed. Otherwise check CPRNr, InstitutionNummer and your reports on the youth; if "
        "they are right, do not report."
    ),
    forklaring=(
        "Institutionens kontaktperson gælder en ung, der både har et uddannelsespålæg og et åbent forløb dér. "
        "Svaret er det samme, hvad enten det ene eller det andet mangler, så det ikke røber, om den unge har et "
        "pålæg. Forløbet kan være på et hvilket som helst nummer under samme hovedinstitution. Det tæller først, når "
        "det har været indberettet i et antal dage, som driften fastsætter: ellers kunne et opfundet optag vise, hvem "
        "der har et pålæg. En prøve (kun-validering) bedømmes ligesådan."
    ),
    forkert="En kontaktperson for en ung, der er gået ud af institutionen.",
    rigtigt="En kontaktperson for en ung, der har et uddannelsespålæg og er optaget på institutionen.",
    source="STIL's interface pages",
    services=frozenset({INSTITUTION_KONTAKT}),
    check=check,
    silenced_by=NO_INSTITUTION,
)
