"""The figures that the screens of ledelsesinformation show."""

from typing import Final

from sqlalchemy import Engine

from tests.support.frozen_figures import DAY, freeze, freeze_months
from tests.support.grouped import grouped

OUTCOMES: Final = {"i_tide": 20, "for_sent": 10, "overskredet": 10, "aaben": 3, "ikke_hentet": 10, "dage_02": 30}
COHORT: Final = {
    "ej_moedt": 12, "kohorte": 90, "hurtig_fuldfoert": 10, "hurtig_i_gang": 50, "hurtig_skiftet": 10,
    "hurtig_afbrudt": 20, "endelig_fuldfoert": 10, "endelig_i_gang": 57, "endelig_skiftet": 10, "endelig_afbrudt": 13,
    "aarsag_9": 6, "aarsag_904": 9, "aarsag_902": 5, "tid_030": 5, "tid_090": 8, "tid_182": 5, "tid_366": 2,
}  # fmt: skip
AFTER: Final = {"i_uddannelse": 20, "i_job": 30, "begge": 10, "ingen": 40, "ukendt": 0, "endnu_ikke": 6}


def settle(engine: Engine) -> None:
    """Freeze figures of some months, cohorts and deadlines; of NEET none, as before the first run."""
    freeze_months(engine)
    counts: dict[str, dict[tuple[str, str | None, str], int]] = {"frafald": {}, "efter_afbrud": {}, "frist": {}}
    for kode, times in (("101", 1), ("751", 2), ("147", 3)):
        for name, gruppe, some in (
            ("frafald", "gymnasial 2024", COHORT),
            ("efter_afbrud", "gymnasial 2024 +03", AFTER),
            ("frist", "2026-07", OUTCOMES),
        ):
            counts[name] |= {(kode, gruppe, maal): count * times for maal, count in some.items()}
    freeze(engine, DAY, {name: grouped(some) for name, some in counts.items()})
