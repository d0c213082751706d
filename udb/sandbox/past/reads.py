"""The read log of the past: what kommuner, schools and people received in some months, sealed month by month."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from udb.callers.systems import WEB
from udb.domain.clock import DANISH, add_months, system_time
from udb.domain.formaal import Formaal
from udb.readlog.entries import NO_PERSON
from udb.readlog.sealing import seal_past
from udb.sandbox.callers import kommune_system
from udb.sandbox.past.rows import insert_numbered
from udb.sandbox.people import Invented
from udb.store.tables.log import read_log

MONTHS: Final = 6
MOST_IN_ANSWER: Final = 25
LOOK_UPS: Final = 60
"""In each month; every tenth is refused, and every fifth is a person's on the portal."""
HENT: Final = "HentHaendelser"
HOME: Final = "A1"


def store_reads(
    connection: Connection, rng: random.Random, residents: Sequence[Invented], numbers: Mapping[str, str], today: date
) -> None:
    """Store the reads of the months before the present one, and seal each month when it is over.

    ``today``: the domain's; no read is later than the real day. The caller holds the lock of the sealing.
    """
    homes: dict[str, list[int]] = defaultdict(list)
    for one in residents:
        homes[one.youth.kommune].append(one.youth.person_id)
    this_month = min(today, system_time().date()).replace(day=1)
    starts = [add_months(this_month, -back) for back in range(MONTHS, -1, -1)]
    rows = [row for first in starts[:-1] for row in sorted(_month(rng, homes, numbers, first), key=_time)]
    insert_numbered(connection, read_log, rows)
    for first in starts[1:]:
        seal_past(connection, datetime(first.year, first.month, 1, tzinfo=DANISH))


def _time(row: dict[str, Any]) -> datetime:
    tid: datetime = row["tid"]
    return tid


def _month(
    rng: random.Random, homes: Mapping[str, list[int]], numbers: Mapping[str, str], first: date
) -> Iterator[dict[str, Any]]:
    for kode, persons in homes.items():
        some = rng.sample(persons, min(len(persons), rng.randint(1, MOST_IN_ANSWER)))
        yield _row(rng, first, kommune_system(kode), numbers[kode], sorted(some))
    for index in range(LOOK_UPS):
        kode = rng.choice(tuple(homes))
        person, refused = rng.choice(homes[kode]), index % 10 == 0
        row = _row(rng, first, kommune_system(kode), numbers[kode], [NO_PERSON if index % 20 == 0 else person])
        if index % 5 == 1:
            user = f"sandkasse:vejleder-{kode}"
            row |= {"system_id": WEB, "bruger": user, "formaal": Formaal.VEJLEDNING.value}
        yield row | {"klausul": None} if refused else row


def _row(rng: random.Random, first: date, system: str, number: str, persons: list[int]) -> dict[str, Any]:
    morning = datetime(first.year, first.month, 1, 7, tzinfo=DANISH)
    return {
        "tid": morning + timedelta(days=rng.randrange(27), seconds=rng.randrange(10 * 3600)),
        "system_id": system,
        "institution_nummer": number,
        "operation": HENT,
        "correlation_id": str(UUID(int=rng.getrandbits(128), version=4)),
        "klausul": HOME,
        "personer": persons,
        "fra_nummer": None,
        "til_nummer": None,
        "certifikat": None,
        "bruger": None,
        "formaal": None,
    }
