"""What may be late is read from a standby, unless that is further behind than it may be."""

from sqlalchemy import text

from tests.support import hosts
from udb.settings import Settings
from udb.store import standby
from udb.store.engine import make_engine, reading, writing

MOVE = text("UPDATE counter SET last = last")


def test_a_standby_is_read_until_it_is_further_behind_than_it_may_be(udb, database_url, monkeypatch):
    with (
        hosts.before(database_url) as (primary,),
        hosts.copied(database_url, follows=True) as socket,
        hosts.host(socket) as follower,
    ):
        monkeypatch.setenv("UDB_READ_DATABASE_URL", hosts.url_of(database_url, follower, primary))
        monkeypatch.setenv("UDB_READ_LAG", "0")
        monkeypatch.setattr(standby, "CATCHES_UP", 1.0)
        commands = (["senders"], ["contacts"], ["recheck", "--date", "2099-01-01"], ["statistics", "run"])
        reader = make_engine(Settings(database_url=hosts.url_of(database_url, follower)).url)
        writer = make_engine(database_url)
        with writing(writer) as connection:
            connection.execute(MOVE)
        assert [udb(*command)[0] for command in commands] == [0, 0, 0, 0]
        with primary.gone():
            assert udb("senders")[0] == 0, "they are read from the standby"
        with reading(reader) as connection:
            assert connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one()
            connection.execute(text("SELECT pg_wal_replay_pause()"))
        with writing(writer) as connection:
            connection.execute(MOVE)
        for command in commands:
            code, _, said = udb(*command)
            assert code == 3
            assert "UDB_READ_DATABASE_URL is" in said
            assert "behind; UDB_READ_LAG allows 0 s" in said
        monkeypatch.setenv("UDB_READ_LAG", "600")
        assert udb("senders")[0] == 0, "it is not as late as that"
        for engine in (reader, writer):
            engine.dispose()
