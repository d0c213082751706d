"""The youths, codes, dates and institutions of sequences: few of each, so that interesting cases are common."""

from datetime import date
from typing import Any, Final

from tests.model.words import Institution
from tests.support.world import (
    DEPARTMENT,
    EUD_SCHOOL,
    FGU_SCHOOL,
    GYMNASIUM,
    KOMMUNE,
    OTHER_KOMMUNE,
    SCHOOL,
    STAR,
    UNIVERSITY,
)
from udb.domain.services import (
    FGU,
    FORBEREDENDE_AKTIVITET,
    INSTITUTION_KONTAKT,
    JOBCENTER,
    KOMMUNE_AKTIVITET,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)

VUC: Final = "451001"
ACADEMY: Final = "486001"
FGU_DEPARTMENT: Final = "483352"
OTHER_STAR: Final = "280998"

INSTITUTIONS: Final = {
    one.nummer: one
    for one in (
        Institution(KOMMUNE, KOMMUNE, "KOM", "101"),
        Institution(OTHER_KOMMUNE, OTHER_KOMMUNE, "KOM", "751"),
        Institution(GYMNASIUM, GYMNASIUM, "1061", "101"),
        Institution(DEPARTMENT, GYMNASIUM, "1061", "101"),
        Institution(VUC, VUC, "1053", "101"),
        Institution(EUD_SCHOOL, EUD_SCHOOL, "1071", "101"),
        Institution(FGU_SCHOOL, FGU_SCHOOL, "1027", "101"),
        Institution(FGU_DEPARTMENT, FGU_SCHOOL, "1027", "101"),
        Institution(SCHOOL, SCHOOL, "1013", "101"),
        Institution(UNIVERSITY, UNIVERSITY, "1131", "101"),
        Institution(ACADEMY, ACADEMY, "1086", "101"),
        Institution(STAR, STAR, "STAR", "101"),
        Institution(OTHER_STAR, OTHER_STAR, "STAR", "101"),
    )
}
BEGINNINGS: Final = (
    "2026-08-10T08:00:00+02:00",
    "2022-07-25T08:00:00+02:00",
    "2026-02-27T23:30:00+01:00",
    "2026-02-28T08:00:00+01:00",
    "2025-02-27T00:00:05+01:00",
    "2026-03-27T12:00:00+01:00",
    "2026-10-23T23:30:00+02:00",
)
LEAP_DAYS: Final = (date(2008, 2, 29), date(1996, 2, 29), date(2000, 2, 29), date(2004, 2, 29))
AGES: Final = (15, 18, 25, 30)
EDGES: Final = (
    *((15, -1), (15, 0), (15, 2), (18, 0), (18, 1), (18, 2)),
    *((25, 0), (25, 1), (25, 2), (30, 0), (30, 1), (30, 5)),
)
"""An age, and the number of days until it is reached."""

