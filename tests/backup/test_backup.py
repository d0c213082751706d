"""A backup is the whole database at one moment. A restored one is the same, less what was deleted since."""

import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError

from tests.support import database
from tests.support.endpoint import Endpoint
from tests.support.read_log import seal_at
from tests.support.reports import UNGDOM
from tests.support.versions import LATER, add_migration, downgrade, set_version, stored_version
from tests.support.world import KOMMUNE, World
from udb.backup.archive import Reader
from udb.backup.make import backup
from udb.backup.restore import restore
from udb.context import Context
from udb.domain.clock import system_time
from udb.domain.errors import OtherVersion, UdbRefused
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.readlog.sealing import seal
from udb.readlog.verdict import Terms
from udb.readlog.verify import verify
from udb.retention import read_log as read_log_retention
from udb.retention import used_keys, youths
from udb.retention.deletion_log import DeletionLog
from udb.settings import Settings
from udb.store import migrate
from udb.store.clocks import CLOCK
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import bopael, call_key, counter, cprnummer, haendelse, metadata, person
from udb.store.tables.log import read_log
from udb.wsdl.use_cases import application

OLD = system_time() - timedelta(days=3000)
ANNA, BO, CAJA, DITTE = "6101064234", "6101064242", "6101064250", "6101064269"


@pytest.fixture
def log(tmp_path: Path) -> DeletionLog:
    return DeletionLog(tmp_path / "sletninger.jsonl")


@pytest.fixture
def lived(world: World, endpoint: Endpoint) -> World:
    """A register with a past: events, a merger, a fetched page, and log rows that are sealed, removed and waiting."""
    with writing(world.engine) as connection:
        values = {"system_id": "s", "institution_nummer": "1", "operation": "o", "correlation_id": "c", "personer": [1]}
        connection.execute(insert(read_log).values(tid=OLD, **values))
    assert seal_at(world.engine, OLD) == 1
    for cprnr in (ANNA, BO, CAJA):
        world.person(cprnr)
        report(endpoint, cprnr)
    endpoint.fetch(KOMMUNE, "en side")
    world.change_number(CAJA, BO)
    endpoint.fetch(KOMMUNE, CPRNr=ANNA)
    assert seal(world.engine) == 1
    endpoint.fetch(KOMMUNE, CPRNr=BO)
    return world


def report(endpoint: Endpoint, cprnr: str) -> str:
    receipt = endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": cprnr}, f"nøgle {cprnr}")
    assert receipt["Resultat"] == "Accepteret"
    return str(receipt["HaendelseNummer"])


def content(engine: Engine) -> dict[str, list[str]]:
    """Return every row of every table but the counter's, and the note that its numbers are ahead of the clock."""
    with reading(engine) as connection:
        return {
            table.name: sorted(repr(row) for row in connection.execute(select(table)) if row[0] != CLOCK)
            for table in metadata.sorted_tables
            if table is not counter
        }


def last_number(engine: Engine) -> str:
    with reading(engine) as connection:
        return str(connection.execute(select(counter.c.last)).scalar_one())


