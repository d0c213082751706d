"""4001: the purpose (CØSA formål) in this version is unknown, or not valid.

A Status 1 report that opens a forløb needs a code valid on the event date; for another report it is enough that the
code was valid on the event date or on the forløb's DatoOptag; without a DatoOptag, on the event date or any day
before. Source: V 1.

Wrong: an optag dated 1 August 2022 on a formål whose last day was 31 July 2022.
Right: an afbrud dated 1 August 2022 after an optag on that formål dated 2021.
"""

from udb.domain.elementer import COSA_FORMAAL, COSA_FORMAAL_VERSION
from udb.domain.haendelse import Indberetning
from udb.domain.kodesaet import COSA
from udb.domain.services import FGU, UNGDOMSUDDANNELSE
from udb.rules.facts import Facts
from udb.rules.premises import code_unusable
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the code cannot be used on the days that count; on the version if another version is known."""
    kode = report.cosa_formaal
    if kode is None or not code_unusable(report, facts, COSA, kode, str(report.cosa_formaal_version)):
        return None
    known = any(facts.codes.rows(COSA, kode))
    return Hit(element=COSA_FORMAAL_VERSION if known else None)


RULE = Rule(
    code="4001",
    navn="Ukendt uddannelseskode",
    name="Unknown education code",
    alvor=Alvor.HAARD,
    element=COSA_FORMAAL,
    tekst=(
        "CØSA-formålet findes ikke i denne version, eller det var ikke gyldigt på hændelsesdatoen. Find den rigtige "
        "kode og version i uddannelsesmodellen, ret COsAFormaal eller COsAFormaalVersion, og indberet igen."
    ),
    text=(
        "The CØSA formål does not exist in this version, or was not valid on the event date. Find the right code and "
        "version in the education model, correct COsAFormaal or COsAFormaalVersion, and report again."
    ),
    forklaring=(
        "CØSA-formålet findes ikke i denne version eller var ikke gyldigt. En indberetning med Status 1, der åbner "
        "et forløb, skal have en kode, der gælder på hændelsesdatoen. For andre er det nok, at koden gjaldt på "
        "hændelsesdatoen eller på forløbets optagsdato."
    ),
    forkert="Et optag dateret 1. august 2022 på et formål, hvis sidste dag var 31. juli 2022.",
    rigtigt="Et afbrud dateret 1. august 2022 efter et optag på samme formål i 2021.",
    source="V 1",
    services=frozenset({UNGDOMSUDDANNELSE, FGU}),
    check=check,
    needs_youth=False,
)
