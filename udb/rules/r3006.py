"""3006: a gennemført before the youth was to start.

The start is the earliest date of the forløb's optags; a risk is not a start. A wrong start date is cancelled and
reported again. Source: own.

Wrong: optag dated 10 August; gennemført dated 9 August.
Right: optag dated 10 August; gennemført dated 10 August.
"""

from udb.domain.clock import day_in_words
from udb.domain.elementer import HAENDELSE_DATO
from udb.domain.haendelse import GENNEMFOERT, Indberetning
from udb.domain.services import EDUCATION
from udb.rules.facts import Facts
from udb.rules.premises import NO_CODE, NO_INSTITUTION, optag_date
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the gennemført comes before the optag."""
    if report.status != GENNEMFOERT:
        return None
    started = optag_date(report, facts.placement)
    return Hit(values={"optag": day_in_words(started)}) if started is not None and report.dato < started else None


RULE = Rule(
    code="3006",
    navn="Gennemførelse før optaget",
    name="Gennemført before the optag",
    alvor=Alvor.HAARD,
    element=HAENDELSE_DATO,
    tekst=(
        "Gennemførelsen ligger før optagets dato ({optag}). Ret HaendelseDato. Er det optagets dato, der er forkert, "
        "så annullér optaget, indberet det igen med den rigtige dato, og indberet derefter gennemførelsen."
    ),
    text=(
        "The gennemført is dated before the optag ({optag}). Correct HaendelseDato. If it is the optag's date that is "
        "wrong, cancel the optag, report it again with the right date, and then report the gennemført."
    ),
    forklaring=(
        "Gennemførelsen ligger før den unges start. Starten er den tidligste dato blandt forløbets optag; en "
        "risiko er ikke en start. En forkert startdato annulleres og indberettes igen."
    ),
    forkert="Optag dateret 10. august; gennemførelse dateret 9. august.",
    rigtigt="Optag dateret 10. august; gennemførelse dateret 10. august.",
    source="own",
    services=EDUCATION,
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE,
)
