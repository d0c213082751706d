"""``udb import eindkomst``: valid files, refusals and where they point, and runs that can be stopped anywhere."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import event, func, insert, literal, select, text, update
from sqlalchemy.schema import CreateTable

from tests.imports.csvs import cpr, csv
from tests.support.database import in_use
from tests.support.world import GYMNASIUM, World
from udb.beskaeftigelse import run, write_events
from udb.beskaeftigelse.serie import go_on
from udb.domain.errors import DatabaseUnavailable, UdbRefused, WrongUse
from udb.domain.haendelse import BESKAEFTIGELSE, SOCIAL_YDELSE
from udb.domain.kodesaet import COSA
from udb.imports import eindkomst
from udb.imports.catalogue import Job
from udb.imports.catalogue import run as run_import
from udb.imports.cpr import import_cpr
from udb.imports.eindkomst import import_eindkomst
from udb.imports.result import FileRefused, silent
from udb.recheck.recheck import Summary, recheck
from udb.settings import Settings
from udb.store.codes import load_codes
from udb.store.engine import make_engine, reading, writing
from udb.store.events import events_by_person
from udb.store.tables import counter, haendelse, kodesaet, person, person_merged
from udb.store.tables.indkomst import WAITING, indkomst, indkomst_venter, indkomstmaaned, indkomstserie
from udb.store.visible import refresh, worked_out

HEADER = "cprnr;maaned;indberetter;indtaegtsart;beloeb"
ANNA, BO, CAJA = "6101044501", "6101044502", "6101044503"
DORTE = "6101044504"
UNKNOWN = "6101044599"
TABLES = (indkomst, indkomstmaaned, indkomstserie, *WAITING, haendelse, person_merged)


def line(cprnr, amount="5000.00", month="2026-06", kind="00", employer="11111111"):
    return f"{cprnr};{month};{employer};{kind};{amount}"


@pytest.fixture
def youths(world: World):
    for cprnr in (ANNA, BO, CAJA):
        world.person(cprnr)
    return world.engine


def load(engine, *lines, maaned="2026-06"):
    result = import_eindkomst(engine, csv(HEADER, *lines), maaned=maaned)
    return result.added, result.changed, result.unchanged, result.skipped, result.events


def stored(engine):
    with reading(engine) as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in TABLES}


def events_of(engine):
    """Return every event as person, day, value; in the order of their numbers."""
    query = select(
        person.c.cprnr,
        haendelse.c.haendelse_dato,
        func.coalesce(haendelse.c.status_beskaeftigelse, "ydelse"),
        haendelse.c.beskaeftigelsesgrad,
        haendelse.c.udgaaet,
    ).join(person)
    with reading(engine) as connection:
        events = query.where(haendelse.c.art.in_((BESKAEFTIGELSE, SOCIAL_YDELSE))).order_by(haendelse.c.nummer)
        return [(row[0], str(row[1]), *row[2:]) for row in connection.execute(events)]


def refusals(engine, content, maaned="2026-06"):
    before = stored(engine)
    with pytest.raises(FileRefused) as refused:
        import_eindkomst(engine, io.BytesIO(content), maaned=maaned)
    assert stored(engine) == before
    assert all(one.reason for one in refused.value.result.refused)
    return [(one.number, one.column) for one in refused.value.result.refused]


GOOD = f"{HEADER}\n{line(ANNA)}\n{line(BO)}\n"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\N{ZERO WIDTH NO-BREAK SPACE}" + GOOD,
        GOOD.replace(";", ","),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(";00;", ';"00";'),
        GOOD.replace(";", " ; "),
        GOOD.replace("\n", "\n\n"),
        f"beloeb;indtaegtsart;cprnr;maaned;indberetter\n5000.00;00;{ANNA};2026-06;1\n5000.00;00;{BO};2026-06;1\n",
    ],
)
def test_a_file_is_understood_however_it_is_written(youths, text):
    result = import_eindkomst(youths, io.BytesIO(text.encode()), maaned="2026-06")
    assert (result.read, result.added, result.events) == (2, 2, 2)


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        (line(ANNA, month="2026-05"), "maaned"),
        (line(ANNA, month="2026-13"), "maaned"),
        (line(ANNA, kind="9999"), "indtaegtsart"),
        (line(ANNA, kind="0003"), "indtaegtsart"),
        (line(ANNA, amount="5000"), "beloeb"),
        (line(ANNA, amount="5.000,00"), "beloeb"),
        (line(ANNA, amount="1e3"), "beloeb"),
        (line(ANNA, amount="NaN"), "beloeb"),
        (line(ANNA, amount=""), "beloeb"),
        (line("610104-4501"), "cprnr"),
        (line("x"), "cprnr"),
        (line(ANNA, employer=""), "indberetter"),
        (f"{ANNA};2026-06;1;00", ""),
        ('"', ""),
    ],
)
def test_a_wrong_line_refuses_the_file(youths, bad, column):
    assert refusals(youths, f"{HEADER}\n{line(BO)}\n{bad}\n{line(CAJA)}\n".encode())[0] == (3, column)


def test_a_month_of_another_file_is_refused_in_words(youths):
    for month in ("202606", "2026-6", "2026-13", "2026-05"):
        with pytest.raises(FileRefused) as refused:
            load(youths, line(ANNA, month=month))
        (fault,) = refused.value.result.refused
        assert (fault.number, fault.column) == (2, "maaned")
        assert fault.reason.da == "Her skal stå 2026-06, som filen er for."
        assert fault.reason.en == "Write 2026-06, which the file is of, here."


def test_empty_lines_and_excels_own_line_before_the_header(youths):
    assert load(youths, line(ANNA))[0] == 1
    for before in ("\n", "sep=;\n", "\r\n;;;;\r\nsep=;\r\n", "\ufeff\n"):
        content = io.BytesIO(f"{before}{HEADER}\n{line(ANNA)}\n".encode())
        assert import_eindkomst(youths, content, maaned="2026-06").unchanged == 1


def test_latin_1_a_cut_off_line_and_a_bad_header(youths):
    bad = b"6101044502;2026-06;\xe6;00;1.00\n"
    assert refusals(youths, f"{HEADER}\n{line(ANNA)}\n".encode() + bad) == [(3, "indberetter")]
    assert refusals(youths, f"{HEADER}\n{line(ANNA)}\næ\n".encode() + bad) == [(3, ""), (4, "")]
    assert refusals(youths, f"{HEADER}\n{line(ANNA)}\n{line(BO)[:-3]}".encode()) == [(3, "")]
    assert refusals(youths, f"{HEADER}\n{line(ANNA)}\n{line(BO)}".encode()) == [(3, "")]
    assert refusals(youths, b"") == [(1, name) for name in HEADER.split(";")]
    assert refusals(youths, f"{HEADER};mere\n".encode()) == [(1, "")]


def test_the_same_key_twice_refuses_the_file_whoever_it_is_of(youths):
    for cprnr in (ANNA, UNKNOWN):
        lines = (line(cprnr), line(BO), line(cprnr, amount="1.00"), line(cprnr))
        assert refusals(youths, csv(HEADER, *lines).read()) == [(4, "cprnr"), (5, "cprnr")]
    lines = (line(ANNA), line(ANNA, employer="2"), line(ANNA, kind="0041"))
    assert load(youths, *lines)[0] == 3


def test_the_reading_of_a_wholly_wrong_file_ends(youths):
    assert len(refusals(youths, csv(HEADER, *["x;;;;"] * 5000).read())) == 1000


def test_who_is_not_in_the_register_or_not_15_to_24_is_skipped(youths):
    World(youths).person("6101005504")
    assert load(youths, line(ANNA), line(UNKNOWN), line("6101005504")) == (1, 0, 0, 2, 1)


def test_a_second_run_of_the_same_file_creates_nothing(youths):
    lines = (line(ANNA), line(BO, kind="0041"), line(CAJA, amount="20000.00"))
    assert load(youths, *lines) == (3, 0, 0, 0, 3)
    before = stored(youths)
    assert load(youths, *lines) == (0, 0, 3, 0, 0)
    assert stored(youths) == before
    assert load(youths, *lines[:2], line(CAJA, amount="20000.01")) == (0, 1, 2, 0, 0)


def test_a_correction_touches_its_own_youths_alone(youths):
    load(youths, line(ANNA, month="2026-05"), line(BO, month="2026-05"), maaned="2026-05")
    World(youths).person(BO, status="80")
    assert load(youths, line(ANNA, "0.00", month="2026-05"), line(CAJA, month="2026-05"), maaned=None) == (
        1,
        1,
        0,
        0,
        2,
    )
    assert [one[:3] for one in events_of(youths)][2:] == [
        (ANNA, "2026-05-31", "Ikke beskaeftiget"),
        (CAJA, "2026-05-31", "Deltidsbeskaeftiget"),
    ]


def test_a_correction_of_a_month_that_is_not_delivered_is_refused(youths):
    assert refusals(youths, csv(HEADER, line(ANNA)).read(), maaned=None) == [(2, "maaned")]
    load(youths, line(UNKNOWN), maaned="2026-06")
    assert refusals(youths, csv(HEADER, line(ANNA), line(ANNA, month="2026-05")).read(), maaned=None) == [(3, "maaned")]


def test_a_kind_of_income_must_hold_in_the_month_that_is_corrected(youths):
    for month in ("2016-12", "2017-01"):
        load(youths, line(UNKNOWN, month=month), maaned=month)
    lines = (line(ANNA, month="2016-12", kind="0003"), line(ANNA, month="2017-01", kind="0003"))
    assert refusals(youths, csv(HEADER, *lines).read(), maaned=None) == [(3, "indtaegtsart")]


def test_an_old_number_counts_for_the_person(youths):
    new = "6102044501"
    World(youths).change_number(ANNA, new)
    assert load(youths, line(ANNA, "8000.00"), line(new, "8848.00")) == (2, 0, 0, 0, 1)
    assert events_of(youths) == [(new, "2026-06-30", "Fuldtidsbeskaeftiget", 81, False)]


def test_a_correction_under_the_new_number_replaces_a_line_under_the_old_one(youths):
    """Sources.md 1: a replaced number counts for the person."""
    assert load(youths, line(ANNA, "5000.00")) == (1, 0, 0, 0, 1)
    import_cpr(youths, cpr(f"{ANNA};;60;;{DORTE};;", f"{DORTE};;01;101;;;"), invented_allowed=True)
    assert load(youths, line(DORTE, "6000.00"), maaned=None)[:4] == (0, 1, 0, 0)
    assert load(youths, line(DORTE, "6000.00"), maaned=None)[:4] == (0, 0, 1, 0)
    with reading(youths) as connection:
        assert connection.execute(select(indkomst.c.cprnr, indkomst.c.oere)).all() == [(DORTE, 600000)]


def test_a_month_that_another_import_has_loaded_and_not_calculated(youths, monkeypatch):
    """The second import comes when the first has stored its lines and not yet calculated any series."""
    with monkeypatch.context() as stopped:
        stopped.setattr(eindkomst, "calculate", lambda *_: 0)
        load(youths, line(ANNA))
        load(youths, line(ANNA), line(BO))
    assert load(youths, line(ANNA), line(BO))[:4] == (0, 0, 2, 0)
    assert [one[0] for one in events_of(youths)] == [ANNA, BO]


def months_of_series(engine):
    """Return the series: person, first month, the month after the last, status."""
    query = select(person.c.cprnr, indkomstserie.c.fra, indkomstserie.c.til, indkomstserie.c.status).order_by(
        person.c.cprnr, indkomstserie.c.fra
    )
    with reading(engine) as connection:
        rows = connection.execute(query.join(person, person.c.id == indkomstserie.c.person_id))
        return [(row.cprnr, f"{row.fra:%Y-%m}", _until(row.til), row.status) for row in rows]


def _until(last):
    return f"{last + timedelta(days=1):%Y-%m}" if last < date.max else ""


@pytest.fixture
def june_is_not_in_the_series(youths, monkeypatch):
    """June with series that are calculated and not written: another status than May for ANNA, a first one for BO; CAJA
    has left.
    """
    load(youths, line(ANNA, month="2026-05"), line(CAJA, month="2026-05"), maaned="2026-05")
    import_cpr(youths, cpr(f"{CAJA};;80;;;;"), invented_allowed=True)
    with monkeypatch.context() as stopped:
        stopped.setattr(eindkomst, "calculate", lambda *_: 0)
        load(youths, line(ANNA, "17000.00"), line(BO))
    assert len(stored(youths)["indkomstserie_ny"]) == 3
    return youths


AFTER_JUNE = [
    (ANNA, "2026-05", "2026-06", 1),
    (ANNA, "2026-06", "", 2),
    (BO, "2026-05", "2026-06", 0),
    (BO, "2026-06", "", 1),
    (CAJA, "2026-05", "2026-06", 1),
]


def test_the_next_import_goes_on_with_series_that_are_not_written(june_is_not_in_the_series, monkeypatch):
    """The next import comes between another's loading and its writing of events; July repeats May for ANNA."""
    youths = june_is_not_in_the_series
    monkeypatch.setattr(eindkomst, "calculate", lambda *_: 0)
    World(youths).clock("2026-08-10T08:00:00")
    load(youths, line(ANNA, month="2026-07"), line(BO, month="2026-07"), maaned="2026-07")
    assert run.calculate(youths) == 3
    assert months_of_series(youths) == [
        AFTER_JUNE[0],
        (ANNA, "2026-06", "2026-07", 2),
        (ANNA, "2026-07", "", 1),
        *AFTER_JUNE[2:],
    ]


