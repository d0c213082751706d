"""5003: an afbrud or gennemført without an optag.

No forløb is open, so the report forms one of its own; a risk that opened a forløb counts as its optag. A repetition
after a change of CPR number gets no advice. Source: V 5.1.

Wrong: a gennemført at an institution that never reported the optag.
Right: optag, then gennemført.
"""

from udb.domain.elementer import STATUS
from udb.domain.haendelse import OPTAGET, Indberetning
from udb.domain.services import WITH_STATUS
from udb.rules.facts import Facts
from udb.rules.premises import NO_CODE, NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the report ends no open forløb."""
    place = facts.placement
    if report.status == OPTAGET or place.key is None or place.twin is not None:
        return None
    return Hit() if place.open is None else None


RULE = Rule(
    code="5003",
    navn="Afslutning uden optag",
    name="End without an optag",
    alvor=Alvor.BLOED,
    element=STATUS,
    tekst=(
        "Der er ikke noget åbent optag på denne uddannelse på institutionen, så afslutningen bliver et selvstændigt "
        "forløb. Er den accepteret, så annullér den. Mangler optaget, så indberet først optaget og derefter "
        "afslutningen; er uddannelseskoden eller institutionen forkert, så indberet afslutningen igen med den rigtige."
    ),
    text=(
        "There is no open optag on this education at the institution, so the end becomes a forløb of its own. If it "
        "was accepted, cancel it. If the optag is missing, report the optag first and then the end; if the education "
        "code or the institution is wrong, report the end again with the right one."
    ),
    forklaring=(
        "Intet forløb er åbent, så afbruddet eller gennemførelsen bliver et selvstændigt forløb. En risiko, der åbnede "
        "et forløb, tæller som dets optag. En gentagelse efter skift af CPR-nummer får ikke rådet."
    ),
    forkert="En gennemførelse på en institution, der aldrig har indberettet optaget.",
    rigtigt="Først optag, så gennemførelse.",
    source="V 5.1",
    services=WITH_STATUS,
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE | {"5004"},
)
