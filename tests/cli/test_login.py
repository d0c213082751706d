"""A database that does not let the role in: one line says why, with exit code 3 and without secrets."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.support import database

SECRET = "mit hemmelige ord"
ROLE = "rolle_med_ord"


@pytest.fixture
def url(databases: database.Source) -> Iterator[str]:
    """Yield the address of a database in which ROLE needs a password; every other role needs none."""
    if not isinstance(databases, database.Postgresql):
        pytest.skip("SQLite has no roles")
    with databases.migrated() as address:
        superuser = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(superuser, autocommit=True) as connection:
            row = connection.execute("SHOW hba_file").fetchone()
            assert row is not None
            rules = Path(row[0])
            before = rules.read_text()
            connection.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'et andet'")
            connection.execute("CREATE ROLE rolle_uden_adgang NOLOGIN")
            connection.execute("CREATE ROLE rolle_uden_linje LOGIN")
            rules.write_text(f"local all {ROLE} scram-sha-256\nlocal all rolle_uden_linje reject\n{before}")
            connection.execute("SELECT pg_reload_conf()")
            try:
                yield address
            finally:
                rules.write_text(before)
                connection.execute("SELECT pg_reload_conf()")
                for role in (ROLE, "rolle_uden_adgang", "rolle_uden_linje"):
                    connection.execute(f"DROP ROLE {role}")


@pytest.mark.parametrize("command", [("migrate",), ("serve", "--bind", "127.0.0.1:0"), ("system", "list")])
def test_a_wrong_password_is_said_of_the_role(run_udb, monkeypatch, url, tmp_path, command):
    monkeypatch.setenv("UDB_DATA", str(tmp_path))
    monkeypatch.setenv("UDB_DATABASE_URL", as_role(url, ROLE, SECRET))
    said = f"The database refuses the login: authentication failed for role {ROLE}. "
    advice = "Set the role's password in UDB_DATABASE_URL or in .pgpass.\n"
    assert run_udb(*command) == (3, "", said + advice)


@pytest.mark.parametrize(
    ("role", "password", "name", "said"),
    [
        (ROLE, None, None, "it asks for a password. Set the role's password in UDB_DATABASE_URL or in .pgpass."),
        ("findes_ikke", SECRET, None, "it has no role findes_ikke. Make the role, or correct UDB_DATABASE_URL."),
        (
            "rolle_uden_adgang",
            SECRET,
            None,
            "role rolle_uden_adgang may not log in. Run in psql: ALTER ROLE rolle_uden_adgang LOGIN",
        ),
        (None, None, "findes_ikke", "it has no database findes_ikke. Make it, or correct UDB_DATABASE_URL."),
        ("rolle_uden_linje", SECRET, None, "its pg_hba.conf refuses role rolle_uden_linje from this host."),
    ],
    ids=["no password", "no role", "no login", "no database", "no line"],
)
def test_each_refusal_of_a_login_says_what_to_do(run_udb, monkeypatch, url, tmp_path, role, password, name, said):
    monkeypatch.setenv("UDB_DATA", str(tmp_path))
    # No password from elsewhere.
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "findes ikke"))
    monkeypatch.setenv("UDB_DATABASE_URL", as_role(url, role, password, name))
    assert run_udb("system", "list") == (3, "", f"The database refuses the login: {said}\n")


def test_a_role_without_rights_is_sent_to_the_owner(run_udb, monkeypatch, url, tmp_path):
    monkeypatch.setenv("UDB_DATA", str(tmp_path))
    monkeypatch.setenv("UDB_DATABASE_URL", as_role(url, ROLE, "et andet"))
    for command in (("serve", "--bind", "127.0.0.1:0"), ("system", "list")):
        assert run_udb(*command) == (
            3,
            "",
            "The database role lacks rights. As the owner of the tables: udb migrate --role ROLE\n",
        )


def as_role(url: str, role: str | None, password: str | None, name: str | None = None) -> str:
    found = make_url(url)
    found = found.set(username=role or found.username, password=password, database=name or found.database)
    return found.render_as_string(hide_password=False)
