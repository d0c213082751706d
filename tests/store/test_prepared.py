"""Statements that go straight to the driver have the same transactions, types, errors and listeners as in Core."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from udb.domain.clock import DANISH
from udb.domain.errors import DatabaseUnavailable
from udb.store.engine import make_engine, unavailable, writing
from udb.store.sql.dialects import texts
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import system

ADD = Prepared(lambda _: insert(system).values({column.name: parameter(column.name) for column in system.columns}))
FIND = Prepared(lambda _: select(*system.columns).where(system.c.id == parameter("id_")))
AMONG = Prepared(lambda dialect: select(texts(dialect, "names").c.value))
MADE = datetime(2026, 8, 10, 8, tzinfo=DANISH)
VALUES: dict[str, Any] = {
    "id": "nyt",
    "navn": "Æblegård",
    "noegle_salt": "a" * 32,
    "noegle_hash": "b" * 64,
    "spaerret": False,
    "oprettet": MADE,
}


def test_what_was_added_is_there_after_a_commit_and_gone_after_a_rollback(engine: Engine) -> None:
    with engine.connect() as connection:
        ADD.run(connection, **VALUES)
        connection.rollback()
        assert FIND.rows(connection, id_="nyt") == []
        ADD.run(connection, **VALUES)
        connection.commit()
    with engine.connect() as connection:
        (row,) = FIND.rows(connection, id_="nyt")
        assert row == tuple(connection.execute(select(system).where(system.c.id == "nyt")).one())
        assert row[list(system.c.keys()).index("oprettet")] == MADE


def test_a_broken_constraint_is_the_error_that_core_raises_and_tells_no_value(engine: Engine) -> None:
    with engine.connect() as connection:
        ADD.run(connection, **VALUES)
        with pytest.raises(IntegrityError) as raised:
            ADD.run(connection, **VALUES)
    assert "Æblegård" not in str(raised.value)


def test_who_listens_to_statements_hears_these_too(engine: Engine) -> None:
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: heard.append(said[2]))
    with engine.connect() as connection:
        FIND.rows(connection, id_="nyt")
    assert [said.split()[0] for said in heard if not said.startswith("BEGIN")] == ["SELECT"]


@pytest.mark.parametrize("names", [[], ["a"], ["b", "a", "b"]])
def test_a_list_comes_as_it_is(engine: Engine, names: list[str]) -> None:
    with engine.connect() as connection:
        assert [value for (value,) in AMONG.rows(connection, names=names)] == names


def test_on_an_engine_a_query_stands_alone(engine: Engine) -> None:
    with engine.connect() as connection:
        ADD.run(connection, **VALUES)
        connection.commit()
    assert [row[0] for row in FIND.rows(engine, id_="nyt")] == ["nyt"]
    event.listen(engine, "before_cursor_execute", lambda *_: None)
    assert [row[0] for row in FIND.rows(engine, id_="nyt")] == ["nyt"]


def test_what_psycopg_prepares_and_forgets_takes_nothing_along(database_url: str) -> None:
    """When psycopg prepares statements itself, a rollback makes it forget all that is prepared on the connection."""
    for bulk in (True, False):
        engine = make_engine(database_url, bulk=bulk)
        with engine.connect() as connection:
            for _ in range(20):
                connection.execute(select(system.c.id).where(system.c.id == "nyt"))
                assert FIND.rows(connection, id_="nyt") == []
            connection.rollback()
            assert FIND.rows(connection, id_="nyt") == []
        engine.dispose()


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("ALTER TABLE system ALTER COLUMN navn TYPE varchar(500)", "FeatureNotSupported 0A000"),
        ("DEALLOCATE ALL", "InvalidSqlStatementName 26000"),
    ],
)
def test_what_is_prepared_and_of_no_use_any_more_is_told_once(change: str, kind: str, engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("prepares nothing")
    with writing(engine) as connection:
        FIND.rows(connection, id_="nyt")
        connection.execute(text(change))
    with pytest.raises(DatabaseUnavailable, match=kind), writing(engine) as connection:
        FIND.rows(connection, id_="nyt")
    for _ in range(2):
        with writing(engine) as connection:
            assert FIND.rows(connection, id_="nyt") == []


@pytest.mark.parametrize("breaking", ["at the beginning", "in the midst", "at the end"])
def test_a_connection_that_breaks_is_a_database_out_of_reach(breaking: str, engine: Engine, database_url: str) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("has no connection that breaks")
    other = make_engine(database_url)

    def breaks() -> None:
        with writing(engine) as connection:
            if breaking != "at the beginning":
                FIND.rows(connection, id_="nyt")
            driver: Any = connection.connection.dbapi_connection
            with writing(other) as closing:
                # Waits until it is gone.
                closing.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": driver.info.backend_pid})
            if breaking != "at the end":
                FIND.rows(connection, id_="nyt")

    with pytest.raises(DatabaseUnavailable, match="OperationalError"):
        breaks()
    with unavailable():
        assert FIND.rows(engine, id_="nyt") == []
    other.dispose()


def test_a_commit_that_fails_is_the_error_that_core_raises_and_leaves_nothing(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("has no constraint that waits for the end")
    with engine.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)"))
        connection.commit()
        connection.execute(text("INSERT INTO late VALUES (1), (1)"))
        with pytest.raises(IntegrityError):
            connection.commit()
        connection.rollback()
        assert connection.execute(text("SELECT count(*) FROM late")).scalar_one() == 0
        connection.commit()
        connection.commit()


def test_what_had_failed_is_not_committed_in_silence(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("a statement that fails leaves the transaction as it was")
    with engine.connect() as connection:
        FIND.rows(connection, id_="nyt")
        with suppress(DBAPIError):
            connection.execute(text("SELECT 1 / 0"))
        with pytest.raises(DBAPIError, match="InFailedSqlTransaction"):
            connection.commit()
