"""The youths' own contacts, of the CPR register and of KMD Elev: the newest is returned, and none clears another's."""

from datetime import date
from typing import Any

from sqlalchemy import Engine, select

from tests.imports.csvs import CPR, csv, egne_kontakter
from tests.support.endpoint import Endpoint
from tests.support.world import KOMMUNE, World
from udb.imports.cpr import import_cpr
from udb.imports.egne_kontakter import import_egne_kontakter
from udb.store.engine import reading
from udb.store.tables import egen_kontakt

A, B = "6103095123", "6103095131"
"""Two of 17 years."""
BARE = "cprnr;navn;status;kommunekode;nyt_cprnr"


def persons(engine: Engine, *lines: str, header: str = CPR) -> tuple[int, int, int]:
    result = import_cpr(engine, csv(header, *lines), invented_allowed=True)
    return result.added, result.changed, result.unchanged


def own(engine: Engine, *lines: str) -> tuple[int, int, int, int | None]:
    result = import_egne_kontakter(engine, egne_kontakter(*lines), invented_allowed=True)
    return result.added, result.changed, result.unchanged, result.skipped


def shown(endpoint: Endpoint, cprnr: str = A) -> tuple[Any, ...] | None:
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=cprnr)["HaendelserUng"]
    found = ung["UngKontakt"]
    if found is None:
        return None
    return found["KontaktMail"], found["KontaktTelefon"], found["KontaktKilde"], found["KontaktRegistreringstid"].date()


def test_the_newest_of_two_registers_is_returned_with_its_name(world: World, endpoint: Endpoint) -> None:
    engine = world.engine
    persons(engine, f"{A};Navn;01;101;;cpr@example.dk;")
    assert shown(endpoint) == ("cpr@example.dk", None, "CPR", date(2026, 8, 10))
    assert own(engine, f"{A};elev@example.dk;12345678;2026-08-09") == (1, 0, 0, 0)
    assert shown(endpoint) == ("cpr@example.dk", None, "CPR", date(2026, 8, 10))
    assert own(engine, f"{A};elev@example.dk;12345678;2026-08-10") == (0, 1, 0, 0)
    world.clock("2026-08-20T08:00:00")
    assert own(engine, f"{A};elev@example.dk;12345678;2026-08-15") == (0, 1, 0, 0)
    assert shown(endpoint) == ("elev@example.dk", "12345678", "KMD Elev", date(2026, 8, 15))
    persons(engine, f"{A};Navn;01;101;;ny@example.dk;")
    assert shown(endpoint) == ("ny@example.dk", None, "CPR", date(2026, 8, 20))


def test_a_register_that_has_none_takes_nothing_from_the_other(world: World, endpoint: Endpoint) -> None:
    engine = world.engine
    persons(engine, f"{A};Navn;01;101;;cpr@example.dk;")
    own(engine, f"{A};elev@example.dk;;2026-08-01")
    assert own(engine, f"{A};;;2026-08-10") == (0, 1, 0, 0)
    assert shown(endpoint) == ("cpr@example.dk", None, "CPR", date(2026, 8, 10))
    persons(engine, f"{A};Navn;01;101;;;")
    assert shown(endpoint) is None
    own(engine, f"{A};elev@example.dk;;2026-08-10")
    assert shown(endpoint) == ("elev@example.dk", None, "KMD Elev", date(2026, 8, 10))


def test_a_cpr_file_without_the_two_columns_clears_nothing(world: World, endpoint: Endpoint) -> None:
    engine = world.engine
    persons(engine, f"{A};Navn;01;101;;cpr@example.dk;12345678")
    assert persons(engine, f"{A};Navn;01;101;", header=BARE) == (0, 0, 1)
    world.clock("2026-08-20T08:00:00")
    assert persons(engine, f"{A};Nyt navn;01;101;", f"{B};To;01;101;", header=BARE) == (1, 1, 0)
    assert shown(endpoint) == ("cpr@example.dk", "12345678", "CPR", date(2026, 8, 10))
    assert persons(engine, f"{A};Nyt navn;01;101;;", header=f"{BARE};mail") == (0, 1, 0)
    assert shown(endpoint) == (None, "12345678", "CPR", date(2026, 8, 20))


def test_what_is_older_than_what_is_known_changes_nothing_and_of_one_day_the_later_file_holds(
    world: World, endpoint: Endpoint
) -> None:
    engine = world.engine
    persons(engine, f"{A};Navn;01;101;;;")
    own(engine, f"{A};to@example.dk;;2026-08-02")
    assert own(engine, f"{A};en@example.dk;;2026-08-01") == (0, 0, 1, 0)
    assert own(engine, f"{A};to@example.dk;;2026-08-02") == (0, 0, 1, 0)
    assert shown(endpoint) == ("to@example.dk", None, "KMD Elev", date(2026, 8, 2))
    assert own(engine, f"{A};rettet@example.dk;;2026-08-02") == (0, 1, 0, 0)
    assert shown(endpoint) == ("rettet@example.dk", None, "KMD Elev", date(2026, 8, 2))


def test_a_number_that_nobody_has_is_left_out_and_two_numbers_of_one_person_are_one(
    world: World, endpoint: Endpoint
) -> None:
    engine = world.engine
    persons(engine, f"{A};Navn;01;101;;;")
    own(engine, f"{A};gammel@example.dk;;2026-08-01", f"{B};ukendt@example.dk;;2026-08-01")
    persons(engine, f"{B};To;01;101;;;")
    own(engine, f"{B};to@example.dk;;2026-08-03")
    persons(engine, f"{A};;60;;{B};;", f"{B};To;01;101;;;")
    assert shown(endpoint, B) == ("to@example.dk", None, "KMD Elev", date(2026, 8, 3))
    assert own(engine, f"{A};a@example.dk;;2026-08-05", f"{B};b@example.dk;;2026-08-04") == (0, 1, 1, 0)
    with reading(engine) as connection:
        assert connection.execute(select(egen_kontakt.c.mail)).scalars().all() == ["a@example.dk"]
    assert own(engine, "6103095199;x@example.dk;;2026-08-05") == (0, 0, 0, 1)
