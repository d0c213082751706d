"""A primary that lacks what was acknowledged is not written to: UDB009104, an alarm line, a metric."""

from collections.abc import Iterator

import pytest
import structlog.testing
from sqlalchemy import Engine, select

from tests.support import hosts
from tests.support.endpoint import request
from tests.support.served_reports import YOUTHS, is_unavailable, number_of, send_within
from tests.support.world import INSTITUTIONS, World
from udb.context import Context
from udb.sandbox.reset import reset
from udb.settings import Settings
from udb.store import guard
from udb.store.engine import make_engine, reading
from udb.store.guard import REFUSED, Acknowledged, Mark
from udb.store.tables import haendelse
from udb.web.pages import pages
from udb.wsdl.use_cases import application


@pytest.fixture
def memory() -> Iterator[Acknowledged]:
    memory = Acknowledged()
    yield memory
    memory.close()


def _engine(url: str, memory: Acknowledged) -> Engine:
    """Return an engine as a worker makes it."""
    engine = make_engine(Settings(database_url=url).url, ventetid=2)
    guard.keep(engine, memory, sandbox=True)
    return engine


def _stored(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(connection.execute(select(haendelse.c.nummer)).scalars())


def _refused() -> float:
    (metric,) = REFUSED.collect()
    return next(sample.value for sample in metric.samples if sample.name == "udb_database_behind_total")


def test_the_mark_only_rises_and_holds_a_number_of_23_digits(memory: Acknowledged) -> None:
    assert memory.highest() == Mark(0, 0)
    for number, edition in ((20261130201500123000001, 3), (20261130201500123000000, 4), (99999999999999999999999, 5)):
        before = memory.highest()
        memory.note(number, edition)
        assert memory.highest() == max(before, Mark(number, edition))
    memory.forget()
    assert memory.highest() == Mark(0, 0)


def test_an_old_primary_that_comes_back_takes_no_writes(world: World, sandbox_url: str, memory: Acknowledged) -> None:
    for youth in YOUTHS[:4]:
        world.person(youth)
    with (
        hosts.before(sandbox_url) as (right,),
        # It takes writes, and knows nothing of what the other takes from now on.
        hosts.copied(sandbox_url, follows=False) as socket,
        hosts.host(socket) as old,
    ):
        engine = _engine(hosts.url_of(sandbox_url, right, old), memory)
        # Another worker of this host: its connection is older than what this one acknowledges.
        other = _engine(hosts.url_of(sandbox_url, old), memory)
        workers = [
            application(context, pages(context))
            for context in (Context(on, Settings(sandbox=True)) for on in (engine, other))
        ]
        assert _stored(other) == set()
        first = number_of(send_within(workers[0], YOUTHS[0], "first"))
        before = _refused()
        with right.gone(), structlog.testing.capture_logs() as log:
            for worker in workers:
                for youth in YOUTHS[1:3]:
                    assert is_unavailable(send_within(worker, youth, youth))
                assert request(worker, "GET", "/health/ready").status == 503
                assert request(worker, "GET", "/health/live").status == 200
        assert _refused() - before == 6
        alarms = [line for line in log if line["event"] == "database.behind"]
        assert [line["log_level"] for line in alarms] == ["error"] * 2, "one for each worker in ten seconds"
        assert alarms[0]["acknowledged"] == first.removeprefix("UDB-")
        later = {number_of(send_within(workers[0], youth, youth)) for youth in YOUTHS[1:3]}
        assert request(workers[0], "GET", "/health/ready").status == 200
        assert _stored(engine) == {first, *later}
        unguarded = make_engine(Settings(database_url=hosts.url_of(sandbox_url, old)).url)
        assert _stored(unguarded) == set()
        for one in (engine, other, unguarded):
            one.dispose()


def test_a_sandbox_that_is_reset_goes_on(world: World, sandbox_url: str, memory: Acknowledged) -> None:
    world.person(YOUTHS[0])
    engine = make_engine(sandbox_url)
    guard.keep(engine, memory, sandbox=True)
    context = Context(engine, Settings(sandbox=True))
    app = application(context, {})
    number_of(send_within(app, YOUTHS[0], "first"))
    reset(engine)
    for nummer, type3, main, kommune in INSTITUTIONS:
        world.institution(nummer, type3=type3, hovedinstitution=main, kommune=kommune)
    world.person(YOUTHS[0])
    number_of(send_within(app, YOUTHS[0], "second"))
    engine.dispose()
