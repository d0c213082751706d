"""Two jobs that work the lists out at once: in every order of their steps the later one's rows are left."""

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select

from tests.feed.interleavings import Actor, Explorer, threads
from tests.support.reports import ANNA, BO
from udb.hentning.kommune.list_job import keep, remove_before
from udb.store.engine import writing
from udb.store.tables import ung_liste

EARLIER, LATER = datetime(2026, 8, 17, 8, tzinfo=UTC), datetime(2026, 8, 17, 9, tzinfo=UTC)
GONE = "7103075105"
"""A youth with an older row, that neither job finds."""


def row(person_id, beregnet):
    found = {"person_id": person_id, "beregnet": beregnet, "situation": f"{beregnet.hour}", "risiko": False}
    return {**found, "paalaeg": False, "kontakt": "mangler", "skoler": ""}


@pytest.fixture
def youths(world):
    """Two youths of which both jobs have a row, and one of which neither has."""
    world.clock("2026-08-17T12:00:00")
    return [world.person(cprnr) for cprnr in (ANNA, BO, GONE)]


def begin(engine, youths):
    with writing(engine) as connection:
        connection.execute(delete(ung_liste))
        keep(connection, [row(youths[2], datetime(2026, 8, 17, 7, tzinfo=UTC))])


def steps(connection, youths, began):
    """Return a job's steps: each batch and the end is a transaction of its own."""
    batches = [[row(one, began)] for one in youths[:2]]
    return [
        lambda: keep(connection, [*batches[1], *batches[0]]),
        connection.commit,
        lambda: remove_before(connection, began),
        connection.commit,
    ]


def left(connection):
    found = connection.execute(select(ung_liste.c.person_id, ung_liste.c.situation)).all()
    connection.rollback()
    return sorted(tuple(one) for one in found)


def test_the_rows_of_the_later_job_stay_in_every_order(engine, youths):
    expected = [(one, "9") for one in sorted(youths[:2])]
    if engine.dialect.name == "sqlite":
        # One writer at a time: the transactions come one after the other, in each of the six orders.
        for order in ("AABB", "ABAB", "ABBA", "BAAB", "BABA", "BBAA"):
            begin(engine, youths)
            with engine.connect() as connection:
                jobs = {"A": iter(steps(connection, youths, EARLIER)), "B": iter(steps(connection, youths, LATER))}
                for name in order:
                    next(jobs[name])()
                    next(jobs[name])()
                assert left(connection) == expected, order
        return
    with ExitStack() as stack:
        pools = stack.enter_context(threads("AB"))
        connections = {name: stack.enter_context(engine.connect()) for name in ("A", "B", "watch")}
        connections["watch"].execution_options(isolation_level="AUTOCOMMIT")
        explorer = Explorer(connections["watch"])

        def scene():
            begin(engine, youths)
            return [
                Actor(name, connections[name], steps(connections[name], youths, began), pools[name])
                for name, began in (("A", EARLIER), ("B", LATER))
            ]

        for order in explorer.explore(scene, lambda: None):
            assert left(connections["watch"]) == expected, order
        assert explorer.orders > 20
        assert explorer.waits


def test_a_clock_that_is_set_back_leaves_no_row_of_later(engine, world, youths):
    with writing(engine) as connection:
        keep(connection, [row(one, LATER) for one in youths])
    world.clock("2026-08-17T10:30:00")
    with writing(engine) as connection:
        keep(connection, [row(one, EARLIER) for one in youths[:2]])
        remove_before(connection, EARLIER)
        assert sorted(connection.execute(select(ung_liste.c.person_id, ung_liste.c.situation)).all()) == [
            (one, "8") for one in sorted(youths[:2])
        ]
