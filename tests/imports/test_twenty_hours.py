"""Twenty hours a week is an unrounded degree of 54: of 130 kroner an hour, and of 75 for those of 15 to 17."""

from datetime import date

from tests.imports.csvs import csv
from tests.support.world import World
from udb.beskaeftigelse.lookup import months_of
from udb.imports.eindkomst import import_eindkomst
from udb.store.engine import reading

ADULT, YOUNG, TURNS_18, FULL, MOVED = "6101044501", "6101104501", "6105084501", "6101044502", "6101044503"
"""Youths of 22 years, 16 years, and 18 years on 1 May 2026; one in full-time work; one who lived abroad in the first
months.
"""
MONTHS = {
    "2026-02": date(2026, 2, 28),
    "2026-03": date(2026, 3, 31),
    "2026-04": date(2026, 4, 30),
    "2026-05": date(2026, 5, 31),
}
WAGES = {
    ADULT: ("11231.99", "11232.00", "11232.00", "5000.00"),
    YOUNG: ("6479.99", "6480.00", "100.00", "6479.99"),
    TURNS_18: ("6479.99", "6479.99", "6479.99", "11232.00"),
    FULL: ("20000.00", "20000.00", "0.00", "11232.00"),
    MOVED: ("9000.00", "9000.00", "12000.00", "11231.99"),
}


def test_twenty_hours_begin_at_the_wage_of_degree_54(world: World) -> None:
    ids = {cprnr: world.person(cprnr, status="80" if cprnr == MOVED else "01") for cprnr in WAGES}
    for place, month in enumerate(MONTHS):
        if month == "2026-04":
            world.person(MOVED)
        lines = [f"{cprnr};{month};1;00;{wages[place]}" for cprnr, wages in WAGES.items()]
        import_eindkomst(world.engine, csv("cprnr;maaned;indberetter;indtaegtsart;beloeb", *lines), maaned=month)
    with reading(world.engine) as connection:
        found = {cprnr: months_of(connection, ids[cprnr], [*MONTHS.values()]) for cprnr in WAGES}
    assert {cprnr: [month.twenty_hours for month in months] for cprnr, months in found.items()} == {
        ADULT: [False, True, True, False],
        YOUNG: [False, True, False, False],
        TURNS_18: [False, False, False, True],
        FULL: [True, True, False, True],
        MOVED: [False, False, True, False],
    }
    assert [month.in_population for month in found[MOVED]] == [False, False, True, True]