def test_corrections_find_series_that_are_not_written(june_is_not_in_the_series, monkeypatch):
    youths = june_is_not_in_the_series
    with monkeypatch.context() as stopped:
        stopped.setattr(eindkomst, "calculate", lambda *_: 0)
        load(youths, line(BO, month="2026-05"), maaned=None)
    assert run.calculate(youths) == 2
    assert months_of_series(youths) == [*AFTER_JUNE[:2], (BO, "2026-05", "2026-06", 1), *AFTER_JUNE[3:]]


def test_two_who_became_one_before_their_series_were_written(june_is_not_in_the_series):
    youths = june_is_not_in_the_series
    import_cpr(youths, cpr(f"{ANNA};;60;;{BO};;", f"{BO};;01;101;;;"), invented_allowed=True)
    assert months_of_series(youths) == [
        (BO, "2026-05", "2026-06", 1),
        (BO, "2026-06", "", 2),
        AFTER_JUNE[4],
    ]
    assert len(stored(youths)["indkomstserie"]) == 3


def test_a_correction_that_was_not_calculated_and_series_that_were_not_written(june_is_not_in_the_series):
    youths = june_is_not_in_the_series
    with writing(youths) as connection:
        waits = select(literal(date(2026, 5, 31)), person.c.id).where(person.c.cprnr == BO)
        connection.execute(insert(indkomst_venter).from_select(["fra", "person_id"], waits))
    run.calculate(youths)
    assert months_of_series(youths) == AFTER_JUNE


