"""7001: the caller is not the youth's home kommune.

It replaces 1002 and 1004, and 1003 when the youth lives elsewhere: unknown, moved, abroad and dead have the same
answer, which reveals nothing about the youth. The kommune that registered something may also delete it, but not report
new wishes together with ``Slet``. A cancellation is judged by who made the report.
Source: V 2.1, 2.2; own for activities and contact times.

Wrong: the kommune from which the youth has moved reports a contact person.
Right: the kommune where the youth lives reports one; the former one deletes its own.
"""

from udb.domain.elementer import CPRNR
from udb.domain.haendelse import Indberetning, Kind
from udb.domain.services import KOMMUNE_REPORTS
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION, lives_with_caller, wishes_to_register
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit unless the youth lives in the calling kommune, or it only deletes and has something registered."""
    only_deletes = report.kind is Kind.SLET and not wishes_to_register(report)
    return None if lives_with_caller(facts) or (only_deletes and facts.registered) else Hit()


RULE = Rule(
    code="7001",
    navn="Ikke bopælskommune",
    name="Not the home kommune",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst=(
        "Kun den unges bopælskommune kan indberette dette, og I er ikke bopælskommune for det angivne CPRNr. "
        "Kontrollér CPRNr og InstitutionNummer; er de rigtige, så lad være med at indberette."
    ),
    text=(
        "Only the youth's home kommune can report this, and you are not the home kommune for the CPRNr given. Check "
        "CPRNr and InstitutionNummer; if they are right, do not report."
    ),
    forklaring=(
        "Svaret erstatter 1002 og 1004, og 1003, når den unge bor et andet sted: ukendt, flyttet, udrejst og død "
        "får samme svar, så det ikke røber noget om den unge. Den kommune, der har registreret noget, kan også "
        "slette det, men ikke indberette nye ønsker sammen med Slet. En annullering bedømmes efter, hvem der "
        "indberettede."
    ),
    forkert="Den kommune, den unge er flyttet fra, indberetter en kontaktperson.",
    rigtigt="Den kommune, den unge bor i, indberetter en; den tidligere sletter sin egen.",
    source="V 2.1, 2.2",
    services=KOMMUNE_REPORTS,
    check=check,
    needs_youth=False,
    silenced_by=NO_INSTITUTION | {"1001"},
    judges=frozenset({Kind.REPORT, Kind.SLET}),
)
