"""5007: Eksamensdatabasen has no diploma for a gennemført.

It holds for a formål with diplomas (``bevis``), once Eksamensdatabasen has delivered all diplomas up to HaendelseDato
or later: there should be a diploma of this youth, formål and main institution dated within 60 days of it. The advice
is stored with the event and judged again at each delivery. Source: V 1.3.

Wrong: a gennemført of stx in June, when all diplomas up to August are delivered and the youth has none.
Right: the same gennemført, with a diploma dated in June.
"""

from udb.domain.bevis import Bevis, lacks
from udb.domain.elementer import STATUS
from udb.domain.haendelse import GENNEMFOERT, Indberetning
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.rules.facts import Facts
from udb.rules.premises import NO_CODE, NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the diploma is missing."""
    if report.status != GENNEMFOERT or report.cosa_formaal is None or facts.hovedinstitution is None:
        return None
    gennemfoert = Bevis(report.cosa_formaal, facts.hovedinstitution, report.dato)
    return Hit() if lacks(gennemfoert, report.cosa_formaal_version, facts.beviser, facts.codes) else None


RULE = Rule(
    code="5007",
    navn="Intet bevis",
    name="No diploma",
    alvor=Alvor.BLOED,
    element=STATUS,
    tekst=(
        "Eksamensdatabasen har intet bevis for uddannelsen fra jeres institution, der er dateret højst 60 dage før "
        "eller efter HaendelseDato. Kontrollér, om den unge har gennemført uddannelsen, og om datoen er rigtig; "
        "mangler beviset kun i Eksamensdatabasen, så indberet det dér."
    ),
    text=(
        "Eksamensdatabasen has no diploma for the education from your institution dated at most 60 days before or "
        "after HaendelseDato. Check whether the youth completed the education and whether the date is right; if only "
        "the diploma is missing in Eksamensdatabasen, report it there."
    ),
    forklaring=(
        "Gælder formål med bevis, når Eksamensdatabasen har leveret alle beviser til og med HaendelseDato eller "
        "senere: der bør være et bevis for den unge, formålet og hovedinstitutionen, dateret højst 60 dage fra "
        "den. Rådet gemmes med hændelsen og vurderes igen ved hver levering."
    ),
    forkert="En gennemførelse af stx i juni, når alle beviser til og med august er leveret, og den unge intet har.",
    rigtigt="Samme gennemførelse, med et bevis dateret i juni.",
    source="V 1.3",
    services=frozenset({UNGDOMSUDDANNELSE}),
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE,
)