def test_two_runs_at_a_time_go_on_with_the_series_once(june_is_not_in_the_series):
    youths = june_is_not_in_the_series
    if youths.dialect.name == "sqlite":
        pytest.skip("has one writer at a time")
    with ThreadPoolExecutor(1) as other:
        with writing(youths) as connection:
            go_on(connection)
            second = other.submit(run._go_on, youths)
            with pytest.raises(TimeoutError):
                second.result(0.3)
        second.result()
    assert months_of_series(youths) == AFTER_JUNE
    assert stored(youths)["indkomstserie_ny"] == []


def test_series_that_could_not_be_written_beside_the_telling_are_written_after_it(
    june_is_not_in_the_series, monkeypatch
):
    youths = june_is_not_in_the_series
    calls = []

    def fails_once(connection):
        calls.append(connection)
        if len(calls) == 1:
            raise Killed
        go_on(connection)

    monkeypatch.setattr(run, "go_on", fails_once)
    if youths.dialect.name == "sqlite":
        calls.append(None)
    run.calculate(youths)
    assert len(calls) == 2
    assert months_of_series(youths) == AFTER_JUNE


def test_postgresql_has_seen_the_lines_before_it_plans_the_pass(youths, monkeypatch):
    """PostgreSQL expects one row of lines that it has not analysed, and then works through them in one process."""
    if youths.dialect.name == "sqlite":
        pytest.skip("looks at no table before it plans")
    seen = []
    expected = text("SELECT reltuples FROM pg_class WHERE oid = 'indkomst'::regclass")
    find = eindkomst.month_diff.find

    def watched(connection, month):
        seen.append(connection.execute(expected).scalar_one())
        find(connection, month)

    monkeypatch.setattr(eindkomst.month_diff, "find", watched)
    load(youths, line(ANNA), line(BO), line(BO, employer="2"))
    assert seen == [3]


