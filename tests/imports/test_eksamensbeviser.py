"""Eksamensdatabasen (V 1.3): its diplomas, and what follows from them for a gennemført and for the level."""

import io
import threading
from datetime import date

import pytest
from sqlalchemy import select

from tests.access.clauses import DONE, STX, YOUNG, cancel, look_up, send
from tests.imports.csvs import EKSAMENSBEVISER, eksamensbeviser
from tests.support.endpoint import codes
from tests.support.world import DEPARTMENT, EUD_SCHOOL, GYMNASIUM, KOMMUNE
from udb.domain.errors import WrongUse
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.imports.eksamensbeviser import import_eksamensbeviser
from udb.imports.result import FileRefused
from udb.store.engine import writing
from udb.store.persons import lock_person
from udb.store.tables import haendelse_raad
from udb.store.tables.beviser import eksamensbevis, eksamenslevering

OTHER = "7103065124"
DIPLOMA = f"{YOUNG};{GYMNASIUM};3009;2026-06-26"


def load(world, *lines, til=None):
    result = import_eksamensbeviser(world.engine, eksamensbeviser(*lines), til=til, invented_allowed=True)
    return result.added, result.unchanged, result.skipped


def advised(world):
    """Return the events that carry 5007."""
    with world.engine.connect() as connection:
        query = select(haendelse_raad.c.nummer).where(haendelse_raad.c.fejl_kode == "5007")
        return set(connection.execute(query).scalars())


def stored(world):
    with world.engine.connect() as connection:
        return connection.execute(select(eksamensbevis)).all()


def level(endpoint, cprnr=YOUNG):
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=cprnr)["HaendelserUng"]
    return ung["AfsluttetUddannelsesNiveau"]


@pytest.fixture(autouse=True)
def youths(world):
    return [world.person(cprnr) for cprnr in (YOUNG, OTHER)]


def test_a_file_adds_its_diplomas_once_and_leaves_out_whom_nobody_knows(world, youths):
    unknown = f"7103065999;{GYMNASIUM};3009;2026-06-26"
    assert load(world, DIPLOMA, f"{OTHER};461998;3017;2026-06-26", unknown) == (2, 0, 1)
    assert [row.person_id for row in sorted(stored(world))] == youths
    assert load(world, DIPLOMA, DIPLOMA, f"{YOUNG};{GYMNASIUM};3009;2026-06-27") == (1, 2, 0)
    assert len(stored(world)) == 3


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"710306512;{GYMNASIUM};3009;2026-06-26", "cprnr"),
        (f"7113065123;{GYMNASIUM};3009;2026-06-26", "cprnr"),
        (f"{YOUNG};46124;3009;2026-06-26", "institutionsnummer"),
        (f"{YOUNG};{GYMNASIUM};8888;2026-06-26", "cosa_formaal"),
        (f"{YOUNG};{GYMNASIUM};;2026-06-26", "cosa_formaal"),
        (f"{YOUNG};{GYMNASIUM};3009;26-06-2026", "dato"),
        (f"{YOUNG};{GYMNASIUM};3009;2026-02-30", "dato"),
        (f"{YOUNG};{GYMNASIUM};3009;2026-08-11", "dato"),
        (f"{YOUNG};{GYMNASIUM};3009", ""),
    ],
)
def test_a_bad_line_refuses_the_file(world, endpoint, line, column):
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-06-26", **STX, **DONE)
    with pytest.raises(FileRefused) as refused:
        load(world, DIPLOMA, line, til="2026-08-01")
    assert [(fault.number, fault.column) for fault in refused.value.result.refused] == [(3, column)]
    assert (stored(world), advised(world), sent in look_up(endpoint, YOUNG)) == ([], set(), True)
    with world.engine.connect() as connection:
        assert connection.execute(select(eksamenslevering)).all() == []


def test_a_cut_off_file_is_refused_and_so_is_one_in_latin_1(world):
    cut_off = eksamensbeviser(DIPLOMA).getvalue()[:-1]
    for content in (cut_off, f"{EKSAMENSBEVISER}\n{YOUNG};Ærø;3009;2026-06-26\n".encode("latin-1")):
        with pytest.raises(FileRefused):
            import_eksamensbeviser(world.engine, io.BytesIO(content), invented_allowed=True)
    assert stored(world) == []


def test_invented_numbers_are_for_the_sandbox_alone(world):
    with pytest.raises(FileRefused) as refused:
        import_eksamensbeviser(world.engine, eksamensbeviser(DIPLOMA), invented_allowed=False)
    assert [line.reason.da for line in refused.value.result.refused] == [
        "CPR-nummeret er opdigtet (dag + 60). Det kan kun bruges i en sandkasse."
    ]


@pytest.mark.parametrize("til", ["2026-08-11", "2026-8-1", "", "i dag"])
def test_delivered_up_to_no_day_or_one_to_come_is_wrong_use(world, til):
    with pytest.raises(WrongUse):
        load(world, DIPLOMA, til=til)
    assert stored(world) == []


