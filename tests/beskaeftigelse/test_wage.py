"""Wage and rate of a delivered month: enough to compute any limit of hours later, whatever the code sets say then."""

import io
from datetime import date

from sqlalchemy import Engine, select, text

from tests.imports.csvs import eindkomst
from tests.support.versions import downgrade
from tests.support.world import World
from udb.beskaeftigelse.wage import wages_and_rates
from udb.imports.eindkomst import import_eindkomst
from udb.imports.kodesaet import import_kodesaet
from udb.store import migrate
from udb.store.engine import reading, writing
from udb.store.tables import person

JUNE = date(2026, 6, 30)
YOUNG, YOUNG_BELOW, ADULT, ADULT_BELOW = "7103095101", "7103095102", "7103075101", "7103075102"
"""Two of 17 and two of 19 years."""
AT_18_HOURS = {YOUNG: "5837.84", YOUNG_BELOW: "5837.83", ADULT: "10118.92", ADULT_BELOW: "10118.91"}


def deliver(world: World) -> None:
    for cprnr in AT_18_HOURS:
        world.person(cprnr)
    lines = [f"{cprnr};2026-06;11111111;00;{amount}" for cprnr, amount in AT_18_HOURS.items()]
    import_eindkomst(
        world.engine, eindkomst("2026-06", *lines, f"{YOUNG_BELOW};2026-06;1;0087;9000.00"), maaned="2026-06"
    )


def reach(engine: Engine, hours: int) -> set[str]:
    """Return who worked at least so many hours a week of 37 in June."""
    wages = wages_and_rates(JUNE).subquery()
    query = select(person.c.cprnr).join(wages, wages.c.person_id == person.c.id)
    with reading(engine) as connection:
        enough = wages.c.oere * 37 >= hours * wages.c.sats_oere * 160
        return set(connection.execute(query.where(enough)).scalars())


def new_rates(engine: Engine) -> None:
    header = "kode;tekst;gyldig_fra;gyldig_til;opfundet;kilde;kroner"
    lines = (f"{group};Ny;2020-01-01;;kode tekst kroner;;500.00" for group in ("15-17", "18-24"))
    import_kodesaet(engine, io.BytesIO("\n".join([header, *lines, ""]).encode()), saet="timeloen")


def test_a_limit_of_18_hours_is_met_by_the_oere(world: World) -> None:
    deliver(world)
    assert reach(world.engine, 18) == {YOUNG, ADULT}
    assert reach(world.engine, 17) == set(AT_18_HOURS)
    assert reach(world.engine, 19) == set()


def test_later_rates_change_a_past_month_only_when_it_is_delivered_again(world: World) -> None:
    deliver(world)
    new_rates(world.engine)
    assert reach(world.engine, 18) == {YOUNG, ADULT}
    deliver(world)
    assert reach(world.engine, 17) == set()


def test_the_migration_takes_the_rates_of_its_day(world: World, database_url: str) -> None:
    deliver(world)
    with writing(world.engine) as connection:
        connection.execute(text("UPDATE kodesaet SET gyldig_til = '2026-05-31' WHERE saet = 'stads'"))
    downgrade(database_url, "0007_laeselog")
    migrate.upgrade(database_url)
    assert reach(world.engine, 18) == {YOUNG, ADULT}
    with reading(world.engine) as connection:
        kinds = text("SELECT kode, egenskaber FROM kodesaet WHERE saet = 'kommune_aktiviteter' AND kode = 'K52'")
        assert "udland" in str(connection.execute(kinds).one().egenskaber)
