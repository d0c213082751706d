"""The youths and institutions of the rule book's examples, which every sandbox has whatever its seed."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from udb.domain.cpr import birth_date, birthdays
from udb.domain.persons import RESIDENT
from udb.rulebook import examples
from udb.rulebook.attempt import NAME

KOMMUNE: Final = "461"
"""The kommune of the institutions."""


def institutions() -> Iterator[dict[str, Any]]:
    """Yield the institutions as database rows."""
    for row in examples.institutions():
        lukket = date.fromisoformat(row["lukket"]) if row["lukket"] else None
        yield {**row, "lukket": lukket, "beliggenhedskommune": KOMMUNE, "administrerende_kommune": None}


def persons(first: int) -> Iterator[dict[str, Any]]:
    """Yield the youths as database rows; ``first``: the id of the first."""
    for person_id, youth in enumerate(examples.youths(), first):
        born = birth_date(youth["cprnr"], invented_allowed=True)
        if born is None:
            raise ValueError(youth["cprnr"])
        days = birthdays(born)
        yield {
            "id": person_id,
            "cprnr": youth["cprnr"],
            "navn": NAME,
            "status": youth["status"],
            "kommunekode": youth["kommune"] if youth["status"] in RESIDENT else None,
            "mail": None,
            "telefon": None,
            "kontakt_registreret": None,
            "turns_15": days.turns_15,
            "turns_18": days.turns_18,
            "turns_25": days.turns_25,
            "turns_30": days.turns_30,
        }
