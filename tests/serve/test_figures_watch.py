"""The monthly figures are computed when they are due, by one worker."""

from datetime import date, timedelta

from tests.support.figure_youths import Told, deliver, store
from udb.domain.clock import system_time
from udb.serve import figures_watch
from udb.serve.figures_watch import BEGUN, run_if_due
from udb.settings import Settings
from udb.statistics import frozen
from udb.statistics.frozen import Status
from udb.store import state
from udb.store.engine import reading, writing

DAY = date(2026, 10, 1)


def test_a_month_is_computed_on_its_first_day_and_when_its_income_is_delivered(world, database_url):
    settings = Settings(database_url=database_url)
    world.clock("2026-10-01T00:05:00")
    store(world.engine, [Told(date(2008, 3, 11))])

    def begun(at):
        with writing(world.engine) as connection:
            state.write(connection, BEGUN, at and at.isoformat())

    begun(system_time() - timedelta(minutes=5))
    assert run_if_due(world.engine, settings) == 0, "another worker is at it"
    begun(system_time() - figures_watch.LONGEST)
    assert run_if_due(world.engine, settings) == 1, "that worker has died"
    assert run_if_due(world.engine, settings) == 0
    world.clock("2026-11-12T08:00:00")
    deliver(world.engine, date(2026, 10, 31))
    assert run_if_due(world.engine, settings) == 2, "October is final, November begun"
    assert run_if_due(world.engine, settings) == 0
    with reading(world.engine) as connection:
        assert [one.status for one in frozen.runs(connection, "kui", days=[DAY])] == [Status.FORELOEBIG, Status.ENDELIG]
        assert state.read(connection, BEGUN) is None
