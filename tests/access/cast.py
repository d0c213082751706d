"""The youths, institutions and codes of the histories: few of each and few ages, so interesting cases are common."""

from datetime import date, time
from typing import Any, Final

from tests.access.fetching import STAR, THIRD_KOMMUNE
from tests.model.words import Institution
from tests.support.world import DEPARTMENT, EUD_SCHOOL, GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, SCHOOL, UNIVERSITY
from udb.domain.services import FORBEREDENDE_AKTIVITET, JOBCENTER, KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE, VIDEREGAAENDE

SCHOOL_751: Final = "449751"
EFTERSKOLE: Final = "452751"
INSTITUTIONS: Final = (
    Institution(KOMMUNE, KOMMUNE, "KOM", "101"),
    Institution(OTHER_KOMMUNE, OTHER_KOMMUNE, "KOM", "751"),
    Institution(THIRD_KOMMUNE, THIRD_KOMMUNE, "KOM", "461"),
    Institution(STAR, STAR, "STAR", "101"),
    Institution(GYMNASIUM, GYMNASIUM, "1061", "101"),
    Institution(DEPARTMENT, GYMNASIUM, "1061", "751"),
    Institution(EUD_SCHOOL, EUD_SCHOOL, "1071", "101"),
    Institution(UNIVERSITY, UNIVERSITY, "1131", "101"),
    Institution(SCHOOL, SCHOOL, "1013", "101"),
    Institution(SCHOOL_751, SCHOOL_751, "1013", "751"),
    Institution(EFTERSKOLE, EFTERSKOLE, "1012", "751"),
)
KOMMUNE_OF: Final = {"101": KOMMUNE, "751": OTHER_KOMMUNE, "461": THIRD_KOMMUNE}

GRADES: Final[tuple[dict[str, Any], ...]] = (
    {"elev_trin": 9, "klasse_trin": 9, "klasse_type": "40"},
    {"elev_trin": 10, "klasse_trin": 10, "klasse_type": "40", "klasse_navn": "10A"},
    {"elev_trin": 10, "klasse_trin": 10, "klasse_type": "45"},
    {"elev_trin": 10, "klasse_trin": 9, "klasse_type": "46"},
    {"elev_trin": 11, "klasse_trin": 10, "klasse_type": "45"},
)
ACTIVITIES: Final = ({"forberedende_aktivitets_kode": code} for code in ("9010", "9011", "0300"))
SCHOOL_LIFE: Final = tuple((FORBEREDENDE_AKTIVITET, content) for content in (*GRADES, *ACTIVITIES))
EDUCATIONS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "3009", "cosa_formaal_version": 2}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "3017", "cosa_formaal_version": 2}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "9100", "cosa_formaal_version": 2}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "9200", "cosa_formaal_version": 1}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "2542", "cosa_formaal_version": 1}),
    (VIDEREGAAENDE, {"stads_kode": "9301"}),
    (KOMMUNE_AKTIVITET, {"kommune_aktivitets_kode": "K01"}),
    (KOMMUNE_AKTIVITET, {"kommune_aktivitets_kode": "K03"}),
    (JOBCENTER, {"aktivitetsgruppe_kode": "J20"}),
)
PLACES: Final = {
    FORBEREDENDE_AKTIVITET: (SCHOOL, SCHOOL_751, SCHOOL_751, EFTERSKOLE, GYMNASIUM, DEPARTMENT),
    UNGDOMSUDDANNELSE: (GYMNASIUM, GYMNASIUM, DEPARTMENT, EUD_SCHOOL),
    VIDEREGAAENDE: (UNIVERSITY,),
    JOBCENTER: (STAR,),
}
BEGINNINGS: Final = (date(2026, 8, 10), date(2025, 2, 27), date(2026, 10, 24))
AGES: Final = (15, 16, 17, 20, 24, 25, 25, 25, 26, 26, 30)
TIMES: Final = (time(0, 0, 5), time(8), time(23, 30))


def cprnr(born: date, serial: int) -> str:
    """An invented number (day + 60); a seventh digit of 4 is 2000-2036 for years up to 36, else 1937-1999."""
    return f"{born.day + 60}{born:%m%y}4{serial:03}"
