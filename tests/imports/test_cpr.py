import io
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, insert, select

from tests.imports.csvs import CPR, cpr
from tests.support.world import STAR, World
from udb.imports import catalogue, merge
from udb.imports.cpr import import_cpr
from udb.imports.result import FileRefused, silent
from udb.settings import Settings
from udb.store.abonnement import Subscription, subscription
from udb.store.engine import reading, writing
from udb.store.tables import (
    abonnement,
    bopael,
    cprnummer,
    haendelse,
    kontakt,
    kontakt_historik,
    metadata,
    modtagelse,
    onske,
    person,
)
from udb.store.tables.log import read_log_person

A, B, C, D = "6101054234", "6102054236", "6103054238", "6104054230"


def load(engine, *lines, invented_allowed=True):
    result = import_cpr(engine, cpr(*lines), invented_allowed=invented_allowed)
    return result.added, result.changed, result.unchanged


def people(engine):
    """Return every person: the current number, all numbers, kommune."""
    with reading(engine) as connection:
        numbers = {}
        for number, person_id in connection.execute(select(cprnummer.c.cprnr, cprnummer.c.person_id)):
            numbers.setdefault(person_id, set()).add(number)
        rows = connection.execute(select(person.c.id, person.c.cprnr, person.c.kommunekode).order_by(person.c.cprnr))
        return [(row.cprnr, numbers[row.id], row.kommunekode) for row in rows]


def refusals(engine, *lines, invented_allowed=True):
    before = people(engine)
    with pytest.raises(FileRefused) as refused:
        import_cpr(engine, cpr(*lines), invented_allowed=invented_allowed)
    assert people(engine) == before
    assert all(line.reason for line in refused.value.result.refused)
    return [(line.number, line.column) for line in refused.value.result.refused]


def add_event(connection, nummer, cprnr):
    holder = select(cprnummer.c.person_id).where(cprnummer.c.cprnr == cprnr).scalar_subquery()
    now = datetime(2026, 8, 1, tzinfo=UTC)
    connection.execute(
        insert(haendelse).values(
            nummer=nummer,
            plads=nummer,
            art="uddannelse",
            person_id=holder,
            cprnr=cprnr,
            service="IndberetningUngdomsuddannelse",
            institution_nummer="461248",
            haendelse_dato=date(2026, 8, 1),
            registreringstid=now,
            kilde_leverandoer="Test",
            gentaget=False,
            annullering=False,
            annulleret=False,
        )
    )


def test_new_persons_get_their_number_and_birthdays(engine):
    assert load(engine, f"{A};Test Ung;01;101;;u@example.dk;12345678") == (1, 0, 0)
    with reading(engine) as connection:
        row = connection.execute(select(person)).one()
    assert (row.cprnr, row.navn, row.status, row.kommunekode, row.mail) == (A, "Test Ung", "01", "101", "u@example.dk")
    assert (row.turns_15, row.turns_30) == (date(2020, 1, 1), date(2035, 1, 1))
    assert people(engine) == [(A, {A}, "101")]


def test_the_same_file_again_changes_nothing(engine):
    lines = (f"{A};Test;60;;{B};;", f"{B};Test;01;101;;;")
    assert load(engine, *lines) == (2, 0, 0)
    assert load(engine, *lines) == (0, 0, 2)


def test_a_move_takes_effect(engine):
    load(engine, f"{A};Test;01;101;;;", f"{B};Anden;01;101;;;")
    assert load(engine, f"{A};Test;01;751;;;", f"{B};Anden;01;101;;;") == (0, 1, 1)
    assert people(engine) == [(A, {A}, "751"), (B, {B}, "101")]


def test_a_changed_number_stays_with_its_person(engine):
    load(engine, f"{A};Test;01;101;;;")
    with writing(engine) as connection:
        add_event(connection, "UDB-1", A)
    assert load(engine, f"{A};;60;;{B};;", f"{B};Test;01;751;;;") == (0, 2, 0)
    assert people(engine) == [(B, {A, B}, "751")]
    with reading(engine) as connection:
        assert connection.execute(select(haendelse.c.cprnr, person.c.cprnr, person.c.turns_15).join(person)).all() == [
            (A, B, date(2020, 2, 1))
        ]


@pytest.mark.parametrize("in_one_file", [True, False])
def test_a_chain_is_followed_to_its_end(engine, in_one_file):
    load(engine, f"{A};Test;01;101;;;")
    first, second = (f"{A};;60;;{B};;", f"{B};Test;01;101;;;"), (f"{B};;60;;{C};;", f"{C};Test;01;751;;;")
    if in_one_file:
        load(engine, first[0], *second)
    else:
        load(engine, *first)
        load(engine, *second)
    assert people(engine) == [(C, {A, B, C}, "751")]
    load(engine, f"{A};;60;;{B};;")
    assert people(engine) == [(C, {A, B, C}, "751")]


