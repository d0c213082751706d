"""The contact persons that kommuner registered, by year, and those that hold (portal 3.0.9, 3.28)."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any, Final

from udb.domain.services import KONTAKTPERSON
from udb.sandbox.callers import kommune_system
from udb.sandbox.past.plants import share
from udb.sandbox.past.received import SLET, accepted
from udb.sandbox.past.rows import NO_TELEPHONE, Rows, moment
from udb.sandbox.people import Invented
from udb.store.contacts import ERSTATTET, KOMMUNE, SLETTET
from udb.store.tables import kontakt, kontakt_historik

BY_YEAR: Final = {2020: 3_246, 2021: 2_010, 2022: 1_120, 2023: 430, 2024: 109}
"""How many contact persons all kommuner registered in a year, beside 20,000 youths."""
FREE_FROM: Final = date(2025, 1, 1)
"""From this day on no year's number is given."""
STANDING: Final = 400
STALE_PERCENT: Final = 12
"""Of so many contacts that hold, the share that is stale: registered over a year ago, or by an earlier home kommune."""
YEAR: Final = 365
MOVED: Final = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """A move: the kommune before it, and the first day at the present one."""

    former: str
    day: date


@dataclass(frozen=True, slots=True)
class Registered:
    """A contact person that a kommune registered. ``until``: when it deletes it, None for never."""

    person_id: int
    kommune: str
    at: datetime
    until: datetime | None = None


def moves(
    rng: random.Random, residents: Sequence[Invented], kommuner: Sequence[str], today: date, youths: int
) -> dict[int, Moved]:
    """Return the moves of the last year, by person id."""
    movers = rng.sample(residents, min(len(residents) // 4, share(MOVED, youths) + 1))
    return {
        one.youth.person_id: Moved(
            rng.choice([kode for kode in kommuner if kode != one.youth.kommune]),
            today - timedelta(days=rng.randint(20, 200)),
        )
        for one in movers
    }


def register(
    rng: random.Random,
    residents: Sequence[Invented],
    moved: Mapping[int, Moved],
    numbers: Mapping[str, str],
    today: date,
    youths: int,
) -> Rows:
    """Return the rows of all contacts of kommuner. ``numbers``: their institution numbers by kommunekode."""
    settled = [one for one in residents if one.youth.person_id not in moved]
    standing = share(STANDING, youths)
    stale = round(standing * STALE_PERCENT / 100)
    found = [*_by_year(rng, settled, today, youths, stale - stale // 2)]
    kept = {one.person_id for one in found if one.until is None}
    of_movers = [one for one in residents if one.youth.person_id in moved and _may_have(one, today)]
    for one in of_movers[: stale // 2]:
        move = moved[one.youth.person_id]
        day = move.day - timedelta(days=rng.randint(5, 120))
        if day >= FREE_FROM:
            found.append(Registered(one.youth.person_id, move.former, moment(rng, day)))
    first = max(FREE_FROM, today - timedelta(days=YEAR - 10))
    fresh = [
        one for one in settled if _may_have(one, first) and _may_have(one, today) and one.youth.person_id not in kept
    ]
    if first < today - timedelta(days=2):
        for one in rng.sample(fresh, min(len(fresh), standing - stale)):
            day = first + timedelta(days=rng.randrange((today - first).days - 1))
            found.append(Registered(one.youth.person_id, one.youth.kommune, moment(rng, day)))
    return _rows(found, numbers)


def _may_have(one: Invented, day: date) -> bool:
    return bool(one.row["turns_15"] <= day < one.row["turns_25"])


def _by_year(
    rng: random.Random, settled: Sequence[Invented], today: date, youths: int, standing: int
) -> Iterator[Registered]:
    """Yield the contacts of the years with a given number; ``standing`` of the latest are never deleted."""
    for year in reversed(BY_YEAR):
        first, last = date(year, 1, 1), date(year, 12, 31)
        if last >= today - timedelta(days=YEAR):
            last = today - timedelta(days=YEAR + 2)
        if last < first:
            continue
        able = [one for one in settled if _may_have(one, first) and _may_have(one, last)]
        for one in _some_everywhere(rng, able, share(BY_YEAR[year], youths)):
            at = moment(rng, first + timedelta(days=rng.randint(0, (last - first).days)))
            until = moment(rng, min(at.date() + timedelta(days=rng.randint(60, 700)), today - timedelta(days=1)))
            is_kept = standing > 0
            standing -= is_kept
            yield Registered(one.youth.person_id, one.youth.kommune, at, None if is_kept else until)


def _some_everywhere(rng: random.Random, able: Sequence[Invented], count: int) -> list[Invented]:
    """Return so many youths, of every kommune at least one if there are enough."""
    mixed = rng.sample(able, len(able))
    first = {one.youth.kommune: one for one in reversed(mixed)}
    chosen = {id(one) for one in first.values()} if len(first) <= count else set()
    return [*(one for one in mixed if id(one) in chosen), *(one for one in mixed if id(one) not in chosen)][:count]


def _rows(found: Sequence[Registered], numbers: Mapping[str, str]) -> Rows:
    """Return the rows: a later contact of the same kommune replaces an earlier one that is not deleted by then."""
    rows = Rows()
    for one in sorted(found, key=lambda one: (one.at, one.person_id)):
        rows.received.append(_received(one, numbers, one.at))
    for chain in _chains(found).values():
        for one, after in zip_longest(chain, chain[1:]):
            replaced = after is not None and (one.until is None or one.until >= after.at)
            history = {
                "person_id": one.person_id,
                "art": KOMMUNE,
                "institution_nummer": numbers[one.kommune],
                "fra": one.at,
                "til": after.at if after is not None and replaced else one.until,
                "afsluttet": ERSTATTET if replaced else SLETTET if one.until else None,
            }
            rows.of[kontakt_historik].append(history)
            if one.until is not None and not replaced:
                rows.received.append(_received(one, numbers, one.until) | {"slags": SLET})
            if history["til"] is None:
                rows.of[kontakt].append(_contact(one, numbers))
    return rows


def _chains(found: Sequence[Registered]) -> dict[tuple[int, str], list[Registered]]:
    chains: dict[tuple[int, str], list[Registered]] = {}
    for one in sorted(found, key=lambda one: (one.person_id, one.kommune, one.at)):
        chains.setdefault((one.person_id, one.kommune), []).append(one)
    return chains


def _received(one: Registered, numbers: Mapping[str, str], at: datetime) -> dict[str, Any]:
    return accepted(
        {
            "tid": at,
            "system_id": kommune_system(one.kommune),
            "institution_nummer": numbers[one.kommune],
            "service": KONTAKTPERSON,
            "person_id": one.person_id,
        }
    )


def _contact(one: Registered, numbers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "art": KOMMUNE,
        "institution_nummer": numbers[one.kommune],
        "navn": "Kim Eksempel",
        "mail": f"vejleder{one.kommune}@example.com",
        "telefon": NO_TELEPHONE,
        "registreringstid": one.at,
    }
