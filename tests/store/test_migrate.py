import json
import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import DateTime, bindparam, delete, inspect, select, text
from sqlalchemy.exc import DBAPIError

from tests.support.reports import CPRNR, UNGDOM
from tests.support.versions import LATER, add_migration, downgrade, set_version, stored_version
from tests.support.world import GYMNASIUM, KOMMUNE, SCHOOL
from udb.domain.errors import DatabaseUnavailable, OtherVersion
from udb.domain.services import FORBEREDENDE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.sandbox import mark
from udb.store import migrate, state
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import counter, feed_gained, feed_position, haendelse, hentet, kodesaet, metadata, person

BASELINE = "0001_baseline"
NEWEST = "0015_systemskifte"


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
    assert len(found) == 52
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


def test_a_database_of_the_last_version_before_the_baseline_is_brought_up_like_the_baselines(
    world, engine, database_url
):
    person = world.person(CPRNR)
    downgrade(database_url, BASELINE)
    set_version(database_url, "0016")
    with pytest.raises(OtherVersion, match=f"at version {BASELINE}"):
        migrate.require_expected_version(engine)
    for _ in range(2):
        assert migrate.upgrade(database_url) == NEWEST
        assert stored_version(database_url) == NEWEST
    with reading(engine) as connection:
        assert connection.execute(text("SELECT id FROM person")).scalars().all() == [person]


def test_a_database_of_the_last_version_before_the_baseline_is_brought_up(engine, database_url, monkeypatch, tmp_path):
    downgrade(database_url, BASELINE)
    set_version(database_url, "0016")
    add_migration(monkeypatch, tmp_path, """op.add_column("person", sa.Column("ny", sa.Text()))""")
    with pytest.raises(OtherVersion, match=f"at version {BASELINE}.* on version {LATER}. Run: udb migrate"):
        migrate.require_expected_version(engine)
    assert migrate.upgrade(database_url) == LATER == stored_version(database_url)
    assert "ny" in {column["name"] for column in inspect(engine).get_columns("person")}


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


def test_a_database_of_the_first_release_learns_that_eud10_exempts(world, endpoint, database_url):
    world.person(CPRNR)
    optag = {"CPRNr": CPRNR, "InstitutionNummer": SCHOOL, "HaendelseDato": "2026-08-10T00:00:00", "Status": "1"}
    optag |= {"KildeLeverandoer": "UVdata", "Annullering": "false", "ForberedendeAktivitetsKode": "9010"}
    assert endpoint.report(FORBEREDENDE_AKTIVITET, optag)["Resultat"] == "Accepteret"
    with writing(world.engine) as connection:
        connection.execute(text("UPDATE haendelse SET fritager_foer = NULL"))
    downgrade(database_url, BASELINE)
    migrate.upgrade(database_url)
    with world.engine.connect() as connection:
        assert connection.execute(select(haendelse.c.fritager_foer)).scalars().all() == [date.max]


def test_marks_and_days_of_the_feed_come_along_both_ways(world, endpoint, database_url):
    youth = world.person(CPRNR)
    assert endpoint.report(UNGDOMSUDDANNELSE, UNGDOM)["Resultat"] == "Accepteret"
    endpoint.fetch(KOMMUNE)
    days = select(haendelse.c.synlig_fra, haendelse.c.synlig_til, haendelse.c.nummer)
    with reading(world.engine) as connection:
        marks, shown = connection.execute(select(hentet)).all(), connection.execute(days).one()
        lived = connection.execute(select(person.c.turns_15, person.c.turns_25).where(person.c.id == youth)).one()
    assert shown == (*lived, marks[0].nummer)
    downgrade(database_url, "0010_grund")
    with reading(world.engine) as connection:
        assert connection.execute(select(hentet)).all() == marks
    assert [key["constrained_columns"] for key in inspect(world.engine).get_foreign_keys("hentet")] == [["nummer"]]
    migrate.upgrade(database_url)
    with reading(world.engine) as connection:
        assert connection.execute(select(hentet)).all() == marks
        assert connection.execute(days).one() == shown


def test_a_code_row_learns_which_columns_are_invented_and_keeps_all_else(empty_database_url):
    with migrate.connect(empty_database_url) as connection:
        migrate.upgrade_in(connection, "0002_fritagelse")
        old = (
            "INSERT INTO kodesaet (saet, kode, variant, gyldig_fra, gyldig_til, tekst, eksempel, egenskaber) "
            "VALUES (:saet, :kode, :variant, '2000-01-01', NULL, 'En tekst', :eksempel, '{\"skal\": \"1\"}')"
        )
        rows = [
            {"saet": "cosa_formaal", "kode": "9100", "variant": "1", "eksempel": True},
            {"saet": "kommuner", "kode": "147", "variant": "", "eksempel": True},
            {"saet": "stads", "kode": "9301", "variant": "", "eksempel": True},
            {"saet": "stads", "kode": "9302", "variant": "", "eksempel": False},
        ]
        connection.execute(text(old), rows)
    migrate.upgrade(empty_database_url)
    engine = make_engine(empty_database_url)
    with reading(engine) as connection:
        found = connection.execute(select(kodesaet).order_by(kodesaet.c.kode)).mappings().all()
    engine.dispose()
    assert [(row["saet"], row["kode"], row["variant"], row["opfundet"], row["kilde"]) for row in found] == [
        ("kommuner", "147", "", "kode tekst institutionsnummer", ""),
        ("cosa_formaal", "9100", "1", "kode version tekst", ""),
        ("stads", "9301", "", "kode tekst", ""),
        ("stads", "9302", "", "", "Kilden er ikke noteret"),
    ]
    assert {(row["gyldig_fra"], row["gyldig_til"], row["tekst"], str(row["egenskaber"])) for row in found} == {
        (date(2000, 1, 1), None, "En tekst", "{'skal': '1'}")
    }
    assert "eksempel" not in found[0]