def test_two_known_persons_become_one_with_all_their_events_and_the_earliest_subscription(engine):
    load(engine, f"{A};Test;01;101;;;", f"{B};Test;01;751;;;")
    with writing(engine) as connection:
        add_event(connection, "UDB-1", A)
        add_event(connection, "UDB-2", B)
        ids = connection.execute(select(person.c.id).order_by(person.c.cprnr)).scalars().all()
    starts = [date(2026, 1, 1), date(2025, 1, 1)]
    for id_, day in zip(ids, starts, strict=True):
        World(engine).subscribe(id_, day)
    assert load(engine, f"{A};;60;;{B};;") == (0, 1, 0)
    assert people(engine) == [(B, {A, B}, "751")]
    with reading(engine) as connection:
        assert connection.execute(select(haendelse.c.person_id)).scalars().all() == [ids[0], ids[0]]
        assert subscription(connection, ids[0]) == Subscription(date(2025, 1, 1), STAR, "DFDG")
        assert connection.execute(select(func.count()).select_from(abonnement)).scalar_one() == 1


def test_of_two_contacts_the_latest_stands_and_others_stay(engine):
    load(engine, f"{A};Test;01;101;;;", f"{B};Test;01;751;;;")
    with writing(engine) as connection:
        first, second = connection.execute(select(person.c.id).order_by(person.c.cprnr)).scalars().all()
        rows = [
            (first, "281111", "Ældst", 1),
            (second, "281111", "Nyest", 2),
            (first, "281191", "Nyest", 3),
            (second, "281191", "Ældst", 2),
            (second, "281112", "Eneste", 1),
        ]
        for who, number, text, day in rows:
            when = datetime(2026, 1, day, tzinfo=UTC)
            common = {"person_id": who, "institution_nummer": number, "registreringstid": when}
            connection.execute(insert(kontakt).values(**common, art="kommune", navn=text))
            begun = {name: value for name, value in common.items() if name != "registreringstid"}
            connection.execute(insert(kontakt_historik).values(**begun, art="kommune", fra=when))
            connection.execute(insert(onske).values(**common, art="job", nr=day, tekst=text))
    load(engine, f"{A};;60;;{B};;")
    expected = {("281111", "Nyest"), ("281191", "Nyest"), ("281112", "Eneste")}
    with reading(engine) as connection:
        assert set(connection.execute(select(kontakt.c.institution_nummer, kontakt.c.navn))) == expected
        assert set(connection.execute(select(onske.c.institution_nummer, onske.c.tekst))) == expected
        assert set(connection.execute(select(kontakt.c.person_id)).scalars()) == {first}
        assert set(connection.execute(select(kontakt_historik.c.person_id)).scalars()) == {first}
        history = select(kontakt_historik.c.institution_nummer, kontakt_historik.c.til, kontakt_historik.c.afsluttet)
        ended = connection.execute(history.where(kontakt_historik.c.til.is_not(None))).all()
    assert sorted((number, til.day, why) for number, til, why in ended) == [
        ("281111", 2, "erstattet"),
        ("281191", 3, "erstattet"),
    ]


def test_everything_that_refers_to_a_person_goes_over():
    refer = {table for table in metadata.tables.values() for key in table.foreign_keys if key.column is person.c.id}
    assert refer == {*merge.MOVED, *merge.LATEST, *merge.DROPPED, merge.EARLIEST, merge.OWN, bopael} - {modtagelse}
    others = {table for table in metadata.tables.values() if "person_id" in table.columns} - refer
    assert others == {*merge.INCOME, modtagelse, read_log_person}, (
        "the read log keeps the id that was read (person_merged)"
    )


def test_a_line_for_an_old_number_changes_nothing(engine):
    load(engine, f"{A};;60;;{B};;", f"{B};Test;01;101;;;")
    assert load(engine, f"{A};Gammel;01;751;;;") == (0, 0, 1)
    assert people(engine) == [(B, {A, B}, "101")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([f"{A};;60;;{B};;"], [(2, "nyt_cprnr")]),
        ([f"{A};;60;;{A};;"], [(2, "nyt_cprnr")]),
        ([f"{A};;60;;{B};;", f"{B};;60;;{A};;"], [(2, "nyt_cprnr"), (3, "nyt_cprnr")]),
        ([f"{A};;60;;;;"], [(2, "nyt_cprnr")]),
        ([f"{A};;01;101;{B};;", f"{B};;01;101;;;"], [(2, "nyt_cprnr")]),
        ([f"{A};;01;;;;"], [(2, "kommunekode")]),
        ([f"{A};;02;101;;;"], [(2, "status")]),
        ([f"{A};;01;1;;;"], [(2, "kommunekode")]),
        (["610105-1234;;01;101;;;"], [(2, "cprnr")]),
        (["9913051234;;01;101;;;"], [(2, "cprnr")]),
        ([f"{A};;01;101;;;", f"{B};;01;101;;;", f"{A};;01;751;;;"], [(4, "cprnr")]),
        ([f"{A};;01;101;;"], [(2, "")]),
        ([f"{A};a\tb;01;101;;;"], [(2, "navn")]),
    ],
)
def test_a_bad_line_refuses_the_file_and_says_where(engine, lines, expected):
    assert refusals(engine, f"{D};Test;01;101;;;", *lines) == [(n + 1, c) for n, c in expected]


