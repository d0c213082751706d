"""4011: the mark ``EGU_uddannelsesniveau`` without a completed egu course.

The mark means graduate rights for the youth, so it is only for a gennemført with speciale 3. Source: V 1.4.

Wrong: ``EGU_uddannelsesniveau`` true with ``Status`` 1.
Right: ``EGU_uddannelsesniveau`` true with ``Status`` 3 and ``Speciale`` 3.
"""

from udb.domain.elementer import EGU_UDDANNELSESNIVEAU
from udb.domain.haendelse import GENNEMFOERT, Indberetning
from udb.domain.services import FGU
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule

EGU = "3"


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when the mark is true and the report is not a gennemført of egu."""
    completed_egu = report.status == GENNEMFOERT and report.speciale == EGU
    return Hit() if report.egu_uddannelsesniveau and not completed_egu else None


RULE = Rule(
    code="4011",
    navn="EGU-niveau uden gennemført egu",
    name="EGU level without a completed egu",
    alvor=Alvor.HAARD,
    element=EGU_UDDANNELSESNIVEAU,
    tekst=(
        "EGU_uddannelsesniveau kan kun være true ved Status 3 (gennemført) med Speciale 3 (egu), fordi markeringen "
        "giver dimittendrettigheder. Fjern markeringen, eller ret Status og Speciale."
    ),
    text=(
        "EGU_uddannelsesniveau can be true only with Status 3 (gennemført) and Speciale 3 (egu), because the mark "
        "gives graduate rights. Remove the mark, or correct Status and Speciale."
    ),
    forklaring=(
        "Markeringen EGU_uddannelsesniveau giver den unge dimittendrettigheder, så den hører kun til en "
        "gennemførelse med speciale 3."
    ),
    forkert="EGU_uddannelsesniveau true med Status 1.",
    rigtigt="EGU_uddannelsesniveau true med Status 3 og Speciale 3.",
    source="V 1.4",
    services=frozenset({FGU}),
    check=check,
    needs_youth=False,
)