def test_the_diploma_counts_for_the_level_and_not_for_access(world, endpoint):
    """F065, F158: the highest of completions and diplomas counts; the feed is that of a youth who has completed
    nothing.
    """
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-10", **STX)
    assert level(endpoint) == "Uddannelsespligt"
    load(world, DIPLOMA)
    assert (level(endpoint), level(endpoint, OTHER)) == ("Ungdomsuddannelse", "Uddannelsespligt")
    load(world, f"{YOUNG};{EUD_SCHOOL};9100;2026-06-26", f"{YOUNG};{EUD_SCHOOL};3016;2026-07-26")
    assert level(endpoint) == "Erhvervskompetencegivende uddannelse"
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert [event["HaendelseNummer"] for event in ung["HaendelseUddannelsesForloeb"]] == [sent]
    assert ung["AfsluttetUddannelsesNiveau"] == "Erhvervskompetencegivende uddannelse"


def test_what_is_delivered_judges_every_gennemfoert_again(world, endpoint):
    """F066: the state is stored with the event."""
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-06-26", **STX, **DONE)
    other = send(endpoint, UNGDOMSUDDANNELSE, OTHER, "2026-07-26", **STX, **DONE)
    assert advised(world) == set()
    load(world, til="2026-06-30")
    assert advised(world) == {sent}
    load(world, DIPLOMA, til="2026-07-31")
    assert advised(world) == {other}
    load(world, til="2026-06-01")
    assert advised(world) == {other}, "what was delivered stays delivered"
    load(world, f"{OTHER};{DEPARTMENT};3009;2026-05-27")
    assert advised(world) == set()


def test_what_was_advised_at_the_report_goes_when_the_diploma_comes(world, endpoint):
    load(world, til="2026-08-01")
    send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2024-08-10", **STX)
    report = {"CPRNr": YOUNG, "InstitutionNummer": GYMNASIUM, "HaendelseDato": "2026-06-26T00:00:00"}
    report |= {**STX, **DONE, "KildeLeverandoer": "LUDUS", "Annullering": False}
    receipt = endpoint.report(UNGDOMSUDDANNELSE, report)
    assert (receipt["Resultat"], codes(receipt)) == ("Accepteret", {"5007"})
    assert advised(world) == {receipt["HaendelseNummer"]}
    load(world, DIPLOMA)
    assert advised(world) == set()
    cancel(endpoint, UNGDOMSUDDANNELSE, YOUNG, receipt["HaendelseNummer"], **STX)
    assert codes(endpoint.report(UNGDOMSUDDANNELSE, report)) == set()


def test_the_register_of_institutions_decides_at_the_next_delivery(world, endpoint):
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-06-26", **STX, **DONE)
    load(world, f"{YOUNG};{DEPARTMENT};3009;2026-06-26", til="2026-08-01")
    assert advised(world) == set()
    world.institution(DEPARTMENT, type3="1061")
    load(world)
    assert advised(world) == {sent}


def test_a_diploma_of_a_replaced_number_counts_for_the_person(world, endpoint, youths):
    sent = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-06-26", **STX, **DONE)
    world.change_number(YOUNG, "7103065900")
    load(world, til="2026-08-01")
    assert advised(world) == {sent}
    load(world, DIPLOMA)
    assert advised(world) == set()
    load(world, f"{OTHER};{EUD_SCHOOL};9100;2026-06-26")
    world.change_number("7103065900", OTHER)
    assert level(endpoint, OTHER) == "Erhvervskompetencegivende uddannelse"
    assert {row.person_id for row in stored(world)} == {youths[0]}


def test_a_report_in_the_making_is_judged_by_what_was_delivered_meanwhile(world, endpoint):
    """On PostgreSQL the import goes on while a report waits; SQLite has one writer at a time."""
    if world.engine.dialect.name == "sqlite":
        return
    answers = []
    report = {"CPRNr": YOUNG, "InstitutionNummer": GYMNASIUM, "HaendelseDato": "2026-06-26T00:00:00"}
    report |= {**STX, **DONE, "KildeLeverandoer": "LUDUS", "Annullering": False}
    thread = threading.Thread(target=lambda: answers.append(endpoint.report(UNGDOMSUDDANNELSE, report)))
    with writing(world.engine) as connection:
        lock_person(connection, YOUNG)
        thread.start()
        thread.join(0.5)
        load(world, til="2026-08-01")
    thread.join(10)
    assert codes(answers[0]) == {"5003", "5007"}
    assert advised(world) == {answers[0]["HaendelseNummer"]}


def test_many_youths_are_judged_some_at_a_time(world, endpoint, monkeypatch):
    monkeypatch.setattr("udb.recheck.beviser._PERSONS", 2)
    youths = [f"710306{number}" for number in range(5200, 5205)]
    sent = set()
    for cprnr in youths:
        world.person(cprnr)
        sent.add(send(endpoint, UNGDOMSUDDANNELSE, cprnr, "2026-06-26", **STX, **DONE))
    load(world, til=str(date(2026, 8, 1)))
    assert advised(world) == sent
    load(world, *(f"{cprnr};{GYMNASIUM};3009;2026-06-26" for cprnr in youths))
    assert advised(world) == set()
