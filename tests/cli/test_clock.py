"""A host with a wrong clock does nothing that cannot be taken back. Its clock is system time of this process, moved; on
PostgreSQL the database's own is the right one.
"""

import subprocess
import sys
import threading
from datetime import timedelta
from ipaddress import ip_network

import pytest
import zeep.exceptions
from sqlalchemy import func, select, update

from tests.imports.csvs import cpr
from tests.support.certificates import issued, register
from tests.support.clock import move, years
from tests.support.endpoint import Endpoint
from tests.support.reports import UNGDOM
from tests.support.service import PATIENCE
from tests.support.udb_serve import environment
from tests.support.world import KOMMUNE, SYSTEM
from udb.context import Context
from udb.domain.clock import system_time
from udb.domain.errors import ClockDisagrees
from udb.domain.identifiers import clock_number
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.readlog.sealing import seal
from udb.sandbox.running import free_address
from udb.serve import clock_watch, sealer
from udb.settings import Settings
from udb.store import clocks, state
from udb.store.engine import reading, writing
from udb.store.tables import counter, haendelse, person
from udb.store.tables.log import read_log, read_log_block
from udb.wsdl.use_cases import application

YOUTH = "6101051234"


@pytest.fixture
def sealed(world):
    """The world with a read log of one block, and without a clock of its own: as outside a sandbox."""
    Endpoint(application(Context(world.engine, Settings(sandbox=True)), {})).fetch(KOMMUNE)
    assert seal(world.engine) == 1
    with writing(world.engine) as connection:
        state.write(connection, state.SANDBOX_CLOCK, None)
        connection.execute(update(counter).values(last=str(clock_number(system_time()))))
    return world


def counted(engine, table):
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def last_drawn(engine):
    with reading(engine) as connection:
        return int(connection.execute(select(counter.c.last)).scalar_one())


@pytest.mark.parametrize("command", [("retention",), ("log", "retention"), ("log", "seal")])
@pytest.mark.parametrize("ahead", [years(50), timedelta(days=2), timedelta(hours=-1)])
def test_what_deletes_or_seals_refuses_a_wrong_clock(udb, sealed, monkeypatch, command, ahead):
    move(monkeypatch, ahead)
    code, out, err = udb(*command)
    assert (code, out) == (4, "")
    assert err.startswith("This host's clock (")
    assert err.count("\n") == 1
    assert (counted(sealed.engine, read_log), counted(sealed.engine, read_log_block)) == (1, 1)


def test_in_a_sandbox_the_block_and_the_database_count_and_the_numbers_do_not(udb, sealed, monkeypatch):
    sealed.clock("2056-08-10T08:00:00")
    with writing(sealed.engine) as connection:
        connection.execute(update(counter).values(last=str(clock_number(system_time() + years(30)))))
    assert udb("retention")[0] == 0
    move(monkeypatch, years(50))
    assert udb("retention")[0] == 4
    assert counted(sealed.engine, read_log) == 1


def test_an_import_refuses_a_wrong_clock(udb, sealed, monkeypatch, tmp_path):
    file = tmp_path / "cpr.csv"
    file.write_bytes(cpr(f"{YOUTH};Test;01;101;;;").getvalue())
    before = counted(sealed.engine, person)
    move(monkeypatch, years(34))
    code, _, err = udb("import", "cpr", str(file))
    assert (code, "clock" in err, counted(sealed.engine, person)) == (4, True, before)


def test_who_knows_that_the_clock_is_right_says_so(udb, sealed):
    with writing(sealed.engine) as connection:
        connection.execute(update(counter).values(last=str(clock_number(system_time() + years(34)))))
    code, out, err = udb("clock", "show")
    assert (code, "the last number drawn" in out) == (1, True)
    assert "days behind the last number drawn" in err
    assert err.rstrip().endswith("udb clock accept")
    assert udb("retention")[0] == 4
    assert udb("clock", "accept")[0] == 0
    assert udb("clock", "show")[0] == 0
    assert udb("retention")[0] == 0
    with writing(sealed.engine) as connection:
        # The next number says something about the time again.
        connection.execute(update(counter).values(last=str(clock_number(system_time() + years(35)))))
    assert udb("retention")[0] == 4


def test_the_clock_of_the_database_cannot_be_overruled(udb, sealed, monkeypatch):
    move(monkeypatch, timedelta(minutes=10, seconds=30))
    code, out, err = udb("clock", "accept")
    if sealed.engine.dialect.name == "sqlite":
        assert (code, err) == (0, "")
        return
    assert (code, out) == (4, "")
    assert "10 minutes ahead of the database's" in err
    monkeypatch.setenv("UDB_UR_MINUTTER", "11")
    assert udb("clock", "accept")[0] == 0


