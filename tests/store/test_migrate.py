import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from tests.support.endpoint import Endpoint
from tests.support.reports import CPRNR, UNGDOM
from tests.support.versions import BASELINE, LATER, add_migration, make_baseline, set_version, stored_version
from tests.support.world import GYMNASIUM, SCHOOL, World
from udb.context import Context
from udb.domain.errors import DatabaseUnavailable, OtherVersion
from udb.domain.services import FORBEREDENDE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.settings import Settings
from udb.store import migrate
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import counter, haendelse, metadata
from udb.wsdl.use_cases import application

NEWEST = "0003_laeselog"


def test_the_migrations_make_exactly_the_tables_of_the_program(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def shape(engine):
    """Return all properties of the tables in the metadata, except the order of their columns."""
    found = inspect(engine)
    return {
        table: {
            "comment": found.get_table_comment(table) if engine.dialect.name == "postgresql" else None,
            "columns": {column["name"]: {**column, "type": str(column["type"])} for column in found.get_columns(table)},
            "key": found.get_pk_constraint(table),
            "foreign keys": sorted(found.get_foreign_keys(table), key=str),
            "unique": sorted(found.get_unique_constraints(table), key=str),
            "checks": found.get_check_constraints(table),
            "indexes": sorted(map(described, found.get_indexes(table)), key=str),
            "counted": counted(engine, table),
        }
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def described(index):
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": options}


def counted(engine, table):
    """Return whether SQLite never uses an id of the table again."""
    if engine.dialect.name == "postgresql":
        return None
    with reading(engine) as connection:
        made = text("SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' AND name = :name")
        return connection.execute(made, {"name": table}).scalar_one()


def test_the_baseline_equals_the_metadata_in_all_that_alembic_does_not_compare(engine, empty_database_url):
    empty = make_engine(empty_database_url)
    metadata.create_all(empty)
    expected = shape(empty)
    empty.dispose()
    found = shape(engine)
    assert len(found) == 37
    assert found == expected


def test_a_new_database_has_the_counters_one_row_and_no_other(engine):
    with reading(engine) as connection:
        assert connection.execute(select(counter)).all() == [(1, "0")]
        rows = {table.name: connection.execute(select(table)).all() for table in metadata.sorted_tables}
    assert [name for name, found in rows.items() if found] == ["counter"]


def test_a_migration_is_named_as_its_file_and_never_by_a_number_alone():
    scripts = [*ScriptDirectory.from_config(migrate._config()).walk_revisions()]
    assert [script.revision for script in scripts][-1] == BASELINE
    for script in scripts:
        assert script.revision == Path(script.path).stem
        assert re.fullmatch("[0-9]{4}_[a-z0-9_]{1,27}", script.revision)


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


@pytest.fixture
def old_url(empty_database_url):
    """Return the address of a database of the last version before the baseline."""
    make_baseline(empty_database_url, "0016")
    return empty_database_url


@pytest.fixture
def old_engine(old_url):
    engine = make_engine(old_url)
    yield engine
    engine.dispose()


def test_a_database_of_the_last_version_before_the_baseline_is_brought_up_like_the_baselines(old_engine, old_url):
    world = World(old_engine)
    world.build()
    person = world.person(CPRNR)
    with pytest.raises(OtherVersion, match=f"at version {BASELINE}"):
        migrate.require_expected_version(old_engine)
    for _ in range(2):
        assert migrate.upgrade(old_url) == NEWEST
        assert stored_version(old_url) == NEWEST
    with reading(old_engine) as connection:
        assert connection.execute(text("SELECT id FROM person")).scalars().all() == [person]


def test_a_database_of_the_last_version_before_the_baseline_is_brought_up(old_engine, old_url, monkeypatch, tmp_path):
    add_migration(monkeypatch, tmp_path, """op.add_column("person", sa.Column("ny", sa.Text()))""")
    with pytest.raises(OtherVersion, match=f"at version {BASELINE}.* on version {LATER}. Run: udb migrate"):
        migrate.require_expected_version(old_engine)
    assert migrate.upgrade(old_url) == LATER == stored_version(old_url)
    assert "ny" in {column["name"] for column in inspect(old_engine).get_columns("person")}


@pytest.mark.parametrize("version", ["0001", "0009", "0015"])
def test_an_older_database_is_refused_with_what_to_do_and_left_alone(version, engine, database_url):
    set_version(database_url, version)
    said = f"at version {version}, from before the first release. Check out commit c42918b and run udb migrate there"
    with pytest.raises(OtherVersion, match=said):
        migrate.require_expected_version(engine)
    with pytest.raises(OtherVersion, match=said):
        migrate.upgrade(database_url)
    assert stored_version(database_url) == version


@pytest.mark.parametrize("version", ["later", "0017", "0002_later"])
def test_a_database_of_an_unknown_version_is_refused_and_left_alone(version, engine, database_url):
    set_version(database_url, version)
    with pytest.raises(OtherVersion, match=f"at version {version}, which this program does not know"):
        migrate.require_expected_version(engine)
    with pytest.raises(OtherVersion, match=f"at version {version}"):
        migrate.upgrade(database_url)
    assert stored_version(database_url) == version


def test_tables_that_are_not_committed_leave_nothing_behind(empty_database_url):
    with suppress(ZeroDivisionError), migrate.connect(empty_database_url) as connection:
        metadata.create_all(connection)
        raise ZeroDivisionError
    engine = make_engine(empty_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_migration_that_fails_leaves_the_database_at_the_version_before(engine, database_url, monkeypatch, tmp_path):
    halfway = """op.drop_table("onske"); op.execute("SELECT * FROM findes_ikke")"""
    add_migration(monkeypatch, tmp_path, halfway)
    with pytest.raises(DBAPIError, match="findes_ikke"):
        migrate.upgrade(database_url)
    assert stored_version(database_url) == NEWEST
    assert inspect(engine).has_table("onske")


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


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", [GYMNASIUM]),
        ("RECALCULATE_EVENTS = True", [GYMNASIUM]),
        ("RECALCULATE_EVENTS = False", [None]),
    ],
)
def test_what_follows_from_the_events_is_calculated_again_unless_a_migration_says_not_to(
    world, endpoint, database_url, monkeypatch, tmp_path, more, expected
):
    world.person(CPRNR)
    assert endpoint.report(UNGDOMSUDDANNELSE, UNGDOM)["Resultat"] == "Accepteret"
    add_migration(monkeypatch, tmp_path, """op.execute("UPDATE haendelse SET aabent_hos = NULL")""", more)
    migrate.upgrade(database_url)
    with world.engine.connect() as connection:
        assert connection.execute(select(haendelse.c.aabent_hos)).scalars().all() == expected


def test_a_database_of_the_first_release_learns_that_eud10_exempts(old_engine, old_url):
    world = World(old_engine)
    world.build()
    world.person(CPRNR)
    optag = {"CPRNr": CPRNR, "InstitutionNummer": SCHOOL, "HaendelseDato": "2026-08-10T00:00:00", "Status": "1"}
    optag |= {"KildeLeverandoer": "UVdata", "Annullering": "false", "ForberedendeAktivitetsKode": "9010"}
    endpoint = Endpoint(application(Context(old_engine, Settings(sandbox=True)), {}))
    assert endpoint.report(FORBEREDENDE_AKTIVITET, optag)["Resultat"] == "Accepteret"
    with writing(old_engine) as connection:
        connection.execute(text("UPDATE haendelse SET fritager_foer = NULL"))
    migrate.upgrade(old_url)
    with old_engine.connect() as connection:
        assert connection.execute(select(haendelse.c.fritager_foer)).scalars().all() == [date.max]
