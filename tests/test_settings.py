import re
from pathlib import Path

import pytest
from sqlalchemy import make_url

from udb import settings
from udb.domain.errors import WrongUse
from udb.paths import ROOT
from udb.settings import Settings
from udb.store import migrate


def test_without_any_setting_the_database_is_a_file_in_data(monkeypatch):
    monkeypatch.delenv("UDB_DATABASE_URL", raising=False)
    monkeypatch.delenv("UDB_DATA", raising=False)
    assert settings.load().url == f"sqlite:///{Path('data', 'udb.sqlite')}"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_way_to_write_a_postgresql_address_is_understood(monkeypatch, scheme):
    monkeypatch.setenv("UDB_DATABASE_URL", f"{scheme}://udb@db.example/udb")
    assert settings.load().url == "postgresql+psycopg://udb@db.example/udb"


def test_every_setting_that_is_wrong_is_named_at_once(monkeypatch):
    monkeypatch.setenv("UDB_SIDESTOERRELSE", "0")
    monkeypatch.setenv("UDB_MAKS_BODY", "stor")
    with pytest.raises(WrongUse) as refused:
        settings.load()
    assert "UDB_SIDESTOERRELSE" in str(refused.value)
    assert "UDB_MAKS_BODY" in str(refused.value)


@pytest.mark.parametrize("address", ["udb", "", "mysql://udb@db.example/udb", "://"])
def test_an_address_of_no_database_that_is_known_is_wrong_use(monkeypatch, address):
    monkeypatch.setenv("UDB_DATABASE_URL", address)
    with pytest.raises(WrongUse, match=r"UDB_DATABASE_URL.*postgresql://"):
        settings.load()


def test_a_list_that_is_no_json_is_wrong_use(monkeypatch):
    monkeypatch.setenv("UDB_VAERTER", "udb.example.dk")
    with pytest.raises(WrongUse, match=r"vaerter.*UDB_VAERTER="):
        settings.load()


@pytest.mark.parametrize("name", ["100%", "a%20b", "%(here)s", "hvad?", "?mode=memory", "#1", "a@b:c", "æøå"])
def test_the_database_is_in_udb_data_whatever_the_folder_is_called(monkeypatch, tmp_path, name):
    monkeypatch.delenv("UDB_DATABASE_URL", raising=False)
    monkeypatch.setenv("UDB_DATA", str(tmp_path / name))
    url = settings.load().url
    assert make_url(url).database == str(tmp_path / name / "udb.sqlite")
    assert not make_url(url).query
    migrate.upgrade(url)
    assert (tmp_path / name / "udb.sqlite").stat().st_size > 0
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("anchor", "ca", "wrong"),
    [
        ("", None, "UDB_LAESELOG_ANKER:"),
        ("ftp://tsa.example/", None, "UDB_LAESELOG_ANKER:"),
        ("file:///anker", None, "UDB_LAESELOG_ANKER:"),
        ("https://tsa.example/", None, "UDB_LAESELOG_ANKER_CA:"),
        ("/anker", "/ca.pem", "UDB_LAESELOG_ANKER_CA:"),
        (None, "/ca.pem", "UDB_LAESELOG_ANKER_CA:"),
    ],
)
def test_an_anchor_that_is_no_place_is_wrong_use(monkeypatch, anchor, ca, wrong):
    for name, value in (("UDB_LAESELOG_ANKER", anchor), ("UDB_LAESELOG_ANKER_CA", ca)):
        if value is not None:
            monkeypatch.setenv(name, value)
    with pytest.raises(WrongUse, match=wrong):
        settings.load()


def test_the_draft_of_data_protection_says_what_the_settings_say():
    text = (ROOT / "docs" / "databeskyttelse.md").read_text(encoding="utf-8")
    given = Settings()
    for name, days in (
        ("UDB_OPBEVARING_AAR", f"til {given.opbevaring_aar} år efter"),
        ("UDB_NOEGLER_DAGE", f"{given.noegler_dage} dage"),
        ("UDB_LAESELOG_AAR", f"{given.laeselog_aar} år"),
    ):
        assert re.search(rf"\| [^|]*{re.escape(days)}[^|]*\| `{name}` \|", text), name
