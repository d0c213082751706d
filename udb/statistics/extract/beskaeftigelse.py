"""The file ``beskaeftigelse``: the delivered months of the period in which each youth was in the population."""

from typing import Any, Final

from udb.beskaeftigelse.grad import HOURS, STATUS
from udb.statistics.definitions.youth import Work, work_of
from udb.statistics.extract.moment import Moment
from udb.statistics.extract.youths import Found

NAME: Final = "beskaeftigelse"
COLUMNS: Final = ("id", "maaned", "grad_hundrededele", "status", "atten_timer", "tyve_timer", "social_ydelse")
_HUNDREDTHS: Final = 100 * 100


def rows(found: Found, moment: Moment) -> list[tuple[Any, ...]]:
    """Return the rows of a youth, by month. The degree is cut off to hundredths: 48.6487 is 4864."""
    wages = {one.month: one for one in found.wages}
    made = []
    for month in moment.months_of_period:
        serie = next((one for one in found.series if one.fra <= month <= one.til), None)
        if serie is None:
            continue
        wage = wages.get(month)
        oere = max(wage.oere, 0) if wage is not None else 0
        work = work_of(month, oere, wage.rate) if wage is not None else Work(month)
        made.append(
            (
                found.id,
                f"{month:%Y-%m}",
                oere * _HUNDREDTHS // (wage.rate * HOURS) if wage is not None else 0,
                STATUS[serie.status],
                work.atten,
                serie.tyve_timer,
                serie.social_ydelse,
            )
        )
    return made
