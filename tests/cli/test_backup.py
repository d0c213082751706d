"""The operator's way: back up, delete what is due, lose everything, restore."""

from sqlalchemy import func, select

from tests.support.reports import ANNA, BO, optag
from tests.support.world import KOMMUNE
from udb.store.engine import make_engine, reading
from udb.store.tables import haendelse


def events(url):
    engine = make_engine(url)
    with reading(engine) as connection:
        found = connection.execute(select(func.count()).select_from(haendelse)).scalar_one()
    engine.dispose()
    return found


def test_backed_up_deleted_lost_and_restored(world, endpoint, udb, databases, monkeypatch, tmp_path, database_url):
    for cprnr in (ANNA, BO):
        world.person(cprnr)
        optag(endpoint, cprnr, 10)
    endpoint.fetch(KOMMUNE)
    file = str(tmp_path / "udb.zip")
    code, out, _ = udb("backup", file)
    assert (code, "sha256 " in out) == (0, True)
    assert udb("backup", file)[0] == 2, "it is there already"
    world.clock("2060-01-01T08:00:00")
    assert "data of 2 youths" in udb("retention")[1]
    assert events(database_url) == 0
    with databases.empty() as other:
        monkeypatch.setenv("UDB_DATABASE_URL", other)
        code, out, said = udb("restore", file, "--without-deletion-log")
        assert (code, "There is a deletion log" in said) == (2, True)
        assert udb("restore", file, "--after", "UDB-1")[0] == 2
        code, out, said = udb("restore", file)
        assert (code, said) == (0, "")
        assert "Deleted again, by lines of the deletion log: modtagelser 1, unge 1." in out
        assert "Numbers go on after UDB-" in out
        assert events(other) == 0
        assert udb("log", "verify")[0] == 0
        code, _, said = udb("restore", file)
        assert (code, "not empty" in said) == (4, True)
    with databases.empty() as other:
        monkeypatch.setenv("UDB_DATABASE_URL", other)
        monkeypatch.setenv("UDB_SLETTELOG", str(tmp_path / "findes-ikke.jsonl"))
        code, _, said = udb("restore", file)
        assert (code, "--without-deletion-log" in said) == (2, True)
        assert udb("restore", file, "--without-deletion-log")[0] == 0
        assert events(other) == 2


def test_what_cannot_be_restored_says_why(udb, databases, monkeypatch, tmp_path):
    wrong = tmp_path / "udb.zip"
    wrong.write_text("ikke en backup")
    with databases.empty() as other:
        monkeypatch.setenv("UDB_DATABASE_URL", other)
        code, _, said = udb("restore", str(wrong))
    assert (code, "is not a backup" in said) == (2, True)


def test_the_time_that_youths_are_kept_is_a_setting(world, endpoint, udb, monkeypatch):
    world.person(ANNA)
    optag(endpoint, ANNA, 10)
    world.clock("2039-12-31T08:00:00")
    monkeypatch.setenv("UDB_OPBEVARING_AAR", "9")
    assert "data of 0 youths, 0 call keys" in udb("retention")[1]
    monkeypatch.setenv("UDB_OPBEVARING_AAR", "1")
    assert "data of 1 youth," in udb("retention")[1]
    monkeypatch.setenv("UDB_NOEGLER_DAGE", "399")
    assert udb("retention")[0] == 2, "the contract promises 400 days"
