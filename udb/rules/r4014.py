"""4014: the code of the job-centre activity is unknown, or not valid.

Job centres have a code set of their own. Which days count: see 4001. Source: V 3.1.

Wrong: ``AktivitetsgruppeKode`` 99, which is in no code set.
Right: ``AktivitetsgruppeKode`` J20.
"""

from udb.domain.elementer import AKTIVITETSGRUPPE_KODE
from udb.domain.haendelse import Indberetning
from udb.domain.kodesaet import AKTIVITETSGRUPPER
from udb.domain.services import JOBCENTER
from udb.rules.facts import Facts
from udb.rules.premises import code_unusable
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the code cannot be used on the days that count."""
    kode = report.aktivitetsgruppe_kode
    return Hit() if kode is not None and code_unusable(report, facts, AKTIVITETSGRUPPER, kode) else None


RULE = Rule(
    code="4014",
    navn="Ukendt aktivitetsgruppe",
    name="Unknown activity group",
    alvor=Alvor.HAARD,
    element=AKTIVITETSGRUPPE_KODE,
    tekst=(
        "Koden findes ikke i kodesættet Aktivitetsgrupper, eller den var ikke gyldig på hændelsesdatoen. Ret "
        "AktivitetsgruppeKode, og indberet igen."
    ),
    text=(
        "The code is not in the code set of activity groups, or was not valid on the event date. Correct "
        "AktivitetsgruppeKode and report again."
    ),
    forklaring=(
        "Koden for jobcentrets aktivitet findes ikke eller var ikke gyldig. Jobcentrene har deres eget kodesæt. "
        "Hvilke dage der tæller, står ved 4001."
    ),
    forkert="AktivitetsgruppeKode 99, som ikke er i noget kodesæt.",
    rigtigt="AktivitetsgruppeKode J20.",
    source="V 3.1",
    services=frozenset({JOBCENTER}),
    check=check,
    needs_youth=False,
)
