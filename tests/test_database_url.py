"""The address of a database, as libpq and as SQLAlchemy write several hosts."""

import pytest

from udb import settings
from udb.domain.errors import WrongUse
from udb.store.engine import make_engine

LISTED = {"host": "db1,db2", "port": "5432,5433"}
PAIRS = [
    ("u@db1:5432,db2:5433/udb", LISTED),
    ("u@/udb?host=db1:5432&host=db2:5433", LISTED),
    ("/udb?host=db1,db2&port=5432,5433", LISTED),
    ("u@db1,db2:5433/udb", {"host": "db1,db2", "port": ",5433"}),
    ("u@[::1]:5432,[fe80::1],db3/udb", {"host": "::1,fe80::1,db3", "port": "5432,,"}),
    ("u@db1/udb?host=/var/run&port=5433", {"host": "/var/run", "port": "5433"}),
    ("u:a%40b@db1:5432,db2:5433/udb?sslmode=require", {**LISTED, "password": "a@b", "sslmode": "require"}),
    ("u:a/b,c:1@db1/udb", {"host": "db1", "password": "a/b,c:1"}),
    ("u@db1:/udb", {"host": "db1", "port": None}),
]
WRONG = [
    ("u:hemmelig@db1:x,db2/udb", "port"),
    ("u:hemmelig@db1:x/udb", "port"),
    ("u:hemmelig@db1:0/udb", "port"),
    ("u:hemmelig@db1:65536/udb", "port"),
    ("u:hemmelig@::1/udb", r"\[::1\]"),
    ("u:hemmelig@db1,,db2/udb", "empty host"),
    ("u:hemmelig@db1,/udb", "empty host"),
    ("u:hemmelig@db1,db2/udb?host=db3", "twice"),
    ("u:hemmelig@db1,db2/udb?port=5432", "twice"),
    ("u:hemmelig@/udb?host=db1&host=db2&port=5432", "behind it"),
    ("u:hemmelig@db1/udb?target_session_attrs=skriv", "read-write"),
    ("u:hemmelig@db1,db2/udb?sslmod=require", "sslmod="),
]


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
@pytest.mark.parametrize(("address", "found"), PAIRS)
def test_hosts_are_found_as_they_are_listed(monkeypatch, scheme, address, found):
    monkeypatch.setenv("UDB_DATABASE_URL", f"{scheme}://{address}")
    engine = make_engine(settings.load().url)
    _, parameters = engine.dialect.create_connect_args(engine.url)
    assert {name: parameters.get(name) for name in found} == found
    assert parameters.get("dbname") == "udb"


@pytest.mark.parametrize("name", ["UDB_DATABASE_URL", "UDB_READ_DATABASE_URL"])
@pytest.mark.parametrize(("address", "reason"), WRONG)
def test_nonsense_is_refused_with_the_reason_and_without_the_address(monkeypatch, name, address, reason):
    monkeypatch.setenv("UDB_DATABASE_URL", "postgresql://u@db/udb")
    monkeypatch.setenv(name, f"postgresql://{address}")
    with pytest.raises(WrongUse, match=f"{name}: .*{reason}") as refused:
        settings.load()
    assert "hemmelig" not in str(refused.value)


@pytest.mark.parametrize(
    ("primary", "standby"),
    [
        (None, "postgresql://u@db/udb"),
        ("postgresql://u@db/udb", "sqlite:///udb.sqlite"),
        ("sqlite:///a", "sqlite:///b"),
    ],
)
def test_only_postgresql_has_a_standby(monkeypatch, primary, standby):
    monkeypatch.delenv("UDB_DATABASE_URL", raising=False)
    if primary is not None:
        monkeypatch.setenv("UDB_DATABASE_URL", primary)
    monkeypatch.setenv("UDB_READ_DATABASE_URL", standby)
    with pytest.raises(WrongUse, match=r"UDB_READ_DATABASE_URL: .*standby"):
        settings.load()
