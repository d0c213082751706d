"""5005: EUD: the speciale is updated a second time.

An update is a report of the forløb whose ``Speciale`` differs from the last one given in it; the first one given is
an update only when the optag had none. Source: V 1.1.

Wrong: optag with speciale A, then a report with B, then one with C.
Right: optag without speciale, then a report with A.
"""

from collections.abc import Iterable

from udb.domain.elementer import SPECIALE
from udb.domain.haendelse import Indberetning
from udb.domain.kodesaet import EUD_ARTS
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.rules.facts import Facts
from udb.rules.premises import NO_CODE, NO_INSTITUTION, art, joined_forloeb
from udb.rules.rule import Alvor, Hit, Rule

ALLOWED_UPDATES = 1


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when this report is an update and not the first."""
    forloeb = joined_forloeb(report, facts.placement)
    if forloeb is None or report.speciale is None or art(report, facts) not in EUD_ARTS:
        return None
    first_is_update = forloeb.optag is not None and forloeb.optag.speciale is None
    before = _updates((event.speciale for event in forloeb.events), first_is_update=first_is_update)
    after = _updates((*(event.speciale for event in forloeb.events), report.speciale), first_is_update=first_is_update)
    return Hit() if after > max(before, ALLOWED_UPDATES) else None


def _updates(given: Iterable[str | None], *, first_is_update: bool) -> int:
    """Return how often the speciale was updated in reports that came in this order."""
    count, last = 0, None
    for speciale in given:
        if speciale is None or speciale == last:
            continue
        count += last is not None or first_is_update
        last = speciale
    return count


RULE = Rule(
    code="5005",
    navn="Specialet opdateret igen",
    name="Speciale updated again",
    alvor=Alvor.BLOED,
    element=SPECIALE,
    tekst=(
        "Specialet er allerede opdateret én gang i dette forløb, og det bør kun ske én gang. Kontrollér, at Speciale "
        "er rigtigt, og indberet først skift af speciale, når det er endeligt."
    ),
    text=(
        "The speciale has already been updated once in this forløb, and that should happen only once. Check that "
        "Speciale is right, and report a change of speciale only when it is final."
    ),
    forklaring=(
        "På EUD opdateres specialet for anden gang. En opdatering er en indberetning i forløbet, hvis Speciale "
        "afviger fra det seneste; det første er kun en opdatering, når optaget intet havde."
    ),
    forkert="Optag med speciale A, så en indberetning med B, så en med C.",
    rigtigt="Optag uden speciale, så en indberetning med A.",
    source="V 1.1",
    services=frozenset({UNGDOMSUDDANNELSE}),
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE,
)