def test_invented_numbers_are_for_the_sandbox_only(engine):
    assert refusals(engine, f"{A};;01;101;;;", invented_allowed=False) == [(2, "cprnr")]
    with pytest.raises(FileRefused) as refused:
        import_cpr(engine, cpr(f"{A};;01;101;;;", "9913051234;;01;101;;;"), invented_allowed=False)
    assert [line.reason.en for line in refused.value.result.refused] == [
        "The CPR number is an invented one (day + 60). Only a sandbox takes it.",
        "The CPR number has no valid date.",
    ]


def test_a_number_that_was_replaced_cannot_be_replaced_by_another(engine):
    load(engine, f"{A};;60;;{B};;", f"{B};Test;01;101;;;", f"{C};Test;01;101;;;")
    assert refusals(engine, f"{A};;60;;{C};;") == [(2, "nyt_cprnr")]


def test_a_change_back_closes_a_circle(engine):
    load(engine, f"{A};;60;;{B};;", f"{B};Test;01;101;;;")
    assert refusals(engine, f"{B};;60;;{A};;") == [(2, "nyt_cprnr")]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (f"{CPR}\n{A};Søren;01;101;;;\n".encode("latin-1") + f"{B};Søren;01;101;;;\n".encode(), 2),
        (f"{CPR}\n{A};Test;01;101;;;12345678".encode(), 2),
        (f"{CPR}\n{A};S\N{LATIN SMALL LETTER O WITH STROKE}".encode()[:-1], 2),
        (f"{CPR}\n{A};".encode() + b"x" * 100_000, 2),
        (b"", 1),
        (f"{A};Test;01;101;;;\n".encode(), 1),
    ],
    ids=["two encodings", "cut off at the end", "cut off in a letter", "endless line", "empty", "no header"],
)
def test_a_damaged_file_is_refused(engine, content, line):
    with pytest.raises(FileRefused) as refused:
        import_cpr(engine, io.BytesIO(content), invented_allowed=True)
    assert {fault.number for fault in refused.value.result.refused} == {line}
    assert people(engine) == []


def test_a_file_as_excel_saves_it_is_taken(engine):
    content = f"sep=;\r\n\r\n{CPR}\r\n{A};Søren Ægidius;01;101;;;\r\n".encode("windows-1252")
    job = catalogue.Job(engine, io.BytesIO(content), {}, sandbox=True, settings=Settings(), progress=silent)
    result = catalogue.run("cpr", job)
    assert (result.added, result.encoding) == (1, "windows-1252")
    with reading(engine) as connection:
        assert connection.execute(select(person.c.navn)).scalar_one() == "Søren Ægidius"
    as_utf_8 = io.BytesIO(content.decode("windows-1252").encode())
    job = catalogue.Job(engine, as_utf_8, {}, sandbox=True, settings=Settings(), progress=silent)
    assert (catalogue.run("cpr", job).encoding, len(people(engine))) == (None, 1)


@pytest.mark.parametrize("status", ["01", "03"])
def test_an_unknown_kommune_of_a_resident_refuses_the_file(world: World, status):
    assert refusals(world.engine, f"{A};Test;01;101;;;", f"{B};Test;{status};102;;;") == [(3, "kommunekode")]
    assert people(world.engine) == []


def test_an_unknown_kommune_of_others_is_taken_and_counted(world: World):
    lines = (f"{A};Test;80;102;;;", f"{B};Test;07;957;;;", f"{C};Test;20;101;;;", f"{D};Test;01;411;;;")
    result = import_cpr(world.engine, cpr(*lines), invented_allowed=True)
    assert (result.read, result.added, result.unknown_kommune) == (4, 4, 3)
    assert result.to_json("da")["unknown_kommune"] == 3
    assert import_cpr(world.engine, cpr(lines[2]), invented_allowed=True).unknown_kommune is None


def test_the_reading_of_a_wholly_wrong_file_ends(engine):
    with pytest.raises(FileRefused) as refused:
        import_cpr(engine, cpr(*["x;;01;101;;;"] * 5000), invented_allowed=True)
    assert len(refused.value.result.refused) == 1000


def test_more_persons_than_one_batch(engine):
    lines = [f"6101{year:02}{serial:04};Test;01;101;;;" for year in range(5, 8) for serial in range(4000, 4900)]
    assert load(engine, *lines) == (2700, 0, 0)
    assert load(engine, *lines) == (0, 0, 2700)
