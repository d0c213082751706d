from contextlib import suppress

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text

from tests.support.reports import CPRNR, UNGDOM
from tests.support.world import GYMNASIUM
from udb.domain.errors import DatabaseUnavailable, OtherVersion
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.store import migrate
from udb.store.engine import make_engine, writing
from udb.store.tables import haendelse, metadata


def test_the_migrations_make_exactly_the_tables_of_the_program(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_second_upgrade_changes_nothing(engine, database_url):
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO state (name, value) VALUES ('kept', '1')"))
    assert migrate.upgrade(database_url) == migrate.current_version(engine) == migrate.expected_version()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM state WHERE name = 'kept'")) == 1


def test_an_empty_database_is_refused_until_it_is_migrated(empty_database_url):
    engine = make_engine(empty_database_url)
    with pytest.raises(OtherVersion, match=r"is empty.*Run: udb migrate"):
        migrate.require_expected_version(engine)
    migrate.upgrade(empty_database_url)
    migrate.require_expected_version(engine)
    engine.dispose()


def test_a_database_of_an_unknown_version_is_refused_and_left_alone(engine, database_url):
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    with pytest.raises(OtherVersion, match="at version later, which this program does not know"):
        migrate.require_expected_version(engine)
    with pytest.raises(OtherVersion, match="at version later"):
        migrate.upgrade(database_url)
    assert migrate.current_version(engine) == "later"


def test_a_migration_that_fails_leaves_nothing_behind(empty_database_url):
    with suppress(ZeroDivisionError), migrate.connect(empty_database_url) as connection:
        metadata.create_all(connection)
        raise ZeroDivisionError
    engine = make_engine(empty_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_the_folder_of_an_sqlite_file_is_made(tmp_path):
    migrate.upgrade(f"sqlite:///{tmp_path}/new/folder/udb.sqlite")
    assert (tmp_path / "new/folder/udb.sqlite").is_file()


def test_a_file_that_is_not_there_is_an_empty_database_and_is_not_made_by_asking(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/new/udb.sqlite")
    with pytest.raises(OtherVersion, match=r"is empty.*Run: udb migrate"):
        migrate.require_expected_version(engine)
    assert not (tmp_path / "new").exists()
    engine.dispose()


def test_a_folder_that_cannot_be_made_is_a_database_out_of_reach(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnavailable, match="folder"):
        migrate.upgrade(f"sqlite:///{tmp_path}/file/udb.sqlite")


def test_what_follows_from_the_histories_is_worked_out_after_an_upgrade(world, endpoint, database_url):
    world.person(CPRNR)
    assert endpoint.report(UNGDOMSUDDANNELSE, UNGDOM)["Resultat"] == "Accepteret"
    with migrate.connect(database_url) as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
    migrate.upgrade(database_url)
    with world.engine.connect() as connection:
        assert connection.execute(select(haendelse.c.aabent_hos)).scalars().all() == [GYMNASIUM]


@pytest.mark.parametrize(("before", "anew"), [("0012", True), ("0013", False), ("0015", False)])
def test_histories_are_worked_out_where_a_migration_brings_what_follows_from_them(
    database_url, monkeypatch, before, anew
):
    with migrate.connect(database_url) as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.downgrade(config, before)
    worked_out = []
    monkeypatch.setattr(migrate, "refresh_all", lambda _: worked_out.append(True))
    for _ in range(2):
        migrate.upgrade(database_url)
    assert worked_out == [True] * anew
