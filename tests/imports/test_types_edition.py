"""The two editions of ``institutionstyper``: which holds, who says so, and what a change does to the feeds (F209)."""

import csv as csvs
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.access.clauses import PUPIL, cancel, feed, send
from tests.imports.csvs import csv, institutioner
from tests.support.endpoint import Endpoint
from tests.support.fetches import numbers
from tests.support.kommuner import assert_in_step
from tests.support.world import INSTITUTIONS, KOMMUNE, OTHER_KOMMUNE, World
from udb.domain.errors import WrongUse
from udb.domain.kodesaet import REGISTER, VEJLEDNING
from udb.domain.services import FORBEREDENDE_AKTIVITET
from udb.imports import types_edition
from udb.imports.institutioner import import_institutioner
from udb.imports.kodesaet import import_kodesaet
from udb.imports.result import FileRefused
from udb.imports.types_edition import edition_rows, set_edition
from udb.paths import CODESETS
from udb.store.codes import holding_edition, is_efterskole, load_codes, named_edition
from udb.store.engine import reading
from udb.store.tables import institution

SCHOOLS = {"451010": "1010", "451011": "1011", "451012": "1012", "451013": "1013"}
"""A school in the kommune of each type in question, and one of a type that both editions agree on."""
EFTERSKOLER = {VEJLEDNING: {"1011", "1012"}, REGISTER: {"1010", "1011"}}


@pytest.fixture
def pupil(world: World) -> str:
    """A youth who lives in another kommune than the schools are in."""
    world.person(PUPIL, kommune="751")
    for nummer, type3 in SCHOOLS.items():
        world.institution(nummer, type3=type3)
    return PUPIL


def report(endpoint: Endpoint, pupil: str, nummer: str, **fields: Any) -> str:
    return send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-10", InstitutionNummer=nummer, **fields)


def efterskoler(engine: Engine) -> set[str]:
    """Return the types that are efterskoler, by the snapshot and by the condition of the queries."""
    with reading(engine) as connection:
        codes = load_codes(connection)
        found = {code for code in codes.codes("institutionstyper") if codes.is_efterskole(code)}
        asked = select(institution.c.type3).where(is_efterskole(institution.c.type3))
        assert set(connection.execute(asked).scalars()) <= found
    return found


def test_a_new_database_holds_the_vejledning_until_another_is_named(world: World) -> None:
    engine = world.engine
    with reading(engine) as connection:
        assert (holding_edition(connection), named_edition(connection)) == (VEJLEDNING, None)
    assert efterskoler(engine) == {"1011", "1012"}
    for edition in (REGISTER, VEJLEDNING, REGISTER):
        assert set_edition(engine, edition)
        with reading(engine) as connection:
            assert (holding_edition(connection), named_edition(connection)) == (edition, edition)
        assert efterskoler(engine) == EFTERSKOLER[edition]
        assert not set_edition(engine, edition)
    with pytest.raises(WrongUse, match="vejledning, register"):
        set_edition(engine, "2020")
    assert efterskoler(engine) == EFTERSKOLER[REGISTER]


def test_the_editions_are_whole_and_differ_in_the_three_types_alone() -> None:
    one, other = ({row.kode: row for row in edition_rows(edition)} for edition in (VEJLEDNING, REGISTER))
    assert len(one) == len(other) == 46
    assert {kode for kode in one if one[kode].egenskaber != other[kode].egenskaber} == {"1010", "1012"}
    assert {kode for kode in one if one[kode].tekst != other[kode].tekst} == {"1012"}
    assert (one["1012"].tekst, other["1012"].tekst) == ("Efterskoler", "Folkeskoler")


def test_a_school_kommune_gets_each_event_once_that_a_change_of_edition_opens(
    world: World, endpoint: Endpoint, pupil: str
) -> None:
    """Its feed without criterion is long past the events."""
    sent = {type3: report(endpoint, pupil, nummer) for nummer, type3 in SCHOOLS.items()}
    given = [sent["1010"], sent["1013"]]
    assert numbers(endpoint.fetch(KOMMUNE)) == given == feed(endpoint)
    assert numbers(endpoint.fetch(OTHER_KOMMUNE)) == [*sent.values()]
    set_edition(world.engine, REGISTER)
    assert_in_step(world.engine)
    assert feed(endpoint) == [sent["1012"], sent["1013"]]
    assert (numbers(endpoint.fetch(KOMMUNE)), numbers(endpoint.fetch(KOMMUNE))) == ([sent["1012"]], [])
    assert numbers(endpoint.fetch(OTHER_KOMMUNE)) == []


