"""CPR numbers: the date in them, and the birthdays that count. All numbers are invented."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udb.domain.cpr import INVENTED_DAY, birth_date, birthdays


@pytest.mark.parametrize(
    ("cprnr", "born"),
    [
        ("6101051234", date(1905, 1, 1)),
        ("6101054234", date(2005, 1, 1)),
        ("6101059234", date(2005, 1, 1)),
        ("6101374234", date(1937, 1, 1)),
        ("6101379234", date(1937, 1, 1)),
        ("6101053234", date(1905, 1, 1)),
        ("9112991234", date(1999, 12, 31)),
        ("8902124234", date(2012, 2, 29)),
        ("6101055234", date(2005, 1, 1)),
        ("6101585234", date(1858, 1, 1)),
    ],
)
def test_the_century_follows_the_seventh_digit(cprnr: str, born: date) -> None:
    assert birth_date(cprnr, invented_allowed=True) == born


@pytest.mark.parametrize("cprnr", ["0000000000", "3113051234", "0001051234", "9002051234", "8902134234", "9999999999"])
def test_no_such_date(cprnr: str) -> None:
    assert birth_date(cprnr, invented_allowed=True) is None


@pytest.mark.parametrize("cprnr", ["6101054234", "9112991234"])
def test_invented_numbers_are_for_the_sandbox(cprnr: str) -> None:
    assert birth_date(cprnr, invented_allowed=False) is None


@given(st.dates(date(1937, 1, 1), date(1999, 12, 31)), st.integers(0, 3999))
def test_modulus_11_is_not_demanded(born: date, serial: int) -> None:
    cprnr = f"{born.day + INVENTED_DAY}{born:%m%y}{serial:04}"
    assert birth_date(cprnr, invented_allowed=True) == born


@given(st.from_regex(r"[0-9]{10}", fullmatch=True).filter(str.isascii))
def test_any_ten_digits_are_answered(cprnr: str) -> None:
    born = birth_date(cprnr, invented_allowed=True)
    assert born is None or f"{born:%m%y}" == cprnr[2:6]


def test_birthdays_of_somebody_born_on_29_february() -> None:
    days = birthdays(date(2012, 2, 29))
    assert (days.turns_15, days.turns_18) == (date(2027, 3, 1), date(2030, 3, 1))
    assert (days.turns_25, days.turns_30) == (date(2037, 3, 1), date(2042, 3, 1))
    assert birthdays(date(2000, 2, 29)).turns_25 == date(2025, 3, 1)


@given(st.dates(date(1950, 1, 1), date(2030, 1, 1)))
def test_birthdays_are_years_apart(born: date) -> None:
    days = birthdays(born)
    assert born < days.turns_15 < days.turns_18 < days.turns_25 < days.turns_30
    assert days.turns_15 - timedelta(days=1) < date(born.year + 15, born.month, min(born.day, 28)) + timedelta(days=4)