def test_a_silent_register_is_no_wrong_clock_while_the_service_notes_the_time(udb, sealed):
    ago = system_time() - timedelta(days=3)
    with writing(sealed.engine) as connection:
        connection.execute(update(counter).values(last=str(clock_number(ago))))
        state.write(connection, clocks.CLOCK, {"tid": ago.isoformat(), "blok": 1})
    assert udb("retention")[0] == 4
    with writing(sealed.engine) as connection:
        state.write(connection, clocks.CLOCK, {"tid": (ago + timedelta(days=2, hours=1)).isoformat(), "blok": 1})
    assert udb("retention")[0] == 0


def serve(url):
    return subprocess.run(
        [sys.executable, "-m", "udb", "serve", "--bind", free_address()],
        env=environment(url),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_service_does_not_start_with_a_clock_behind_what_is_on_record(sealed, database_url):
    with writing(sealed.engine) as connection:
        connection.execute(update(counter).values(last=str(clock_number(system_time() + timedelta(hours=2)))))
    done = serve(database_url)
    assert done.returncode == 4
    assert "behind the last number drawn" in done.stderr


def test_the_service_does_not_start_after_a_month_of_silence_unless_the_clock_is_accepted(sealed, database_url, udb):
    with writing(sealed.engine) as connection:
        connection.execute(update(counter).values(last=str(clock_number(system_time() - timedelta(days=40)))))
        state.write(connection, clocks.CLOCK, {"blok": 1})
    done = serve(database_url)
    assert done.returncode == 4
    assert "ahead of the last number drawn" in done.stderr
    assert udb("clock", "accept")[0] == 0
    assert udb("clock", "show")[0] == 0


@pytest.mark.parametrize("ahead", [timedelta(days=2), timedelta(hours=-1)])
def test_a_call_at_a_wrong_clock_draws_no_number_and_the_service_is_not_ready(sealed, monkeypatch, ahead):
    settings = Settings(sandbox=False, proxyer=(ip_network("127.0.0.1"),), signatur="tjek")
    context = Context(sealed.engine, settings)
    certificate = register(sealed.engine, SYSTEM, issued("ur", 30, system_time() - timedelta(days=2)))
    school = Endpoint(application(context, {}), headers=certificate.header)
    sealed.person(YOUTH)
    report = {**UNGDOM, "CPRNr": YOUTH, "HaendelseDato": f"{system_time():%Y-%m-%dT00:00:00}"}
    before = last_drawn(sealed.engine)
    assert context.ping()
    with monkeypatch.context() as wrong:
        move(wrong, ahead)
        assert not context.ping()
        with pytest.raises(zeep.exceptions.Fault) as fault:
            school.report(UNGDOMSUDDANNELSE, report)
        assert "UDB009104" in [element.text for element in fault.value.detail.iter()]
    assert (last_drawn(sealed.engine), counted(sealed.engine, haendelse)) == (before, 0)
    assert context.ping()
    assert school.fetch(KOMMUNE) is not None


def test_the_sealer_seals_nothing_by_a_wrong_clock(sealed, database_url, monkeypatch):
    Endpoint(application(Context(sealed.engine, Settings(sandbox=True)), {})).fetch(KOMMUNE)
    tried = threading.Semaphore(0)
    require = sealer.require_in

    def judged(*given):
        tried.release()
        require(*given)

    monkeypatch.setattr(sealer, "require_in", judged)
    move(monkeypatch, years(34))
    stop = sealer.start_sealer(Settings(database_url=database_url, laeselog_forsegling=0.01))
    assert all(tried.acquire(timeout=PATIENCE) for _ in range(2))
    stop()
    assert counted(sealed.engine, read_log_block) == 1


def test_the_service_measures_the_skew_and_notes_the_time_every_hour_while_it_is_right(sealed, monkeypatch):
    def noted():
        with reading(sealed.engine) as connection:
            return (state.read(connection, clocks.CLOCK) or {}).get("tid")

    settings = Settings()
    clock_watch.look(sealed.engine, settings)
    first = noted()
    clock_watch.look(sealed.engine, settings)
    assert noted() == first is not None
    assert abs(clock_watch.SKEW._value.get()) < 60
    with monkeypatch.context() as wrong:
        move(wrong, timedelta(days=2))
        with pytest.raises(ClockDisagrees):
            clock_watch.look(sealed.engine, settings)
    assert noted() == first
    shown = 0 if sealed.engine.dialect.name == "sqlite" else timedelta(days=2).total_seconds()
    assert abs(clock_watch.SKEW._value.get() - shown) < 60
    move(monkeypatch, timedelta(minutes=61))
    wide = Settings(ur_minutter=90)
    clock_watch.look(sealed.engine, wide)
    assert noted() > first
