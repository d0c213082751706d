"""The service keeps running: slow and silent callers, an orderly stop, a full disk, a database that goes and comes
back.
"""

import shutil
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from http.client import HTTPResponse
from itertools import count
from pathlib import Path

import pytest
import zeep.exceptions
from sqlalchemy import Engine, insert, select, text

from tests.support import database
from tests.support.endpoint import Endpoint, request
from tests.support.reports import UNGDOM
from tests.support.served_reports import YOUTHS, number_of, send
from tests.support.service import PATIENCE, Service, get, running
from tests.support.world import World
from udb.context import Context
from udb.domain.clock import system_time
from udb.domain.errors import DatabaseUnavailable
from udb.domain.services import SERVICES, UNGDOMSUDDANNELSE
from udb.sandbox import mark
from udb.settings import Settings
from udb.store import state, writable
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import call_key, haendelse, seen_signature
from udb.web.pages import pages
from udb.wsdl.use_cases import application

THREADS = 2 * 8
"""How many calls the service answers at once: workers times threads, as ``udb serve`` starts by default."""
CALLS = 2 * THREADS
HEAD = f"POST {SERVICES[UNGDOMSUDDANNELSE].path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
pytestmark = pytest.mark.usefixtures("_no_proxy")


@pytest.fixture
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Service]:
    """The service on SQLite, with a second for every call to arrive; the database makes no difference here."""
    with database.sqlite(tmp_path) as source, source.migrated() as url:
        world = World(make_engine(url))
        world.build()
        world.person(YOUTHS[0])
        with writing(world.engine) as connection:
            state.write(connection, mark.SANDBOX, {})
        world.engine.dispose()
        with running(url, tmp_path, UDB_MODTAGETID="1") as service:
            yield service


@pytest.fixture
def patient(sandbox_url: str, tmp_path: Path) -> Iterator[Service]:
    """The service, whose calls wait for a busy database longer than any test."""
    with running(sandbox_url, tmp_path, UDB_VENTETID="120") as service:
        yield service


def connected(service: Service) -> socket.socket:
    host, _, port = service.bind.partition(":")
    return socket.create_connection((host, int(port)), PATIENCE)


def answer_of(client: socket.socket) -> tuple[int, bytes]:
    """Return status and body; status 0 when the connection was closed without an answer."""
    with suppress(ConnectionError):
        answer = HTTPResponse(client)
        with suppress(Exception):
            answer.begin()
            return answer.status, answer.read()
    return 0, b""


def test_who_connects_and_says_nothing_takes_no_thread(quick: Service) -> None:
    with ExitStack() as stack:
        for _ in range(10 * THREADS):
            stack.enter_context(connected(quick))
        began = time.monotonic()
        assert get(f"{quick.address}/health/live").status == 200
        assert time.monotonic() - began < 5, "ten rounds of silence would have taken fifty seconds"


@pytest.mark.parametrize(
    "start", ["POST ", HEAD, f"{HEAD}Content-Length: 900\r\n\r\n", f"{HEAD}Transfer-Encoding: chunked\r\n\r\n9\r\n"]
)
def test_a_call_that_drips_in_is_ended_when_its_time_is_up(quick: Service, start: str) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(quick)) for _ in range(2 * THREADS)]
        for client in clients:
            client.sendall(start.encode())
        began = time.monotonic()
        left = set(clients)
        # A byte now and then, as a slow-loris does, until the other end has had enough.
        while left and time.monotonic() - began < PATIENCE:
            for client in list(left):
                client.settimeout(0.01)
                try:
                    client.sendall(b"x")
                    if client.recv(1, socket.MSG_PEEK) is not None:
                        left.remove(client)
                except TimeoutError:
                    pass
                except ConnectionError:
                    left.remove(client)
        assert not left
        assert get(f"{quick.address}/health/live").status == 200
    assert "Traceback" not in quick.log()


def test_a_body_that_does_not_arrive_is_answered(quick: Service) -> None:
    with connected(quick) as client:
        client.sendall(f"{HEAD}Content-Length: 900\r\n\r\n<a".encode())
        status, body = answer_of(client)
    assert (status, b"UDB009107" in body) == (500, True)