@pytest.fixture
def empty_engine(databases: database.Source) -> Iterator[Engine]:
    with databases.empty() as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_a_restored_database_is_what_it_was_and_goes_on(lived: World, empty_engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    highest = lived.person(DITTE)
    with writing(lived.engine) as connection:
        for table in (cprnummer, bopael):
            connection.execute(delete(table).where(table.c.person_id == highest))
        connection.execute(delete(person).where(person.c.id == highest))
    manifest = backup(lived.engine, file, has_deletion_log=False)
    assert file.stat().st_mode & 0o777 == 0o600
    done = restore(url_of(empty_engine), file, None, aar=5)
    assert content(empty_engine) == content(lived.engine)
    assert (done.verdict.faults, done.verdict.blocks, done.verdict.waiting) == ([], 2, 2)
    assert manifest.tabeller["haendelse"].raekker == 3
    assert last_number(empty_engine) > last_number(lived.engine)
    # It serves, and remembers: the same key returns the same receipt, and a new report has the highest number ever.
    before = last_number(lived.engine)
    endpoint = Endpoint(application(Context(empty_engine, Settings(sandbox=True)), {}))
    with reading(lived.engine) as connection:
        known = connection.execute(select(haendelse.c.nummer).where(haendelse.c.cprnr == ANNA)).scalar_one()
    assert report(endpoint, ANNA) == known
    again = World(empty_engine)
    assert again.person(DITTE) > highest, "an id is never used again"
    assert report(endpoint, DITTE).removeprefix("UDB-") > before
    with pytest.raises(DBAPIError, match="append-only"), writing(empty_engine) as connection:
        connection.execute(update(read_log).values(system_id="en anden"))
    seal(empty_engine)
    assert verify(empty_engine, Terms(aar=5)).faults == []


def test_what_one_kind_of_database_wrote_the_other_reads(
    lived: World, empty_engine: Engine, databases: database.Source, tmp_path: Path
) -> None:
    if isinstance(databases, database.Sqlite):
        first, second, third = tmp_path / "1.zip", tmp_path / "2.zip", tmp_path / "3.zip"
    else:
        first, second, third = tmp_path / "a.zip", tmp_path / "b.zip", tmp_path / "c.zip"
    backup(lived.engine, first, has_deletion_log=False)
    with database.sqlite(tmp_path) as source, source.empty() as url:
        restore(url, first, None, aar=5)
        there = make_engine(url)
        assert content(there) == content(lived.engine)
        backup(there, second, has_deletion_log=False)
        known = content(there)
        there.dispose()
    restore(url_of(empty_engine), second, None, aar=5)
    assert content(empty_engine) == known
    backup(empty_engine, third, has_deletion_log=False)
    with closing(Reader(second)) as one, closing(Reader(third)) as other:
        different = [
            name for name in one.manifest.tabeller if one.manifest.tabeller[name] != other.manifest.tabeller[name]
        ]
    # Each backup is in the log; each restore notes that the numbers are ahead of the clock.
    assert sorted(different) == ["counter", "read_log", "read_log_person", "read_log_unsealed", "state"]


def test_what_was_deleted_since_is_deleted_again(
    lived: World, endpoint: Endpoint, empty_engine: Engine, log: DeletionLog, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    with writing(lived.engine) as connection:
        connection.execute(update(call_key).values(created=system_time() - timedelta(days=500)))
    backup(lived.engine, file, has_deletion_log=False)
    lived.person(DITTE)
    report(endpoint, DITTE)
    lived.clock("2039-01-01T08:00:00")
    assert youths.remove_old(lived.engine, log, 2) == 3
    assert used_keys.remove_old(lived.engine, log, 400) == 3
    assert read_log_retention.remove_old(lived.engine, log, 5) == (1, 1, ())
    done = restore(url_of(empty_engine), file, log, aar=5)
    assert done.deleted_again == {"unge": 1, "noegler": 1, "laeselog": 1}
    with reading(empty_engine) as connection:
        assert connection.execute(select(func.count()).select_from(haendelse)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(call_key)).scalar_one() == 0
    verdict = verify(empty_engine, Terms(aar=5))
    assert (verdict.faults, verdict.removed) == ([], {5: 1})
    # The number of an event that was lost and deleted is not drawn again.
    assert done.nummer >= last_number(lived.engine)


def test_numbers_go_on_after_what_a_reader_has_seen(lived: World, empty_engine: Engine, tmp_path: Path) -> None:
    backup(lived.engine, tmp_path / "backup.zip", has_deletion_log=False)
    seen = f"UDB-{9 * 10**22}"
    done = restore(url_of(empty_engine), tmp_path / "backup.zip", None, aar=5, after=seen)
    assert f"UDB-{done.nummer}" == seen
    World(empty_engine).person(DITTE)
    assert report(Endpoint(application(Context(empty_engine, Settings(sandbox=True)), {})), DITTE) > seen


def test_a_database_with_anything_in_it_is_refused_and_left_alone(lived: World, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    backup(lived.engine, file, has_deletion_log=False)
    before = content(lived.engine), last_number(lived.engine)
    with pytest.raises(UdbRefused, match=r"not empty .*person"):
        restore(url_of(lived.engine), file, None, aar=5)
    assert (content(lived.engine), last_number(lived.engine)) == before
    with pytest.raises(UdbRefused, match="already exists"):
        backup(lived.engine, file, has_deletion_log=False)


def test_a_database_that_was_only_migrated_is_empty(lived: World, databases: database.Source, tmp_path: Path) -> None:
    backup(lived.engine, tmp_path / "backup.zip", has_deletion_log=False)
    with databases.migrated() as url:
        restore(url, tmp_path / "backup.zip", None, aar=5)
        engine = make_engine(url)
        assert content(engine) == content(lived.engine)
        engine.dispose()


def damaged(file: Path, other: Path, change: Any) -> Path:
    """Return the archive with its members changed."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            if (changed := change(name, source.read(name))) is not None:
                target.writestr(name, changed)
    return other


@pytest.mark.parametrize(
    "change",
    [
        lambda _name, data: data.replace(b"LUDUS", b"LUDUZ"),
        lambda name, data: data[: len(data) // 2] if name == "haendelse.jsonl" else data,
        lambda name, data: b"" if name == "read_log.jsonl" else data,
        lambda name, data: None if name == "onske.jsonl" else data,
        lambda name, data: None if name == "manifest.json" else data,
        lambda _name, data: data.replace(b'"format": 1', b'"format": 2'),
        lambda _name, data: data.replace(b'"version": "', b'"version": "x'),
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_is_restored(
    lived: World, empty_engine: Engine, tmp_path: Path, change: Any
) -> None:
    file = tmp_path / "backup.zip"
    backup(lived.engine, file, has_deletion_log=False)
    with pytest.raises(UdbRefused):
        restore(url_of(empty_engine), damaged(file, tmp_path / "other.zip", change), None, aar=5)
    assert inspect(empty_engine).get_table_names() == []


def test_a_file_that_is_no_backup_or_was_cut_off_is_refused(lived: World, empty_engine: Engine, tmp_path: Path) -> None:
    file, cut = tmp_path / "backup.zip", tmp_path / "cut.zip"
    backup(lived.engine, file, has_deletion_log=False)
    cut.write_bytes(file.read_bytes()[:-100])
    for wrong in (cut, tmp_path / "findes ikke", tmp_path):
        with pytest.raises(UdbRefused, match=r"is not a backup|cannot be read"):
            restore(url_of(empty_engine), wrong, None, aar=5)


def test_a_backup_that_cannot_be_finished_leaves_no_file(
    lived: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("udb.backup.archive.Writer.finish", full)
    with pytest.raises(OSError, match="No space"):
        backup(lived.engine, tmp_path / "backup.zip", has_deletion_log=False)
    assert list(tmp_path.glob("*.zip*")) == []


def of_version(file: Path, other: Path, version: str) -> Path:
    """Return the archive, marked with another version."""
    said = f'"version": "{migrate.expected_version()}"'.encode()
    return damaged(file, other, lambda _name, data: data.replace(said, f'"version": "{version}"'.encode()))


def test_a_backup_of_an_earlier_version_is_brought_up(
    lived: World, empty_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(lived.engine, tmp_path / "backup.zip", has_deletion_log=False)
    add_migration(monkeypatch, tmp_path, """op.execute("UPDATE person SET navn = 'ny'")""")
    restore(url_of(empty_engine), tmp_path / "backup.zip", None, aar=5)
    assert migrate.current_version(empty_engine) == LATER
    with reading(empty_engine) as connection:
        assert set(connection.execute(select(person.c.navn)).scalars()) == {"ny"}


def test_a_backup_of_the_last_version_before_the_baseline_is_restored(
    lived: World, empty_engine: Engine, databases: database.Source, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    downgrade(url_of(lived.engine), migrate.BASELINE)
    set_version(url_of(lived.engine), "0016")
    backup(lived.engine, file, has_deletion_log=False)
    restore(url_of(empty_engine), file, None, aar=5)
    assert stored_version(url_of(empty_engine)) == migrate.expected_version()
    migrate.upgrade(url_of(lived.engine))
    assert content(empty_engine) == content(lived.engine)
    with databases.migrated() as url:
        downgrade(url, migrate.BASELINE)
        set_version(url, "0016")
        restore(url, file, None, aar=5)
        assert stored_version(url) == migrate.expected_version()


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (
            "0015",
            "at version 0015, from before the first release. Check out commit c42918b and run udb gendan there",
        ),
        ("9999_later", "The backup is at version 9999_later, which this program does not know"),
    ],
)
def test_a_backup_of_a_version_that_is_not_read_says_what_to_do(
    lived: World, empty_engine: Engine, databases: database.Source, tmp_path: Path, version: str, said: str
) -> None:
    backup(lived.engine, tmp_path / "backup.zip", has_deletion_log=False)
    file = of_version(tmp_path / "backup.zip", tmp_path / "other.zip", version)
    with pytest.raises(OtherVersion, match=said):
        restore(url_of(empty_engine), file, None, aar=5)
    assert inspect(empty_engine).get_table_names() == []
    with databases.migrated() as url, pytest.raises(OtherVersion, match=said):
        restore(url, file, None, aar=5)


def test_a_backup_under_load_is_one_moment(
    lived: World, endpoint: Endpoint, empty_engine: Engine, tmp_path: Path
) -> None:
    youths_ = [f"610106{serial}" for serial in range(4500, 4560)]
    for cprnr in youths_:
        lived.person(cprnr)
    with ThreadPoolExecutor(3) as pool:
        numbers = pool.map(lambda cprnr: report(endpoint, cprnr), youths_)
        manifests = [backup(lived.engine, tmp_path / f"{i}.zip", has_deletion_log=False) for i in range(3)]
        reported = list(numbers)
    assert len(reported) == len(youths_)
    restore(url_of(empty_engine), tmp_path / "1.zip", None, aar=5)
    upto = f"UDB-{manifests[1].nummer}"
    with reading(lived.engine) as connection, reading(empty_engine) as other:
        every = select(haendelse.c.nummer).order_by(haendelse.c.nummer)
        expected = connection.execute(every.where(haendelse.c.nummer <= upto)).scalars().all()
        assert other.execute(every).scalars().all() == expected
        assert len(set(other.execute(select(call_key.c.transaction_id)).scalars())) == len(expected)
