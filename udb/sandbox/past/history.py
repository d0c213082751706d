"""The whole past of a sandbox: what comes before the events are stored, and what comes after (portal 3.0.9)."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, update

from udb.domain.bopael import UNKNOWN
from udb.domain.clock import DANISH
from udb.domain.persons import RESIDENT
from udb.sandbox.callers import kommune_system, own_system
from udb.sandbox.draft import Draft
from udb.sandbox.life import World
from udb.sandbox.past import (
    dropouts,
    figures,
    income,
    kommune_contacts,
    others,
    reads,
    rule_check,
    senders,
    system_change,
)
from udb.sandbox.past.plants import Plants
from udb.sandbox.past.received import set_systems, store_received
from udb.sandbox.past.rows import continue_after
from udb.sandbox.people import Invented, Numbers
from udb.store.tables import bopael, hentet

STEP: Final = "delivering months"
_FETCHED_AT: Final = timedelta(hours=18, minutes=30)


@dataclass(frozen=True, slots=True)
class Past:
    """A past under way. ``residents``: the invented youths who live in Denmark, without the plants.

    ``moved``: their moves; ``systems``: the system of each institution.
    """

    youths: int
    today: date
    rng: random.Random
    world: World
    plants: Plants
    residents: Sequence[Invented]
    moved: Mapping[int, kommune_contacts.Moved]
    systems: Mapping[str, str]

    @property
    def numbers(self) -> Mapping[str, str]:
        """The kommuner's institution numbers by kommunekode."""
        return self.world.places.kommune_number

    def name_systems(self, drafts: Sequence[Draft]) -> None:
        """Name the system of each report."""
        set_systems(drafts, self.systems)

    def move(self, connection: Connection, highest: int) -> None:
        """Split the addresses of those who moved; ``highest``: the id of the last row of ``bopael``."""
        former = []
        for number, (person_id, moved) in enumerate(self.moved.items(), highest + 1):
            of = bopael.c.person_id == person_id
            connection.execute(update(bopael).where(of).values(fra=moved.day))
            before = {"kommunekode": moved.former, "fra": UNKNOWN, "til": moved.day - timedelta(days=1)}
            registered = datetime(moved.day.year, moved.day.month, moved.day.day, 6, tzinfo=DANISH)
            former.append({"id": number, "person_id": person_id, "status": "01", "registreret": registered, **before})
        if former:
            connection.execute(insert(bopael), former)
            continue_after(connection, bopael, highest + len(former))

    def store(self, connection: Connection, drafts: Sequence[Draft], progress: Callable[[str, int, int], None]) -> int:
        """Store all but the events of ``drafts``, which are stored; return how many events eIndkomst made."""
        rng, today = self.rng, self.today
        _store_fetched(connection, self.plants, self.numbers)
        rows = kommune_contacts.register(rng, self.residents, self.moved, self.numbers, today, self.youths)
        rows += others.job_centres(drafts)
        rows += others.institution_contacts(connection, rng, self.plants.contacts, self.systems, today)
        rows += others.own_contacts(rng, self.residents, today)
        rows += others.wishes(rng, self.residents, self.numbers, today, self.youths)
        rows += others.responsible(self.numbers, today)
        rows += others.diplomas(rng, drafts, self.world.codes)
        rows.store(connection)
        system_change.store_announcement(connection, today)
        store_received(connection, drafts, [*self.plants.received, *rows.received])
        everybody = [*self.residents, *self.plants.invented]
        return income.store_income(
            connection, rng, everybody, self.world.codes, today, lambda done, all_: progress(STEP, done, all_)
        )

    def store_figures(self, connection: Connection, progress: Callable[[str, int, int], None]) -> None:
        """Store the frozen figures of the delivered months; the read log must be stored by then."""
        progress(figures.STEP, 0, 1)
        figures.store_figures(connection, self.today)
        progress(figures.STEP, 1, 1)

    def store_reads(self, connection: Connection) -> None:
        """Store and seal the read log; the database must be marked as a sandbox by then."""
        reads.store_reads(connection, self.rng, self.residents, self.numbers, self.today)


def begin(
    seed: int,
    world: World,
    numbers: Numbers,
    invented: Sequence[Invented],
    institutions: Sequence[Mapping[str, Any]],
    today: date,
    next_id: int,
) -> Past:
    """Return a past with its plants; ``next_id``: the id of the first planted youth."""
    rng = random.Random(f"{seed} historie")  # noqa: S311 - a world that can be made again, no secret
    plants = Plants(rng, numbers, world, today, next_id)
    senders.plant(plants)
    system_change.plant(plants)
    dropouts.plant(plants, len(invented))
    rule_check.plant(plants)
    residents = [one for one in invented if one.youth.status in RESIDENT]
    return Past(
        youths=len(invented),
        today=today,
        rng=rng,
        world=world,
        plants=plants,
        residents=residents,
        moved=kommune_contacts.moves(rng, residents, world.places.kommuner, today, len(invented)),
        systems={row["nummer"]: own_system(row) for row in institutions},
    )


def _store_fetched(connection: Connection, plants: Plants, numbers: Mapping[str, str]) -> None:
    rows = []
    for draft, kode, day in plants.fetched:
        at = datetime(day.year, day.month, day.day, tzinfo=DANISH) + _FETCHED_AT
        # By number: so the feed of the kommune still has them.
        rows.append(
            {
                "system_id": kommune_system(kode),
                "modtager": numbers[kode],
                "nummer": draft.number,
                "hentet_tid": at,
                "hentet_system": at,
            }
        )
    connection.execute(insert(hentet), rows)
