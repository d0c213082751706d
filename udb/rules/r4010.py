"""4010: FGU: the school period alone shifts to ``ÅP`` or ``KF``.

V 1.4 asks for every optag and every shift of school period or track; STIL's interface pages leave out the shift of
period to these two. The optag itself and a shift of track are always reported. A risk of dropping out is not a shift.
Source: V 1.4, STIL's interface pages.

Wrong: a new Status 1 report because the youth passes from ``US`` to ``ÅP`` on the same track.
Right: an optag that begins in ``ÅP``; a shift of track within ``KF``; the shift from ``BA`` to ``US``.
"""

from udb.domain.elementer import SKOLEPERIODE
from udb.domain.haendelse import OPTAGET, Indberetning
from udb.domain.services import FGU
from udb.rules.facts import Facts
from udb.rules.premises import NO_CODE, NO_INSTITUTION, is_optag, joined_forloeb
from udb.rules.rule import Alvor, Hit, Rule

NOT_NEEDED = frozenset({"ÅP", "KF"})


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the Status 1 report before it in the forløb names the same track and another period."""
    if not is_optag(report) or report.skoleperiode not in NOT_NEEDED:
        return None
    forloeb = joined_forloeb(report, facts.placement)
    if forloeb is None or forloeb.optag is None:
        return None
    before = [event for event in forloeb.events if event.status == OPTAGET][-1]
    shifts = before.speciale == report.speciale and before.skoleperiode != report.skoleperiode
    return Hit() if shifts else None


RULE = Rule(
    code="4010",
    navn="Skift til ÅP eller KF",
    name="Shift to ÅP or KF",
    alvor=Alvor.BLOED,
    element=SKOLEPERIODE,
    tekst=(
        "Kun skoleperioden skifter, til ÅP (årselevpulje) eller KF (kommuneforlængelse). Det skift undtager STIL's "
        "grænsefladebeskrivelse. Optag på FGU, andre skift af skoleperiode og alle skift af speciale skal indberettes."
    ),
    text=(
        "The school period alone changes, to ÅP or KF. STIL's interface description leaves out that change. An optag "
        "on FGU, other changes of school period and all changes of speciale are to be reported."
    ),
    forklaring=(
        "Kun skoleperioden skifter til ÅP eller KF. Vejledningen (1.4) beder om hvert optag og hvert skift af "
        "skoleperiode eller spor; STIL's grænsefladesider undtager skift til disse to. Selve optaget og skift af "
        "spor indberettes altid. En risiko er ikke et skift."
    ),
    forkert="En ny indberetning med Status 1, fordi den unge går fra US til ÅP på samme spor.",
    rigtigt="Et optag, der begynder i ÅP; et skift af spor inden for KF; skiftet fra BA til US.",
    source="V 1.4, STIL's interface pages",
    services=frozenset({FGU}),
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE,
)