def test_a_month_is_over_the_day_after_its_last(world: World, youths):
    world.clock("2026-06-30T12:00:00")
    with pytest.raises(UdbRefused, match="ikke slut"):
        load(youths, line(ANNA))
    world.clock("2026-07-01T00:00:00")
    assert load(youths, line(ANNA))[:4] == (1, 0, 0, 0)


def test_two_who_become_one_have_the_income_of_both(youths):
    """Earlier events of either count as the remaining person's; the income of both together is calculated in every
    month.
    """
    load(youths, line(ANNA, "9000.00", month="2026-05"), line(BO, "8000.00", month="2026-05"), maaned="2026-05")
    load(youths, line(BO, "8000.00"), maaned="2026-06")
    import_cpr(youths, cpr(f"{ANNA};;60;;{BO};;"), invented_allowed=True)
    assert events_of(youths) == [
        (BO, "2026-05-31", "Deltidsbeskaeftiget", 43, True),
        (BO, "2026-05-31", "Deltidsbeskaeftiget", 38, True),
        (BO, "2026-06-30", "Ikke beskaeftiget", 0, True),
        (BO, "2026-05-31", "Fuldtidsbeskaeftiget", 81, False),
        (BO, "2026-06-30", "Deltidsbeskaeftiget", 38, False),
    ]
    before = stored(youths)
    assert load(youths, line(BO, "8000.00"), maaned="2026-06")[4] == 0
    assert stored(youths) == before


