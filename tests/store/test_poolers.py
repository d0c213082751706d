"""Poolers: one that shares connections between transactions is refused, one that gives a session to each is used.

The pooler here is simulated: what it does to this program is that two of its connections reach one server process.
``make poolers`` tries a real PgBouncer.
"""

import pytest
from sqlalchemy import text

from udb.domain.errors import UdbRefused
from udb.store import poolers
from udb.store.engine import make_engine, reading
from udb.store.migrate import one_at_a_time


def test_a_database_without_a_pooler_is_used(engine):
    poolers.require_sessions(engine)


@pytest.mark.parametrize(
    "reached",
    [
        [1, 1],
        [1, 2, 3],
        [1, 2, 1, 1],
        [1, 2, 1, 3, 1, 1],
    ],
    ids=["the second reaches the first's", "the first is moved", "the third reaches it", "the fourth"],
)
def test_two_connections_that_reach_one_process_are_a_pooler(engine, monkeypatch, reached):
    answers = iter(reached)
    monkeypatch.setattr(poolers, "_process", lambda _connection: next(answers))
    if engine.dialect.name == "sqlite":
        poolers.require_sessions(engine)
        return
    with pytest.raises(UdbRefused, match="pool_mode = session"):
        poolers.require_sessions(engine)


def test_each_connection_is_set_up_by_statements_and_not_by_options_that_a_pooler_may_ignore(database_url):
    engine = make_engine(database_url, ventetid=7)
    if engine.dialect.name == "postgresql":
        with reading(engine) as connection:
            assert "options" not in connection.connection.driver_connection.info.get_parameters()
            shown = [
                connection.execute(text(f"SHOW {name}")).scalar_one()
                for name in ("lock_timeout", "timezone", "synchronous_commit")
            ]
            one_at_a_time(connection)
            shown.append(connection.execute(text("SHOW lock_timeout")).scalar_one())
        assert shown == ["7s", "UTC", "on", "7s"]
    engine.dispose()