def test_the_way_back_marks_each_row_with_an_invented_column(world, database_url):
    downgrade(database_url, "0002_fritagelse")
    with world.engine.connect() as connection:
        query = text("SELECT DISTINCT saet FROM kodesaet WHERE eksempel")
        marked = set(connection.execute(query).scalars())
    assert {"timeloen", "stads"} <= marked
    assert not marked & {"kommuner", "klassetyper"}


def test_a_kind_of_income_learns_whether_it_is_wage_or_a_benefit_and_back(empty_database_url):
    with migrate.connect(empty_database_url) as connection:
        migrate.upgrade_in(connection, "0004_efterskoler")
        old = (
            "INSERT INTO kodesaet (saet, kode, variant, gyldig_fra, tekst, opfundet, kilde, egenskaber) "
            "VALUES (:saet, :kode, '', '2000-01-01', 'En tekst', :opfundet, '', :egenskaber)"
        )
        rows = [
            ("indtaegtsarter", "LOEN", "kode tekst social_ydelse", '{"social_ydelse": "0"}'),
            ("indtaegtsarter", "0005", "social_ydelse", '{"social_ydelse": "1"}'),
            ("indtaegtsarter", "9001", "", '{"social_ydelse": "0"}'),
            ("stads", "9301", "", '{"fuldfoerer": ""}'),
        ]
        names = ("saet", "kode", "opfundet", "egenskaber")
        connection.execute(text(old), [dict(zip(names, row, strict=True)) for row in rows])
    migrate.upgrade(empty_database_url)
    engine = make_engine(empty_database_url)
    query = select(kodesaet.c.kode, kodesaet.c.opfundet, kodesaet.c.egenskaber).order_by(kodesaet.c.kode)
    with reading(engine) as connection:
        new = {kode: rest for kode, *rest in connection.execute(query)}
    downgrade(empty_database_url, "0004_efterskoler")
    with reading(engine) as connection:
        back = {kode: rest for kode, *rest in connection.execute(query)}
    engine.dispose()
    assert new == {
        "LOEN": ["kode tekst loentype", {"loentype": "loen"}],
        "0005": ["loentype", {"loentype": "social_ydelse"}],
        "9001": ["", {"loentype": ""}],
        "9301": ["", {"fuldfoerer": ""}],
    }
    assert back == {kode: [opfundet, json.loads(properties)] for _, kode, opfundet, properties in rows}


@pytest.mark.parametrize(
    ("sandbox", "clock", "kept"),
    [
        (True, "2031-03-01T09:00:00+01:00", False),
        (True, "2026-08-10T08:00:00+02:00", True),
        (False, "2026-08-10T08:00:00+02:00", True),
    ],
)
def test_a_fetch_of_before_has_a_lower_bound_by_the_clock_of_the_events(
    world, endpoint, database_url, sandbox, clock, kept
):
    """System time, or in a sandbox the event's registration, where that is later."""
    world.person(CPRNR)
    if sandbox:
        with writing(world.engine) as connection:
            state.write(connection, mark.SANDBOX, {})
    world.clock(clock)
    receipt = endpoint.report(UNGDOMSUDDANNELSE, UNGDOM)
    endpoint.fetch(KOMMUNE)
    with world.engine.connect() as connection:
        (before,) = connection.execute(select(hentet)).all()
    downgrade(database_url, "0002_fritagelse")
    with writing(world.engine) as connection:
        old = {"tid": before.hentet_system.astimezone(UTC).replace(tzinfo=None)}
        connection.execute(
            text("UPDATE hentet SET givet_tid = :tid").bindparams(bindparam("tid", type_=DateTime())), old
        )
    migrate.upgrade(database_url)
    with world.engine.connect() as connection:
        (after,) = connection.execute(select(hentet)).all()
        position = connection.execute(select(feed_position)).one()
    registered = datetime.fromisoformat(str(receipt["Registreringstid"]))
    assert after.hentet_system == before.hentet_system
    expected = after.hentet_system if kept else registered
    assert after.hentet_tid == after.givet_tid
    assert abs(after.hentet_tid - expected) < timedelta(milliseconds=1)
    assert position.answered_domain == position.answered


def test_a_gennemfoert_of_before_that_is_in_doubt_hides_nothing_and_feeds_look_again(world, endpoint, database_url):
    """A6: of a youth under 18 without an optag; calculated again, and noted so that kommuner get what was hidden."""
    pupil = "7103105123"
    youth = world.person(pupil)
    stx = {"COsAFormaal": "3009", "COsAFormaalVersion": 2}
    done = {**UNGDOM, "CPRNr": pupil, "HaendelseDato": "2026-06-25T00:00:00", "Status": 3, "Uddannelse": stx}
    assert endpoint.report(UNGDOMSUDDANNELSE, done)["Resultat"] == "Accepteret"
    completed, gained = select(haendelse.c.i_fuldfoert), select(feed_gained.c.person_id, feed_gained.c.plads)
    downgrade(database_url, "0007_laeselog")
    with writing(world.engine) as connection:
        assert connection.execute(completed).scalars().all() == [True]
        connection.execute(delete(feed_gained))
    migrate.upgrade(database_url)
    with world.engine.connect() as connection:
        assert connection.execute(completed).scalars().all() == [False]
        (noted,) = connection.execute(gained).all()
        drawn = connection.execute(select(counter.c.last)).scalar_one()
    assert noted == (youth, f"UDB-{int(drawn):023}")