def test_two_who_become_one_before_any_month(youths):
    import_cpr(youths, cpr(f"{ANNA};;60;;{BO};;"), invented_allowed=True)
    assert load(youths, line(ANNA), line(BO))[4] == 1


class Killed(Exception):
    """Ends the process here."""


@pytest.mark.parametrize("at", ["_store", "_delivered"])
def test_a_run_that_is_killed_goes_on_and_ends_in_the_same_state(youths, monkeypatch, at):
    monkeypatch.setattr(run, "MOST_NUMBERS", 2)
    lines = [line(cprnr) for cprnr in (ANNA, BO, CAJA)] + [line(CAJA, kind="0041")]
    original, calls = getattr(run, at), []

    def kill(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        return original(*arguments)

    monkeypatch.setattr(run, at, kill)
    with pytest.raises(Killed):
        load(youths, *lines)
    monkeypatch.setattr(run, at, original)
    assert stored(youths)["haendelse"]
    with reading(youths) as connection:
        assert connection.execute(select(indkomstmaaned.c.leveret)).scalar_one() is None
    load(youths, *lines)
    assert [one[:3] for one in events_of(youths)] == [
        (ANNA, "2026-06-30", "Deltidsbeskaeftiget"),
        (BO, "2026-06-30", "Deltidsbeskaeftiget"),
        (CAJA, "2026-06-30", "Deltidsbeskaeftiget"),
        (CAJA, "2026-06-30", "ydelse"),
    ]
    before = stored(youths)
    assert before["indkomst_venter"] == before["indkomst_nyt"] == before["indkomstserie_ny"] == []
    assert load(youths, *lines)[4] == 0
    assert stored(youths) == before


def test_two_who_became_one_in_an_import_that_was_killed_before_it_calculated(youths, monkeypatch):
    load(youths, line(ANNA, "9000.00"), line(BO, "8000.00"))
    merger = f"{ANNA};;60;;{BO};;", f"{BO};;01;101;;;"
    with monkeypatch.context() as stopped:
        stopped.setattr("udb.imports.cpr.calculate", lambda *_: 0)
        import_cpr(youths, cpr(*merger), invented_allowed=True)
    import_cpr(youths, cpr(*merger), invented_allowed=True)
    assert events_of(youths)[2:] == [(BO, "2026-06-30", "Fuldtidsbeskaeftiget", 81, False)]


def test_two_who_became_one_while_a_month_was_told_in_an_import_that_was_killed(youths, monkeypatch):
    """The remaining person has a series before the month counts as delivered."""
    merger = f"{ANNA};;60;;{BO};;", f"{BO};;01;101;;;"
    original, delivered = run._delivered, []

    def tell(engine):
        yield from run_tell(engine)
        if stored(engine)["person_merged"] == []:
            with monkeypatch.context() as stopped:
                stopped.setattr("udb.imports.cpr.calculate", lambda *_: 0)
                import_cpr(engine, cpr(*merger), invented_allowed=True)

    def deliver(connection):
        delivered.append(connection.execute(select(func.count()).select_from(indkomst_venter)).scalar_one())
        original(connection)

    run_tell = run._tell
    monkeypatch.setattr(run, "_tell", tell)
    monkeypatch.setattr(run, "_delivered", deliver)
    load(youths, line(ANNA, "9000.00"), line(BO, "8000.00"))
    assert set(delivered) == {0}
    assert months_of_series(youths)[0] == (BO, "2026-06", "", 2)


@contextmanager
def killed_at(engine, statement):
    """End the process before the statement with that number; the yielded count is above 0 when it was not reached."""
    left = [statement]

    def count(*_):
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield left
    finally:
        event.remove(engine, "before_cursor_execute", count)


def a_year_of_news(engine, run_one):
    """Import months, one late, one repeated, with corrections, and a merger of two persons in the middle."""
    may, april = "2026-05", "2026-04"
    for lines, maaned in (
        ((line(ANNA, month=may), line(BO, "20000.00", month=may), line(UNKNOWN, month=may)), may),
        ((line(ANNA, "17000.00"), line(BO), line(CAJA, kind="0041")), "2026-06"),
        ((line(ANNA, month=april), line(CAJA, "12000.00", month=april)), april),
        ((line(ANNA, "0.00", month=may), line(CAJA, month=april)), None),
        ((line(ANNA), line(CAJA, "3000.00")), "2026-06"),
    ):
        run_one(lambda lines=lines, maaned=maaned: load(engine, *lines, maaned=maaned))
        if maaned == april:
            changes = (f"{ANNA};;60;;{BO};;", f"{CAJA};;60;;{DORTE};;", *(f"{one};;01;101;;;" for one in (BO, DORTE)))
            run_one(lambda: import_cpr(engine, cpr(*changes), invented_allowed=True))  # noqa: B023 - called at once
            assert not stored(engine)["indkomst_venter"]


def test_killed_again_and_again(youths, databases, monkeypatch):
    """Kill the import at one statement after the other and run it again each time: the end is the same as without."""
    monkeypatch.setattr(run, "MOST_NUMBERS", 2)

    def until_it_ends(import_):
        for statement in range(1, 1000, 4):
            with killed_at(youths, statement) as left, suppress(Killed):
                import_()
            if left[0] > 0:
                return
        pytest.fail("it never ends")

    a_year_of_news(youths, until_it_ends)
    with databases.migrated() as url:
        calm = make_engine(url)
        world = World(calm)
        world.build()
        for cprnr in (ANNA, BO, CAJA):
            world.person(cprnr)
        a_year_of_news(calm, lambda import_: import_())
        assert events_of(calm) == events_of(youths)
        assert {**stored(calm), "haendelse": []} == {**stored(youths), "haendelse": []}
        calm.dispose()


def test_no_more_numbers_at_a_time_than_a_bulk_run_may_draw(youths, monkeypatch):
    drawn = []
    original = write_events.draw
    monkeypatch.setattr(run, "MOST_NUMBERS", 2)
    monkeypatch.setattr(write_events, "draw", lambda *said: drawn.append(said[2]) or original(*said))
    load(
        youths, *(line(cprnr) for cprnr in (ANNA, BO, CAJA)), *(line(cprnr, kind="0041") for cprnr in (ANNA, BO, CAJA))
    )
    assert drawn == [2, 2, 2]


def test_nothing_of_a_youth_is_left_in_a_table_of_the_connections_own(youths):
    load(youths, line(ANNA), line(BO))
    with writing(youths) as connection:
        connection.execute(CreateTable(write_events.GATHERED, if_not_exists=True))
        assert connection.execute(select(write_events.GATHERED)).all() == []


def test_two_runs_at_a_time_tell_everything_once(youths, monkeypatch):
    lines = [line(cprnr, kind=kind) for cprnr in (ANNA, BO, CAJA) for kind in ("00", "0041")]
    with monkeypatch.context() as stopped:
        stopped.setattr(eindkomst, "calculate", lambda *_: 0)
        load(youths, *lines)
    monkeypatch.setattr(run, "MOST_NUMBERS", 2)
    # Both have chosen the first youth before either writes.
    together = Barrier(2)
    original, chosen = run.lock_persons, []

    def lock(connection, ids):
        chosen.append(ids)
        if youths.dialect.name == "postgresql" and len(chosen) <= 2:
            together.wait(10)
        original(connection, ids)

    monkeypatch.setattr(run, "lock_persons", lock)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(lambda: sum(events for events, _ in run._tell(youths))) for _ in range(2)]
        assert sum(one.result() for one in runs) == len(lines)
    if youths.dialect.name == "postgresql":
        assert chosen[0] == chosen[1]
    assert [(cprnr, value == "ydelse") for cprnr, _, value, *_ in events_of(youths)] == [
        (cprnr, benefit) for cprnr in (ANNA, BO, CAJA) for benefit in (False, True)
    ]
    assert stored(youths)["indkomst_nyt"] == []


