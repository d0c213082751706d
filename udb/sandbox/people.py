"""The invented youths: ages at the edges, every CPR status, changed numbers; all numbers with day + 60."""

import calendar
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any, Final

from udb.domain.clock import add_years, midnight
from udb.domain.cpr import INVENTED_DAY, birthdays
from udb.domain.persons import RESIDENT
from udb.sandbox.draft import Youth

EDGES: Final = tuple(product((15, 18, 25, 30), (-1, 0, 1)))
"""An age and the day, counted from today, on which it is reached; three residents for each."""
OTHER_STATUSES: Final = ("03", "05", "07", "20", "30", "50", "70", "80", "90")
_BIG: Final = {"101": 60, "751": 40, "461": 22, "851": 22, "147": 10, "561": 12, "730": 10, "621": 9, "615": 9}
_NAMES: Final = (
    *("Alma", "Anton", "Asta", "Aksel", "Clara", "Carl", "Ella", "Emil", "Frida", "Felix", "Freja", "Hugo"),
    *("Ida", "Kaj", "Ingrid", "Lauge", "Karla", "Malthe", "Laura", "Noah", "Liv", "Otto", "Mille", "Oscar"),
    *("Nora", "Storm", "Olivia", "Theo", "Sofia", "Valdemar", "Signe", "Victor", "Vigga", "William", "Zehra", "Yusuf"),
)
_SURNAMES: Final = (
    *("Bakke", "Birk", "Dalgaard", "Engberg", "Fjord", "Granly", "Havn", "Hede", "Kirkeby", "Klit", "Krogh", "Lund"),
    *("Mose", "Nybo", "Nørre", "Overby", "Raun", "Skovby", "Strand", "Søby", "Toft", "Vang", "Vester", "Ågård"),
)
_AGE_IN_DAYS: Final = (5405, 11030)
_ELSEWHERE: Final = 0.04
_WITH_MAIL: Final = 0.3
_FIRST_DIGITS: Final = {19: "0123", 20: "456789"}
"""The 7th digits that belong to a century, for the years of birth that occur here."""


@dataclass(frozen=True, slots=True)
class Invented:
    """A youth and the row it is stored as."""

    youth: Youth
    born: date
    row: dict[str, Any]


class Numbers:
    """Free CPR numbers: day + 60, none twice."""

    def __init__(self, rng: random.Random, taken: Iterable[str] = ()) -> None:
        """``rng`` draws the numbers; those ``taken`` are given to none."""
        self._rng = rng
        self._given: set[str] = set(taken)

    def draw(self, born: date) -> str:
        """Return a number for a birth date."""
        while True:
            digits = f"{self._rng.choice(_FIRST_DIGITS[born.year // 100])}{self._rng.randrange(1000):03}"
            number = f"{born.day + INVENTED_DAY:02}{born:%m%y}{digits}"
            if number not in self._given:
                self._given.add(number)
                return number


def invent(rng: random.Random, numbers: Numbers, count: int, kommuner: list[str], today: date) -> Iterator[Invented]:
    """Yield ``count`` youths, the special ones first."""
    special = list(_special(today))
    weights = [_BIG.get(kode, 3) for kode in kommuner]
    homes = rng.choices(kommuner, weights, k=count)
    for index in range(count):
        if index < len(special):
            born, status = special[index]
        else:
            born = today - timedelta(days=rng.randint(*_AGE_IN_DAYS))
            status = rng.choice(OTHER_STATUSES) if rng.random() < _ELSEWHERE else "01"
        yield _invented(rng, numbers, index + 1, born, status, homes[index], today)


def resident(rng: random.Random, numbers: Numbers, person_id: int, born: date, kommune: str, today: date) -> Invented:
    """Return a youth who lives in a kommune."""
    return _invented(rng, numbers, person_id, born, "01", kommune, today)


def _special(today: date) -> Iterator[tuple[date, str]]:
    for age, offset in EDGES * 3:
        yield _born_to_reach(age, today + timedelta(days=offset)), "01"
    for year in range(today.year - 30, today.year - 14):
        if calendar.isleap(year):
            yield date(year, 2, 29), "01"
    for status in OTHER_STATUSES:
        yield add_years(today, -20), status


def _born_to_reach(age: int, day: date) -> date:
    """Return a birth date whose birthday of that age is ``day``.

    For 29 February and a year of birth without one, it is 1 March.
    """
    year = day.year - age
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) and not calendar.isleap(year) else day.replace(year=year)


def _invented(
    rng: random.Random, numbers: Numbers, person_id: int, born: date, status: str, kommune: str, today: date
) -> Invented:
    days = birthdays(born)
    cprnr = numbers.draw(born)
    name = f"{rng.choice(_NAMES)} {rng.choice(_SURNAMES)}"
    gone = 1 if status in RESIDENT else rng.randint(30, 700)
    youth = Youth(person_id, cprnr, kommune, status, days.turns_15, days.turns_30, until=today - timedelta(days=gone))
    mail = f"ung{person_id}@example.com" if rng.random() < _WITH_MAIL else None
    row = {
        "id": person_id,
        "cprnr": cprnr,
        "navn": name,
        "status": status,
        "kommunekode": kommune if status in RESIDENT else None,
        "mail": mail,
        "telefon": None,
        "kontakt_registreret": midnight(today) if mail else None,
        "turns_15": days.turns_15,
        "turns_18": days.turns_18,
        "turns_25": days.turns_25,
        "turns_30": days.turns_30,
    }
    return Invented(youth, born, row)
