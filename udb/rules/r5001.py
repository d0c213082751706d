"""5001: a Status 1 report after a gennemført of the same education at the same institution.

The main rule of V 1.3: the youth has already completed this education. It holds whatever the dates, and for risk marks
too. The institution is the number as reported, the education is the code without version. A code with ``genoptag`` in
its row (DU, AVU, FVU, OBU and 23 activities) may be taken again. A report that repeats another after a change of CPR
number is not refused. Source: V 1.3.

Wrong: a gennemført of stx in June, then an optag on stx in August at the same institution.
Right: the same two reports on AVU; or the gennemført was a mistake and is cancelled first.
"""

from udb.domain.elementer import STATUS
from udb.domain.haendelse import GENNEMFOERT, OPTAGET, Indberetning
from udb.domain.services import EDUCATION
from udb.rules.facts import Facts
from udb.rules.premises import NO_CODE, NO_INSTITUTION, may_be_taken_again
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when there is such a gennemført, neither cancelled nor repeated."""
    key = facts.placement.key
    if report.status != OPTAGET or key is None or facts.placement.twin is not None:
        return None
    if may_be_taken_again(report, facts):
        return None
    completed = any(
        event.status == GENNEMFOERT
        and event.ifoelge_kommunen is None
        and event.institution_nummer == report.institution_nummer
        and (event.kodesaet, event.kode) == (key.kodesaet, key.kode)
        for event in facts.placement.earlier
    )
    return Hit() if completed else None


RULE = Rule(
    code="5001",
    navn="Allerede gennemført",
    name="Already completed",
    alvor=Alvor.HAARD,
    element=STATUS,
    tekst=(
        "Det er allerede indberettet, at den unge har gennemført uddannelsen på denne institution, så der kan ikke "
        "indberettes optag eller risiko for frafald på den. Er gennemførelsen en fejl, så annullér den først."
    ),
    text=(
        "It is already reported that the youth completed this education at this institution, so no optag or risk can "
        "be reported on it. If the gennemført is a mistake, cancel it first."
    ),
    forklaring=(
        "Hovedreglen i vejledningens afsnit 1.3: den unge har allerede gennemført uddannelsen. Det gælder uanset "
        "datoer og også for risiko. Institutionen er nummeret, som det blev indberettet; uddannelsen er koden uden "
        "version. Koder med genoptag (DU, AVU, FVU, OBU og 23 aktiviteter) kan tages igen. En gentagelse efter "
        "skift af CPR-nummer afvises ikke."
    ),
    forkert="Gennemførelse af stx i juni, derefter optag på stx i august på samme institution.",
    rigtigt="De samme to indberetninger på AVU; eller gennemførelsen var en fejl og er først annulleret.",
    source="V 1.3",
    services=EDUCATION,
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE,
)