def test_an_event_that_cannot_be_stored_stops_the_run_and_the_next_goes_on(youths, monkeypatch):
    monkeypatch.setattr(run, "MOST_NUMBERS", 1)
    original = run._store

    def fails(connection, batch):
        if len(events_of(youths)) == 1:
            raise Killed
        return original(connection, batch)

    monkeypatch.setattr(run, "_store", fails)
    with pytest.raises(Killed):
        load(youths, *(line(cprnr) for cprnr in (ANNA, BO, CAJA)))
    monkeypatch.setattr(run, "_store", original)
    assert in_use(youths) == 0
    assert run.calculate(youths) in {1, 2}
    assert sorted(cprnr for cprnr, *_ in events_of(youths)) == [ANNA, BO, CAJA]


def test_why_a_batch_could_not_be_stored_is_told_before_the_wait_for_the_next(youths, monkeypatch):
    if youths.dialect.name == "sqlite":
        pytest.skip("begins no batch while one is stored")
    monkeypatch.setattr(run, "MOST_NUMBERS", 1)
    original, batches = run.lock_persons, []

    def fails(*_):
        raise Killed

    def lock(connection, ids):
        batches.append(ids)
        if len(batches) == 2:
            raise DatabaseUnavailable
        original(connection, ids)

    monkeypatch.setattr(run, "_store", fails)
    monkeypatch.setattr(run, "lock_persons", lock)
    with pytest.raises(Killed):
        load(youths, line(ANNA), line(BO))
    assert len(batches) == 2
    assert in_use(youths) == 0