def test_a_stop_cuts_off_no_call_that_was_begun(world: World, patient: Service) -> None:
    for youth in YOUTHS[:CALLS]:
        world.person(youth)
    with ThreadPoolExecutor(CALLS + 1) as pool:
        with writing(world.engine) as holder:
            holder.execute(text("UPDATE counter SET last = last"))
            calls = [pool.submit(send, patient, youth, youth) for youth in YOUTHS[:CALLS]]
            wait_until_begun(patient)
            ended = pool.submit(patient.terminate)
            wait_until_refused(patient)
            assert not any(call.done() for call in calls)
        numbers = [number_of(call.result()) for call in calls]
        assert ended.result() == 0
    with reading(world.engine) as connection:
        assert sorted(connection.execute(select(haendelse.c.nummer)).scalars()) == sorted(numbers)


def wait_until_begun(service: Service) -> None:
    """Wait until every call has a connection: accepted, or in the queue."""
    end = time.monotonic() + PATIENCE
    port = f"{int(service.bind.rpartition(':')[2]):04X}"
    while time.monotonic() < end:
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        mine = [row for row in rows if row[1].endswith(f":{port}") and row[3] == "01"]
        if len(mine) >= CALLS:
            return
        time.sleep(0.02)
    pytest.fail("the calls did not arrive")


def wait_until_refused(service: Service) -> None:
    """Wait until it accepts no new caller."""
    while True:
        try:
            connected(service).close()
        except (ConnectionRefusedError, ConnectionResetError):
            # Reset: it stopped listening between the greeting and the answer.
            return


def test_a_stop_answers_who_stood_in_the_queue(quick: Service) -> None:
    quick.signal_workers(signal.SIGSTOP)
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(quick)) for _ in range(20)]
        for client in clients:
            client.sendall(f"GET /health/live HTTP/1.1\r\nHost: {quick.bind}\r\n\r\n".encode())
        with ThreadPoolExecutor(1) as pool:
            ended = pool.submit(quick.terminate)
            time.sleep(0.2)
            quick.signal_workers(signal.SIGCONT)
            assert [answer_of(client)[0] for client in clients] == [200] * 20
            assert ended.result() == 0


@contextmanager
def full_disk(engine: Engine, table: str = call_key.name) -> Iterator[None]:
    """While the block runs, storing a row of a table fails as on a full disk: SQLITE_FULL, or PostgreSQL's 53100."""
    if engine.dialect.name == "sqlite":
        # SQLite's own: the file may not grow by a page.
        limit = text("PRAGMA max_page_count = 1")
        with reading(engine) as connection:
            connection.execute(limit)
        yield
        with reading(engine) as connection:
            connection.execute(text("PRAGMA max_page_count = 1073741823"))
        return
    with writing(engine) as connection:
        connection.execute(
            text(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
            )
        )
        connection.execute(
            text(f"CREATE TRIGGER disk_is_full BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION full_disk()")
        )
    yield
    with writing(engine) as connection:
        connection.execute(text(f"DROP TRIGGER disk_is_full ON {table}"))


def test_a_full_disk_loses_nothing_and_is_over_when_there_is_room(world: World, endpoint: Endpoint) -> None:
    for youth in YOUTHS:
        world.person(youth)
    engine = world.engine
    taken: list[str] = []

    def take(youth: str) -> None:
        receipt = endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": youth}, f"nøgle {youth}")
        assert receipt["Resultat"] == "Accepteret"
        taken.append(receipt["HaendelseNummer"])

    def take_all(youths: list[str]) -> None:
        for youth in youths:
            take(youth)

    take(YOUTHS[0])
    with full_disk(engine):
        with pytest.raises(zeep.exceptions.Fault) as fault:
            take_all(YOUTHS[1:])
        refused = YOUTHS[len(taken)]
        assert "UDB009104" in [element.text for element in fault.value.detail.iter()]
        assert stored(engine) == taken, "what was acknowledged is there, and nothing else"
        with reading(engine) as connection:
            keys = connection.execute(select(call_key.c.transaction_id)).scalars().all()
        assert f"nøgle {refused}" not in keys
    take(refused)
    take(YOUTHS[-1])
    assert stored(engine) == taken


