"""Random youths near every edge, with the data of SKAT, the CPR register and the schools about them."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from tests.beskaeftigelse.plain import Key, Report, Youth, last_day

MONTHS = ("2019-10", "2019-11", "2019-12", "2020-01", "2020-02", "2020-03")
"""The hourly rates change in the middle of these months."""
EMPLOYERS = ("11111111", "22222222", "33333333")
LIMITS = (6048, 6480, 10368, 11232, 15552, 16848)
"""Amounts in kroner, before 2020 and after: full-time work at 15-17; 20 hours a week at 18-24; full-time work at 18-24.
"""
SCHOOLS = ("449009", "449010", "461248")
OTHERS = ("01", "01", "03", "80", "90", "20")


def birthday(rng: Random) -> date:
    """Draw the birthday of a youth who turns 15, 18 or 25 about the end of a month, or of any age from 14 to 26."""
    if rng.random() < 0.6:
        edge = last_day(rng.choice(MONTHS)) + timedelta(days=rng.choice((-1, 0, 1)))
        born = edge - timedelta(days=round(rng.choice((15, 18, 25)) * 365.25))
        return born.replace(
            year=edge.year - round((edge - born).days / 365.25),
            month=edge.month,
            day=min(edge.day, 28 if edge.month == 2 else 31),
        )
    return date(2020, 1, 1) - timedelta(days=rng.randint(14 * 365, 26 * 365))


def number(born: date, serial: int) -> str:
    return f"{born.day + 60:02}{born:%m%y}{4000 + serial:04}"


def youth(rng: Random, serial: int) -> Youth:
    born = birthday(rng)
    one = Youth(born, [number(born, serial)])
    if rng.random() < 0.1:
        one.numbers.append(number(born, serial + 500))
    if rng.random() < 0.1:
        one.cpr_status = rng.choice(OTHERS)
    if rng.random() < 0.35:
        for _ in range(rng.randint(1, 4)):
            one.reports.append(report(rng))
    return one


def report(rng: Random) -> Report:
    day = date(2019, 8, 1) + timedelta(days=rng.randint(0, 260))
    if rng.random() < 0.3:
        day = last_day(rng.choice(MONTHS)) + timedelta(days=rng.choice((-1, 0, 1)))
    kind = rng.choice(
        ("grade", "grade", "grade", "other", "up to 10", "11th grade", "20-20", "højskole", "test", "beside")
    )
    key = {
        "grade": f"{rng.choice((9, 10))}/{rng.choice(SCHOOLS)}",
        "other": "3010/461248",
        "up to 10": f"9010/{rng.choice(SCHOOLS)}",
        "11th grade": "11/449009",
        "test": "3000/461248",
        "beside": "9020/449009",
        "20-20": "K01/281111",
        "højskole": "K06/281111",
    }[kind]
    status = rng.choice((1, 1, 1, 2, 3))
    return Report(
        key,
        up_to_10=kind in {"grade", "up to 10", "20-20"},
        education=kind not in {"20-20", "højskole"},
        beside=kind in {"test", "beside"},
        ej_moedt=status == 2 and rng.random() < 0.5,
        status=status,
        day=day,
        risk=status == 1 and rng.random() < 0.2,
        cancelled=rng.random() < 0.1,
    )


def amount(rng: Random) -> Fraction:
    limit = Fraction(rng.choice(LIMITS))
    cent = Fraction(1, 100)
    return rng.choice(
        (
            *(Fraction(0), cent, -cent, cent * rng.randint(1, 3_000_000), -limit),
            *(limit, limit, limit - cent, limit - cent, limit + cent, limit * 20),
        )
    )


def lines_of(rng: Random, one: Youth, month: str) -> dict[Key, Fraction]:
    """Draw the lines of one youth in a month's file: often none."""
    found: dict[Key, Fraction] = {}
    if rng.random() < 0.6:
        total = amount(rng)
        if rng.random() < 0.3:
            part = Fraction(int(total * 100) // 3, 100)
            found[rng.choice(one.numbers), month, EMPLOYERS[0], "00"] = part
            total -= part
        found[rng.choice(one.numbers), month, EMPLOYERS[1], "00"] = total
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        key = (
            rng.choice(one.numbers),
            month,
            rng.choice(EMPLOYERS),
            rng.choice(("0041", "0005", "0002", "0087", "0008")),
        )
        found[key] = rng.choice((Fraction(1, 100), Fraction(5000), Fraction(0), Fraction(-5000)))
    return found