def test_numbers_run_on_where_a_thousand_thousand_millions_end(youths):
    with writing(youths) as connection:
        connection.execute(update(counter).values(last="29990101000999999999998"))
    load(youths, *(line(cprnr) for cprnr in (ANNA, BO, CAJA)))
    with reading(youths) as connection:
        numbers = connection.execute(select(haendelse.c.nummer).order_by(haendelse.c.nummer)).scalars().all()
    assert numbers == [
        "UDB-29990101000999999999999",
        "UDB-29990101001000000000000",
        "UDB-29990101001000000000001",
    ]


def test_what_is_stored_with_an_event_is_what_its_history_says(youths):
    load(youths, line(ANNA), line(ANNA, kind="0041"))
    with reading(youths) as connection:
        codes = load_codes(connection)
        ids = connection.execute(select(person.c.id)).scalars().all()
        for events in events_by_person(connection, ids).values():
            assert worked_out(events, codes) == events
    summary = Summary()
    changed = list(recheck(youths, World(youths).today(), summary, invented_cpr_allowed=True))
    assert (changed, summary.events) == ([], 0)


def test_an_event_is_judged_by_its_own_month_beside_others_of_the_batch(youths):
    """Anna's education ends between the two months that one batch stores."""
    with writing(youths) as connection:
        codes = load_codes(connection)
        ids = dict(connection.execute(select(person.c.cprnr, person.c.id)).all())
        vocational = kodesaet.c.egenskaber["fuldfoerer"].as_string() == "erhvervskompetencegivende"
        row = connection.execute(select(kodesaet).where(kodesaet.c.saet == COSA, vocational).limit(1)).one()
        for status, day in ((1, date(2024, 8, 1)), (3, date(2026, 5, 15))):
            nummer = f"UDB-2024010100000000000000{status}"
            values = {"nummer": nummer, "plads": nummer, "art": "uddannelse", "person_id": ids[ANNA], "cprnr": ANNA}
            values |= {"service": "IndberetningUngdomsuddannelse", "institution_nummer": GYMNASIUM, "status": status}
            values |= {"registreringstid": datetime(2026, 6, 1, tzinfo=UTC), "haendelse_dato": day, "kode": row.kode}
            values |= {"kilde_leverandoer": "Test", "kodesaet": COSA, "kode_version": int(row.variant)}
            values |= {"gentaget": False, "annullering": False, "annulleret": False}
            connection.execute(insert(haendelse).values(values))
        refresh(connection, [ids[ANNA]], codes)
    load(youths, line(BO))
    load(youths, line(ANNA, month="2026-04"), maaned="2026-04")
    with reading(youths) as connection:
        query = select(haendelse.c.haendelse_dato, haendelse.c.vises_under_25, haendelse.c.vises_over_25)
        of_income = query.where(haendelse.c.art == BESKAEFTIGELSE, haendelse.c.person_id == ids[ANNA])
        found = connection.execute(of_income.order_by(haendelse.c.haendelse_dato)).all()
        (events,) = events_by_person(connection, [ids[ANNA]]).values()
        assert worked_out(events, codes) == events
    assert found == [(date(2026, 4, 30), False, True), (date(2026, 6, 30), False, False)]