GRADE: Final = {"elev_trin": 10, "klasse_trin": 10, "klasse_type": "40"}
CONTENTS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "3017", "cosa_formaal_version": 2}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "9100", "cosa_formaal_version": 1}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "9100", "cosa_formaal_version": 2}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "9102", "cosa_formaal_version": 1}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "2997", "cosa_formaal_version": 1}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "9017", "cosa_formaal_version": 1}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "3016", "cosa_formaal_version": 1}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "3009", "cosa_formaal_version": 2}),
    (UNGDOMSUDDANNELSE, {"cosa_formaal": "9800", "cosa_formaal_version": 1}),
    (FORBEREDENDE_AKTIVITET, {"forberedende_aktivitets_kode": "0300"}),
    (FORBEREDENDE_AKTIVITET, {"forberedende_aktivitets_kode": "9021"}),
    (FORBEREDENDE_AKTIVITET, GRADE),
    (FORBEREDENDE_AKTIVITET, GRADE | {"klasse_navn": "10A"}),
    (VIDEREGAAENDE, {"stads_kode": "9301"}),
    (FGU, {"cosa_formaal": "338", "cosa_formaal_version": 1, "skoleperiode": "BA"}),
    (KOMMUNE_AKTIVITET, {"kommune_aktivitets_kode": "K01"}),
    (KOMMUNE_AKTIVITET, {"kommune_aktivitets_kode": "K51"}),
    (JOBCENTER, {"aktivitetsgruppe_kode": "J20"}),
    (JOBCENTER, {"aktivitetsgruppe_kode": "J30"}),
)
WRONG: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    UNGDOMSUDDANNELSE: ({"cosa_formaal": "9999"}, {"cosa_formaal_version": 7}),
    FORBEREDENDE_AKTIVITET: (
        {"forberedende_aktivitets_kode": "0300", **GRADE},
        {"forberedende_aktivitets_kode": "9999", "elev_trin": None, "klasse_trin": None, "klasse_type": None},
        {"forberedende_aktivitets_kode": "9090", "elev_trin": None, "klasse_trin": None, "klasse_type": None},
        {"klasse_type": None},
        {"elev_trin": 13},
        {"klasse_type": "98"},
    ),
    VIDEREGAAENDE: ({"stads_kode": "9999"}, {"stads_kode": "9306"}),
    FGU: ({"skoleperiode": "US", "speciale": None}, {"skoleperiode": "XX"}, {"speciale": "4"}),
    KOMMUNE_AKTIVITET: (
        {"kommune_aktivitets_kode": "K99"},
        {"kommune_aktivitets_kode": None},
        {"ifoelge_kommunen": "Risiko"},
        {"vedroerer_haendelse_nummer": "UDB-1"},
    ),
    JOBCENTER: ({"aktivitetsgruppe_kode": "99"}, {"aktivitetsgruppe_kode": "J90"}, {"handling": "Opret"}),
}
PLACES: Final = {
    UNGDOMSUDDANNELSE: (GYMNASIUM, GYMNASIUM, DEPARTMENT, VUC, VUC, ACADEMY, EUD_SCHOOL),
    FORBEREDENDE_AKTIVITET: (GYMNASIUM, GYMNASIUM, DEPARTMENT, SCHOOL, VUC),
    VIDEREGAAENDE: (UNIVERSITY, ACADEMY),
    FGU: (FGU_SCHOOL, FGU_DEPARTMENT),
    INSTITUTION_KONTAKT: (GYMNASIUM, DEPARTMENT, FGU_SCHOOL),
    JOBCENTER: (STAR, OTHER_STAR),
}
FOCUS: Final = {
    UNGDOMSUDDANNELSE: ((GYMNASIUM, DEPARTMENT), (DEPARTMENT, GYMNASIUM), (VUC, DEPARTMENT), (ACADEMY, EUD_SCHOOL)),
    FORBEREDENDE_AKTIVITET: ((GYMNASIUM, DEPARTMENT), (SCHOOL, VUC), (DEPARTMENT, VUC)),
    VIDEREGAAENDE: ((UNIVERSITY, ACADEMY),),
    FGU: ((FGU_SCHOOL, FGU_DEPARTMENT), (FGU_DEPARTMENT, FGU_SCHOOL)),
    INSTITUTION_KONTAKT: ((GYMNASIUM, DEPARTMENT), (VUC, FGU_SCHOOL)),
    JOBCENTER: ((STAR, OTHER_STAR), (OTHER_STAR, STAR)),
}
"""A sequence draws mostly the first, sometimes the second."""
CAUSES: Final = ("1", "1", "1", "902", "902", "902", "71", "908", "9", "77", None)
UNKNOWN_NUMBER: Final = "UDB-20200101000000000000000"
DAYS: Final = (-400, -101, -100, -99, -30, -10, -2, -1, 0, 0, 1, 10, 29, 30, 31, 92, 93)
PROFILES: Final = (
    (40, 12, 4, 10, 5, 5, 3, 3, 2, 5, 3, 2, 2, 6),
    (60, 20, 0, 14, 0, 0, 0, 0, 1, 5, 0, 0, 2, 2),
    (50, 8, 0, 30, 2, 2, 0, 0, 1, 4, 1, 0, 3, 2),
    (36, 6, 24, 10, 4, 2, 2, 2, 1, 3, 14, 1, 2, 4),
    (30, 8, 2, 8, 16, 14, 8, 8, 1, 4, 3, 4, 1, 12),
)
"""How often each of ``draw.STEPS`` comes: all kinds, one forloeb, cancellations, number changes, kommuner."""
