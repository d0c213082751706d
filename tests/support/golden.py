"""The sixteen youths of docs/spec/figures.md on 1 October 2026, for the tests of all that counts them."""

from datetime import date
from typing import Any, Final

from tests.support.figure_youths import DONE, EUD, FGU_CODE, GF2, HF, LEFT, Course, Told

DAY, OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 30)
AUG: Final = date(2026, 8, 10)


def aged(years: int, *courses: Course, oere: int = 0, born: tuple[int, int] = (3, 11), **more: Any) -> Told:
    """Return a youth of so many years on DAY. ``oere``: the wage of October; ``born``: month and day."""
    birthday = date(2026 - years if born <= (10, 1) else 2025 - years, *born)
    return Told(birthday, courses=courses, wages={OCTOBER: oere} if oere else {}, **more)


GOLDEN: Final = (
    aged(16, Course("elevtrin", "10", AUG)),
    aged(19, Course("formaal", HF, date(2023, 8, 10), date(2025, 6, 26), DONE, whole_hf=True)),
    aged(19, Course("formaal", GF2, AUG), koen="M"),
    aged(20, Course("formaal", EUD, AUG, date(2026, 9, 15), LEFT), oere=1011892),
    aged(20, oere=1011891),
    aged(17, oere=583784, koen="M"),
    aged(17, oere=648000),
    aged(18, oere=648000, born=(10, 1)),
    aged(22, Course("formaal", FGU_CODE, date(2026, 5, 1))),
    aged(23, Course("kommune", "K56", date(2026, 5, 1))),
    aged(25, born=(10, 1)),
    aged(21, status="80"),
    aged(20, Course("formaal", HF, date(2026, 10, 2))),
    aged(20, Course("formaal", HF, AUG, DAY, LEFT)),
    aged(19, Course("formaal", EUD, date(2026, 9, 1), risk=True)),
    aged(20, Course("kommune", "K54", date(2026, 5, 1))),
)
