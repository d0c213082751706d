"""3005: an afbrud before the youth was to start, with a cause other than Ej mødt.

A youth who leaves before the start is reported with cause 1 (Ej mødt). The start is the earliest date of the
forløb's optags; a risk is not a start. Source: V 1.2.

Wrong: optag dated 10 August; afbrud dated 20 June with cause 9.
Right: optag dated 10 August; afbrud dated 20 June with cause 1.
Right: optag dated 10 August, then one dated 3 August; afbrud dated 5 August with cause 9.
"""

from udb.domain.clock import day_in_words
from udb.domain.elementer import HAENDELSE_DATO
from udb.domain.haendelse import AFBRUDT, EJ_MOEDT, Indberetning
from udb.domain.services import EDUCATION
from udb.rules.facts import Facts
from udb.rules.premises import NO_CODE, NO_INSTITUTION, optag_date
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the afbrud is before the optag and its cause is not Ej mødt; an afbrud without a cause is 4003's."""
    if report.status != AFBRUDT or report.afbrudsarsags_kode in (None, EJ_MOEDT):
        return None
    started = optag_date(report, facts.placement)
    return Hit(values={"optag": day_in_words(started)}) if started is not None and report.dato < started else None


RULE = Rule(
    code="3005",
    navn="Afbrud før optaget",
    name="Afbrud before the optag",
    alvor=Alvor.HAARD,
    element=HAENDELSE_DATO,
    tekst=(
        "Afbruddet ligger før optagets dato ({optag}). Er den unge aldrig startet, så brug AfbrudsarsagsKode 1 (Ej "
        "mødt). Ret ellers HaendelseDato."
    ),
    text=(
        "The afbrud is dated before the optag ({optag}). If the youth never started, use AfbrudsarsagsKode 1 (Ej "
        "mødt). Otherwise correct HaendelseDato."
    ),
    forklaring=(
        "Et afbrud ligger før den unges start og har en anden årsag end Ej mødt. Går den unge ud før start, er "
        "årsagen 1 (Ej mødt). Starten er den tidligste dato blandt forløbets optag; en risiko er ikke en start."
    ),
    forkert="Optag dateret 10. august; afbrud dateret 20. juni med årsag 9.",
    rigtigt="Optag dateret 10. august; afbrud dateret 20. juni med årsag 1.",
    source="V 1.2",
    services=EDUCATION,
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE,
)