def test_a_code_of_the_former_form_counts_while_the_code_set_has_it(youths):
    former = {"saet": "indtaegtsarter", "kode": "LOEN", "variant": "", "tekst": "Løn", "opfundet": "kode", "kilde": ""}
    content = csv(HEADER, line(ANNA, kind="LOEN"), line(BO)).read()
    assert refusals(youths, content) == [(2, "indtaegtsart")]
    with writing(youths) as connection:
        row = former | {"gyldig_fra": date(2000, 1, 1), "egenskaber": {"loentype": "loen"}}
        connection.execute(insert(kodesaet).values(row))
    assert import_eindkomst(youths, io.BytesIO(content), maaned="2026-06").added == 2
    quoted = io.BytesIO(content.replace(b"LOEN", b'"LOEN"'))
    assert import_eindkomst(youths, quoted, maaned="2026-06", skip_unknown=True).unchanged == 2


def test_options(youths):
    def ask(**options):
        file = csv(HEADER, line(UNKNOWN, month=options.get("maaned", "2026-06")))
        return run_import("eindkomst", Job(youths, file, options, sandbox=True, settings=Settings(), progress=silent))

    for wrong in ({}, {"maaned": "2026-06", "rettelse": ""}, {"andet": "1"}):
        with pytest.raises(WrongUse, match=r"^Import af eindkomst kræver præcis ét af valgene maaned og rettelse\.$"):
            ask(**wrong)
    with pytest.raises(WrongUse, match="uden værdi"):
        ask(rettelse="0")
    for month in ("2026-13", "2026-6", "juni", "", "0000-01", "2026-06-01"):
        with pytest.raises(WrongUse):
            ask(maaned=month)
    with pytest.raises(UdbRefused, match="ikke slut"):
        ask(maaned="2026-08")
    with pytest.raises(UdbRefused, match="timeløn"):
        ask(maaned="1999-12")
    assert ask(maaned="2026-06").read == 1
    with pytest.raises(FileRefused):
        load(youths, maaned="2026-07")
    assert ask(rettelse="").read == 1


def test_a_sum_beyond_what_the_contract_can_tell(youths):
    lines = [line(ANNA, "999999999.99", employer=str(one)) for one in range(1000)]
    load(youths, *lines)
    assert events_of(youths) == [(ANNA, "2026-06-30", "Fuldtidsbeskaeftiget", 2**31 - 1, False)]


def test_a_result_is_told_as_json(youths):
    result = import_eindkomst(youths, csv(HEADER, line(ANNA), line(UNKNOWN)), maaned="2026-06")
    assert json.loads(json.dumps(result.to_json("da"))) == {
        "read": 2,
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": [],
        "skipped": 1,
        "events": 1,
    }