@contextmanager
def no_room(engine: Engine) -> Iterator[None]:
    """While the block runs, the database's disk takes no more: SQLite's limit of pages, PostgreSQL's of files."""
    if engine.dialect.name == "sqlite":
        with full_disk(engine):
            yield
        return
    name = engine.url.database
    with writing(engine) as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET temp_file_limit = '8kB'"))
    engine.dispose()
    yield
    with writing(engine) as connection:
        connection.execute(text(f"ALTER DATABASE {name} RESET temp_file_limit"))
    engine.dispose()


def readiness(context: Context) -> tuple[int, bool]:
    """Return the status of /health/ready and what Ping would say, as a probe of a second later is answered."""
    writable.forget(context.engine)
    return request(application(context, pages(context)), "GET", "/health/ready").status, context.ping()


def test_a_full_disk_is_found_before_a_report_meets_it(context: Context) -> None:
    assert readiness(context) == (200, True)
    with no_room(context.engine):
        assert readiness(context) == (503, False)
    assert readiness(context) == (200, True)


def test_a_read_only_database_is_found_before_a_report_meets_it(context: Context) -> None:
    engine = context.engine
    if engine.dialect.name == "sqlite":
        read_only, again = ["PRAGMA query_only = 1"], ["PRAGMA query_only = 0"]
    else:
        setting = f"ALTER DATABASE {engine.url.database}"
        read_only = [f"{setting} SET default_transaction_read_only = on"]
        again = ["SET TRANSACTION READ WRITE", f"{setting} RESET default_transaction_read_only"]
    for statements, expected in ((read_only, (503, False)), (again, (200, True))):
        with engine.connect() as connection, connection.begin():
            for statement in statements:
                connection.execute(text(statement))
        if engine.dialect.name == "postgresql":
            engine.dispose()
        assert readiness(context) == expected


@pytest.mark.parametrize("free", [0, 1024 * 1024 - 1])
def test_an_sqlite_file_on_a_full_disk_is_down_while_its_wal_has_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    with database.sqlite(tmp_path) as source, source.migrated() as url:
        context = Context(make_engine(url), Settings(sandbox=True))
        assert readiness(context) == (200, True)
        usage = type(shutil.disk_usage(tmp_path))
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(10**9, 10**9 - free, free))
        assert readiness(context) == (503, False)
        context.engine.dispose()


def test_another_writer_is_no_full_disk(context: Context) -> None:
    with writing(context.engine) as busy:
        busy.execute(text("UPDATE counter SET last = last"))
        assert readiness(context) == (200, True)


def test_a_probe_leaves_nothing_behind(context: Context) -> None:
    assert readiness(context) == (200, True)
    with reading(context.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM state WHERE name = 'plads'")).scalar_one() == 0
        if context.engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() == 10_000
            assert connection.execute(text("PRAGMA cache_size")).scalar_one() < 0


def test_a_full_disk_under_a_signature_is_said_to_be_one_and_the_signature_was_not_used(context: Context) -> None:
    expires = system_time() + timedelta(minutes=5)
    signatures = (f"{number}".encode() for number in count())
    taken: list[bytes] = []

    def use_all() -> None:
        for signature in signatures:
            taken.append(signature)
            assert context.first_use("f" * 64, signature, expires)

    with full_disk(context.engine, seen_signature.name), pytest.raises(DatabaseUnavailable):
        use_all()
    *before, refused = taken
    assert context.first_use("f" * 64, refused, expires)
    assert not any(context.first_use("f" * 64, signature, expires) for signature in before)


def test_what_fails_after_a_full_disk_is_still_a_full_disk(engine: Engine) -> None:
    # SQLite then rolls the whole transaction back, and the savepoint with it.
    def fill() -> None:
        with writing(engine) as connection, connection.begin_nested():
            for number in count():
                connection.execute(insert(seen_signature).values(hash=f"{number:064}", expires=system_time()))

    with full_disk(engine, seen_signature.name), pytest.raises(DatabaseUnavailable):
        fill()


def stored(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(haendelse.c.nummer).order_by(haendelse.c.nummer)).scalars())
