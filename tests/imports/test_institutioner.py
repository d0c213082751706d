from datetime import date

import pytest
from sqlalchemy import select

from tests.imports.csvs import institutioner
from tests.support.endpoint import Endpoint
from tests.support.fetches import numbers
from tests.support.reports import ANNA, BO, optag
from tests.support.world import INSTITUTIONS, OTHER_KOMMUNE, World
from udb.imports.institutioner import import_institutioner
from udb.imports.result import FileRefused
from udb.store.engine import reading
from udb.store.tables import institution

SCHOOL = "461248;Skole;;1061;461;;"
BRANCH = "461249;Afdeling;461248;1061;461;;"
KOMMUNE = "281111;Københavns Kommune;;KOM;101;101;"


def load(engine, *lines):
    result = import_institutioner(engine, institutioner(*lines))
    return result.added, result.changed, result.unchanged


def stored(engine):
    with reading(engine) as connection:
        return {row.nummer: row for row in connection.execute(select(institution))}


def test_the_register_is_taken_over(engine):
    assert load(engine, SCHOOL, BRANCH, KOMMUNE, "999999;Lukket;;1071;751;;2026-08-01") == (4, 0, 0)
    found = stored(engine)
    assert found["461248"].hovedinstitution == "461248"
    assert found["461249"].hovedinstitution == "461248"
    assert (found["281111"].type3, found["281111"].administrerende_kommune) == ("KOM", "101")
    assert found["999999"].lukket == date(2026, 8, 1)
    assert load(engine, SCHOOL, BRANCH, KOMMUNE, "999999;Lukket;;1071;751;;2026-08-01") == (0, 0, 4)


def test_what_is_missing_has_left_and_keeps_main_institution_and_place(engine):
    load(engine, SCHOOL, BRANCH)
    assert load(engine, SCHOOL) == (0, 1, 1)
    left = stored(engine)["461249"]
    assert (left.in_register, left.hovedinstitution, left.beliggenhedskommune) == (False, "461248", "461")
    assert load(engine, SCHOOL) == (0, 0, 1)
    assert load(engine, SCHOOL, BRANCH) == (0, 1, 1)
    assert stored(engine)["461249"].in_register


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("461250;Afdeling;461249;1061;461;;", "hovedinstitution"),
        ("461250;Afdeling;461000;1061;461;;", "hovedinstitution"),
        ("461248;Igen;;1061;461;;", "institutionsnummer"),
        ("46125;Kort;;1061;461;;", "institutionsnummer"),
        ("461250;;;1061;461;;", "navn"),
        ("461250;Skole;;21;461;;", "type3"),
        ("461250;Skole;;1061;46;;", "beliggenhedskommune"),
        ("461250;Skole;;1061;461;;01-08-2026", "lukket"),
        ("461250;Skole;;1061;461;;2026-02-30", "lukket"),
        ("281161;Odense Kommune;;KOM;461;;", "administrerende_kommune"),
    ],
)
def test_a_bad_line_refuses_the_file(engine, line, column):
    with pytest.raises(FileRefused) as refused:
        import_institutioner(engine, institutioner(SCHOOL, BRANCH, line))
    assert [(fault.number, fault.column) for fault in refused.value.result.refused] == [(4, column)]
    assert stored(engine) == {}


@pytest.mark.parametrize("unknown", ["2012", "1019", "9999"])
def test_a_type_that_no_code_set_has_refuses_the_file(world: World, unknown):
    before = stored(world.engine)
    with pytest.raises(FileRefused) as refused:
        import_institutioner(world.engine, institutioner(SCHOOL, f"461250;Skole;;{unknown};461;;"))
    assert [(fault.number, fault.column) for fault in refused.value.result.refused] == [(3, "type3")]
    assert stored(world.engine) == before


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ("461250;Skole;;{};999;;", ["beliggenhedskommune"]),
        ("461250;Skole;;{};461;655;", ["administrerende_kommune"]),
        ("461250;Skole;;{};000;102;", ["beliggenhedskommune", "administrerende_kommune"]),
        ("281112;Kommune;;KOM;;999;", ["administrerende_kommune"]),
    ],
)
def test_a_kommune_that_no_code_set_has_refuses_the_file(world: World, line, columns):
    before, type3 = stored(world.engine), SCHOOL.split(";")[3]
    with pytest.raises(FileRefused) as refused:
        import_institutioner(world.engine, institutioner(SCHOOL, line.format(type3)))
    assert [(fault.number, fault.column) for fault in refused.value.result.refused] == [(3, one) for one in columns]
    assert stored(world.engine) == before


def test_christiansoe_is_a_place_though_it_is_no_kommune(world: World):
    type3 = SCHOOL.split(";")[3]
    load(world.engine, f"411001;Skole;;{type3};411;411;", KOMMUNE)
    assert stored(world.engine)["411001"].beliggenhedskommune == "411"


def test_two_kommuner_with_one_code_need_a_word(world: World):
    """A slip gave one kommune's system another's youths."""
    lines = (KOMMUNE, "281112;Frederiksberg;;KOM;147;147;", "281113;Ballerup;;KOM;151;151;")
    load(world.engine, *lines)
    slip = [line.replace(";147;147;", ";151;151;") for line in lines]
    with pytest.raises(FileRefused) as refused:
        load(world.engine, *slip)
    (fault,) = refused.value.result.refused
    assert (fault.number, fault.column) == (4, "administrerende_kommune")
    assert ("281112 (Frederiksberg)" in fault.reason.en, "281113 (Ballerup)" in fault.reason.en) == (True, True)
    assert stored(world.engine)["281112"].administrerende_kommune == "147"
    result = import_institutioner(world.engine, institutioner(*slip), merged={"151"})
    assert (result.changed, stored(world.engine)["281112"].administrerende_kommune) == (1, "151")


def test_a_register_without_institutions_is_refused(engine):
    load(engine, SCHOOL)
    with pytest.raises(FileRefused):
        import_institutioner(engine, institutioner())
    assert stored(engine)["461248"].in_register


def test_a_kommune_that_gets_another_code_is_told_of_its_new_youths(world: World, endpoint: Endpoint):
    """Nothing has changed about the youths themselves, and the feed is long past their events."""
    world.person(ANNA, kommune="461")
    world.person(BO, kommune="751")
    before, old = optag(endpoint, ANNA, 10), optag(endpoint, BO, 10)
    assert numbers(endpoint.fetch(OTHER_KOMMUNE)) == [old]
    load(world.engine, *_register({}))
    assert numbers(endpoint.fetch(OTHER_KOMMUNE)) == []
    assert load(world.engine, *_register({OTHER_KOMMUNE: "461"})) == (0, 1, len(INSTITUTIONS) - 1)
    assert (numbers(endpoint.fetch(OTHER_KOMMUNE)), numbers(endpoint.fetch(OTHER_KOMMUNE))) == ([before], [])


def _register(codes: dict[str, str]) -> list[str]:
    """Return the world's institutions as a file, some of them with another kommunekode."""
    return [
        f"{nummer};Institution {nummer};{main};{type3};{kommune};{codes.get(nummer, kommune)};"
        for nummer, type3, main, kommune in INSTITUTIONS
    ]
