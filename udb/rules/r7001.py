"""7001: the caller is not the youth's home kommune.

It replaces 1002 and 1004, and 1003 and 6002 when the youth lives elsewhere: unknown, moved, abroad and dead have the
same answer, which reveals nothing about the youth. The kommune that registered something may also delete it, but not
report new wishes together with ``Slet``, and the kommune that made a report may cancel it.
Source: V 2.1, 2.2; own for activities and contact times.

Wrong: the kommune from which the youth has moved reports a contact person.
Right: the kommune where the youth lives reports one; the former one deletes or cancels its own.
"""

from udb.domain.elementer import CPRNR
from udb.domain.haendelse import Indberetning, Kind
from udb.domain.services import KOMMUNE_REPORTS
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION, lives_with_caller, own_report, wishes_to_register
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit unless the youth lives in the calling kommune, or it only removes something of its own."""
    if lives_with_caller(facts):
        return None
    if report.kind is Kind.ANNULLERING:
        return Hit() if own_report(report, facts) is None else None
    only_deletes = report.kind is Kind.SLET and not wishes_to_register(report)
    return None if only_deletes and facts.registered else Hit()


RULE = Rule(
    code="7001",
    navn="Ikke bopælskommune",
    name="Not the home kommune",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst=(
        "Kun den unges bopælskommune kan indberette dette, og I er ikke bopælskommune for det angivne CPRNr. Kun det, "
        "I selv har indberettet om den unge, kan I annullere eller slette. Kontrollér CPRNr, InstitutionNummer og "
        "HaendelseNummer; er de rigtige, så lad være med at indberette."
    ),
    text=(
        "Only the youth's home kommune can report this, and you are not the home kommune for the CPRNr given. You can "
        "cancel or delete only what you have reported about the youth yourselves. Check CPRNr, InstitutionNummer and "
        "HaendelseNummer; if they are right, do not report."
    ),
    forklaring=(
        "Svaret erstatter 1002 og 1004, og 1003 og 6002, når den unge bor et andet sted: ukendt, flyttet, udrejst og "
        "død får samme svar, så det ikke røber noget om den unge. Den kommune, der har registreret noget, kan også "
        "slette det, men ikke indberette nye ønsker sammen med Slet. Den kommune, der har indberettet noget, kan "
        "også annullere det."
    ),
    forkert="Den kommune, den unge er flyttet fra, indberetter en kontaktperson.",
    rigtigt="Den kommune, den unge bor i, indberetter en; den tidligere sletter eller annullerer sit eget.",
    source="V 2.1, 2.2",
    services=KOMMUNE_REPORTS,
    check=check,
    needs_youth=False,
    silenced_by=NO_INSTITUTION | {"1001"},
    judges=frozenset({Kind.REPORT, Kind.SLET, Kind.ANNULLERING}),
)