def test_what_was_given_stays_given_and_what_came_meanwhile_comes_when_the_edition_comes_back(
    world: World, endpoint: Endpoint, pupil: str
) -> None:
    given = report(endpoint, pupil, "451010")
    assert numbers(endpoint.fetch(KOMMUNE)) == [given]
    set_edition(world.engine, REGISTER)
    gone = cancel(endpoint, FORBEREDENDE_AKTIVITET, pupil, given, InstitutionNummer="451010")
    later = report(endpoint, pupil, "451010", ElevTrin=9)
    assert numbers(endpoint.fetch(KOMMUNE)) == []
    set_edition(world.engine, VEJLEDNING)
    assert (numbers(endpoint.fetch(KOMMUNE)), numbers(endpoint.fetch(KOMMUNE))) == ([gone, later], [])


def test_a_report_beside_a_change_of_edition_reaches_the_school_kommune(
    world: World, endpoint: Endpoint, pupil: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report is stored after the youths were found and before the edition is; on SQLite it comes before both."""
    assert numbers(endpoint.fetch(KOMMUNE)) == []
    really, sent = types_edition.EditionChange.store, []

    def store(change: types_edition.EditionChange, connection: Any) -> None:
        sent.append(report(endpoint, pupil, "451012"))
        assert numbers(endpoint.fetch(KOMMUNE)) == []
        really(change, connection)

    if world.engine.dialect.name == "postgresql":
        monkeypatch.setattr(types_edition.EditionChange, "store", store)
    else:
        sent.append(report(endpoint, pupil, "451012"))
    set_edition(world.engine, REGISTER)
    assert (numbers(endpoint.fetch(KOMMUNE)), numbers(endpoint.fetch(KOMMUNE))) == (sent, [])
    assert_in_step(world.engine)


def test_a_report_that_waits_for_a_change_of_edition_is_judged_by_the_new_one(
    world: World, endpoint: Endpoint, pupil: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if world.engine.dialect.name == "sqlite":
        pytest.skip("has one writer at a time")
    really = types_edition.EditionChange.store
    with ThreadPoolExecutor(1) as pool:
        waiting = []

        def store(change: types_edition.EditionChange, connection: Any) -> None:
            really(change, connection)
            waiting.append(pool.submit(report, endpoint, pupil, "451012"))
            with pytest.raises(TimeoutError):
                waiting[0].result(0.5)

        monkeypatch.setattr(types_edition.EditionChange, "store", store)
        # An event of the type, so that the change takes the counter.
        world.person("6101054234", kommune="461")
        report(endpoint, "6101054234", "451012")
        set_edition(world.engine, REGISTER)
        sent = waiting[0].result(20)
    assert sent in numbers(endpoint.fetch(KOMMUNE))
    assert_in_step(world.engine)


def test_rows_that_change_the_flag_reach_the_feeds_too(world: World, endpoint: Endpoint, pupil: str) -> None:
    """An operator may import types of an own reading."""
    sent = report(endpoint, pupil, "451012")
    assert numbers(endpoint.fetch(KOMMUNE)) == []
    with (CODESETS / "institutionstyper_register.csv").open(encoding="utf-8", newline="") as lines:
        header, *rows = csvs.reader(lines, delimiter=";")
    (row,) = (row for row in rows if row[0] == "1012")
    import_kodesaet(world.engine, csv(";".join(header), ";".join(row)), saet="institutionstyper")
    assert (numbers(endpoint.fetch(KOMMUNE)), numbers(endpoint.fetch(KOMMUNE))) == ([sent], [])
    assert efterskoler(world.engine) == {"1011"}
    set_edition(world.engine, VEJLEDNING)
    assert efterskoler(world.engine) == {"1011", "1012"}
    assert_in_step(world.engine)


# The plain import of institutions -------------------------------------------------------------------------------------

WORLD = [
    f"{nummer};Institution {nummer};{main};{type3};{kommune};{kommune};"
    for nummer, type3, main, kommune in INSTITUTIONS
]
EFTERSKOLE = "451011;Ollerup Efterskole;;1011;461;;"


@pytest.mark.parametrize(
    ("names", "shows"),
    [
        (["Byens Folkeskole"], 0),
        (["Skoven Efterskole", "Byskolen", "Engskolen"], 1),
        (["Nordre Efterskole", "Søndre Efterskole", "Vestre folkeskole"], 2),
        (["Bakkens Efterskole", "FOLKESKOLEN"], 1),
    ],
    ids=["named so", "most are no efterskole", "one is named so", "in capitals"],
)
def test_a_flagged_type_with_the_names_of_folkeskoler_is_refused_until_an_edition_is_named(
    world: World, names: list[str], shows: int
) -> None:
    """``shows``: the first name that shows it."""
    lines = [*WORLD, EFTERSKOLE, *(f"4520{at:02};{name};;1012;461;;" for at, name in enumerate(names))]
    with pytest.raises(FileRefused) as refused:
        import_institutioner(world.engine, institutioner(*lines))
    (fault,) = refused.value.result.refused
    assert (fault.number, fault.column) == (len(WORLD) + 3 + shows, "type3")
    assert "--edition register" in fault.reason.en
    assert "register" in fault.reason.da
    with reading(world.engine) as connection:
        assert named_edition(connection) is None
        assert connection.execute(select(institution).where(institution.c.nummer == "452000")).first() is None
    for edition in (REGISTER, None, VEJLEDNING, None):
        assert import_institutioner(world.engine, institutioner(*lines), edition=edition).read == len(lines)
        if edition:
            assert efterskoler(world.engine) == EFTERSKOLER[edition]


@pytest.mark.parametrize(
    "lines",
    [[], [EFTERSKOLE], [EFTERSKOLE, "452000;Nyborg Efterskole;;1012;461;;", "452001;Sejergaardsskolen;;1012;461;;"]],
    ids=["no flagged type", "an efterskole", "half of them named so"],
)
def test_efterskoler_in_the_flagged_types_are_not_doubted(world: World, lines: list[str]) -> None:
    assert import_institutioner(world.engine, institutioner(*WORLD, *lines)).added == len(lines)


def test_an_import_that_names_the_edition_opens_the_events_of_folkeskoler(
    world: World, endpoint: Endpoint, pupil: str
) -> None:
    """The school changes its type in the same file."""
    before, moved = report(endpoint, pupil, "451012"), report(endpoint, pupil, "451011")
    assert numbers(endpoint.fetch(KOMMUNE)) == []
    lines = [
        *WORLD,
        *(f"{nummer};Folkeskole;;{'1012' if type3 == '1011' else type3};101;101;" for nummer, type3 in SCHOOLS.items()),
    ]
    import_institutioner(world.engine, institutioner(*lines), edition=REGISTER)
    assert (numbers(endpoint.fetch(KOMMUNE)), numbers(endpoint.fetch(KOMMUNE))) == ([before, moved], [])
    assert_in_step(world.engine)


def test_a_type_is_judged_by_the_edition_of_the_import(engine: Engine) -> None:
    """A database that has no code sets gets the types of the edition."""
    with pytest.raises(FileRefused):
        import_institutioner(engine, institutioner("452000;Skole;;1019;461;;"), edition=REGISTER)
    import_institutioner(engine, institutioner("452000;Skole;;1012;461;;"), edition=REGISTER)
    assert efterskoler(engine) == EFTERSKOLER[REGISTER]
    with pytest.raises(WrongUse):
        import_institutioner(engine, institutioner("452000;Skole;;1012;461;;"), edition="2020")


def test_a_register_of_real_shape_goes_through(world: World) -> None:
    """98 kommuner, all 44 types, 1,000 institutions with branches."""
    with (CODESETS / "kommuner.csv").open(encoding="utf-8", newline="") as file:
        kommuner = list(csvs.DictReader(file, delimiter=";"))
    types = [row for row in edition_rows(REGISTER) if row.kode.isdecimal()]
    assert (len(kommuner), len(types)) == (98, 44)
    lines = [f"{row['institutionsnummer']};{row['tekst']} Kommune;;KOM;;{row['kode']};" for row in kommuner]
    for at in range(1000 - len(lines)):
        kommune, type3 = kommuner[at % 98]["kode"], types[at % 44]
        main = f"{100000 + at - 44}" if at % 7 == 0 and at > 44 and (at - 44) % 7 else ""
        lines.append(f"{100000 + at};{type3.tekst} {at};{main};{type3.kode};{kommune};;")
    with pytest.raises(FileRefused) as refused:
        import_institutioner(world.engine, institutioner(*lines))
    assert [fault.column for fault in refused.value.result.refused] == ["type3"]
    result = import_institutioner(world.engine, institutioner(*lines), edition=REGISTER)
    assert (result.read, result.added) == (1000, 998)
    assert import_institutioner(world.engine, institutioner(*lines)).unchanged == 1000
