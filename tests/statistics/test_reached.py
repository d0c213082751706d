"""Those without activity who were contacted since they were without: the worked ten, and the definition itself."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert

from tests.support.figure_youths import EUD, LEFT, Course, Told, deliver, store
from udb.beskaeftigelse.grad import DELTID
from udb.domain.clock import DANISH
from udb.domain.haendelse import KONTAKTTID, Haendelse
from udb.domain.identifiers import event_number
from udb.statistics import frozen
from udb.statistics.definitions.courses import Course as Forloeb
from udb.statistics.definitions.courses import Slags
from udb.statistics.definitions.kontaktede import entered, is_contacted
from udb.statistics.monthly.run import run
from udb.store.engine import reading, writing
from udb.store.tables import haendelse, kontakt_historik
from udb.store.tables.indkomst import indkomstserie

DAY, LEFT_ON = date(2026, 10, 1), date(2026, 9, 15)
BORN = date(2006, 3, 11)
IDLE = Told(BORN)
LEFT_EUD = Told(BORN, courses=(Course("formaal", EUD, date(2025, 8, 10), LEFT_ON, LEFT),))


def ended(day):
    return Forloeb(Slags.UNGDOMSUDDANNELSE, date(2020, 1, 1), day)


@pytest.mark.parametrize(
    ("ends", "last_work", "since"),
    [
        ((), None, date(2021, 3, 11)),
        ((LEFT_ON, date(2025, 1, 1)), None, LEFT_ON),
        ((LEFT_ON,), date(2026, 8, 31), LEFT_ON),
        ((date(2026, 8, 31),), date(2026, 8, 31), date(2026, 9, 1)),
        # What ends after the day, and what never ended, is not asked.
        ((None, DAY + timedelta(days=1)), None, date(2021, 3, 11)),
    ],
)
def test_when_a_youth_came_to_be_without(ends, last_work, since):
    assert entered([ended(day) for day in ends], date(2021, 3, 11), last_work, DAY) == since
    assert is_contacted([since], since, DAY)
    assert not is_contacted([since - timedelta(days=1), DAY + timedelta(days=1)], since, DAY)
    assert is_contacted([DAY], since, DAY)
    assert not is_contacted([], since, DAY)


def contact(person_id, day, art="kommune", til=None):
    return {
        "person_id": person_id, "art": art, "institution_nummer": "281111", "fra": at(day),
        "til": at(til) if til else None, "afsluttet": "erstattet" if til else None,
    }  # fmt: skip


def at(day):
    return datetime(day.year, day.month, day.day, 23, 30, tzinfo=DANISH)


def test_six_of_the_ten_are_contacted(world):
    world.clock("2026-11-15T08:00:00")
    deliver(world.engine, date(2026, 10, 31))
    ids = store(world.engine, [IDLE, LEFT_EUD, IDLE, IDLE, LEFT_EUD, IDLE, LEFT_EUD, IDLE, IDLE, IDLE])
    after = [date(2021, 3, 11), LEFT_ON, DAY, date(2026, 9, 1)]
    rows = [contact(person_id, day) for person_id, day in zip(ids[:4], after, strict=True)]
    rows += [
        contact(ids[5], date(2022, 1, 1), til=date(2023, 1, 1)),
        contact(ids[6], LEFT_ON - timedelta(days=1)),
        contact(ids[7], DAY + timedelta(days=1)),
        contact(ids[8], LEFT_ON, art="jobcenter"),
    ]
    worked = {"person_id": ids[3], "fra": date(2026, 7, 31), "til": date(2026, 8, 31), "status": DELTID, "grad": 5}
    time = asdict(
        Haendelse(
            nummer=event_number(900), plads=event_number(900), art=KONTAKTTID, type="Kontakttid", cprnr="9900000052",
            haendelse_dato=LEFT_ON, registreringstid=at(LEFT_ON), institution_nummer="281111",
            hovedinstitution="281111", kilde_leverandoer="KOM", service="KontaktTilbudstid",
            afbrud_haendelse_nummer=event_number(5001),
        )
    )  # fmt: skip
    del time["hovedinstitution"]
    with writing(world.engine) as connection:
        for row in rows:
            connection.execute(insert(kontakt_historik).values(**row))
        connection.execute(insert(indkomstserie).values(**worked, social_ydelse=False))
        connection.execute(insert(haendelse).values(**time, person_id=ids[4]))
    run(world.engine, world.engine, DAY)
    with reading(world.engine) as connection:
        found = frozen.figures(connection, frozen.published(connection, "kontaktede", DAY), totals_only=True)
        groups = frozen.figures(connection, frozen.published(connection, "kui", DAY), totals_only=True)
    assert {(one.kommunekode, one.maal): one.antal for one in found} == {
        (None, "P"): 10, (None, "kontaktet"): 6, ("851", "P"): 10, ("851", "kontaktet"): 6,
    }  # fmt: skip
    assert {one.antal for one in groups if one.maal == "uden"} == {10}
