from datetime import date

import pytest
from sqlalchemy import func, select

from tests.imports.csvs import csv
from udb.domain import kodesaet
from udb.domain.errors import WrongUse
from udb.imports.kodesaet import import_kodesaet, load_shipped
from udb.imports.result import FileRefused
from udb.store import codes
from udb.store.engine import reading, writing
from udb.store.tables import kodesaet as table

HEADER = "kode;tekst;gyldig_fra;gyldig_til;opfundet;kilde"


def load(engine, *lines, saet=kodesaet.KLASSETYPER):
    result = import_kodesaet(engine, csv(HEADER, *lines), saet=saet)
    return result.added, result.changed, result.unchanged


def current(engine):
    with reading(engine) as connection:
        return codes.load_codes(connection)


def test_rows_are_added_and_replaced_and_the_edition_grows_only_then(engine):
    assert load(engine, "1;En;2020-01-01;;;egen liste", "2;To;2020-01-01;;;egen liste") == (2, 0, 0)
    assert current(engine).edition == 1
    assert load(engine, "1;En;2020-01-01;;;egen liste") == (0, 0, 1)
    assert current(engine).edition == 1
    assert load(engine, "1;En;2020-01-01;2025-12-31;;egen liste", "1;Et;2026-01-01;;;egen liste") == (1, 1, 0)
    found = current(engine)
    assert found.edition == 2
    texts = [found.on(kodesaet.KLASSETYPER, "1", date(year, 6, 1)).tekst for year in (2025, 2026)]
    assert texts == ["En", "Et"]
    assert found.on(kodesaet.KLASSETYPER, "2", date(2026, 6, 1)).tekst == "To"


def test_two_rows_may_not_hold_on_the_same_day(engine):
    load(engine, "1;En;2020-01-01;;;egen liste")
    with pytest.raises(FileRefused) as refused:
        load(engine, "2;To;2020-01-01;;;egen liste", "", "1;Et;2026-01-01;;;egen liste")
    assert [(fault.number, fault.column) for fault in refused.value.result.refused] == [(4, "gyldig_fra")]
    found = current(engine)
    assert found.edition == 1
    assert list(found.codes(kodesaet.KLASSETYPER)) == ["1"]


def test_a_bad_line_refuses_the_file(engine):
    with pytest.raises(FileRefused) as refused:
        load(engine, "1;En;2020-01-01;;;egen liste", "2;To;i går;;;egen liste")
    assert [(fault.number, fault.column) for fault in refused.value.result.refused] == [(3, "gyldig_fra")]
    assert current(engine).edition == 0


def test_an_unknown_set_is_wrong_use(engine):
    with pytest.raises(WrongUse):
        load(engine, "1;En;2020-01-01;;;egen liste", saet="findes_ikke")


def test_the_shipped_sets_fill_an_empty_database_once(engine):
    with writing(engine) as connection:
        added = load_shipped(connection)
        assert added == connection.execute(select(func.count()).select_from(table)).scalar_one()
        assert load_shipped(connection) == 0
    assert current(engine).on(kodesaet.COSA, "3017", date(2026, 1, 1), "2") is not None


def test_the_cache_reads_again_when_the_edition_has_changed(engine):
    cache = codes.CodeCache()
    load(engine, "1;En;2020-01-01;;;egen liste")
    with reading(engine) as connection:
        first = cache.get(connection, 1)
        assert cache.get(connection, 1) is first
    load(engine, "2;To;2020-01-01;;;egen liste")
    with reading(engine) as connection:
        assert set(cache.get(connection, 2).codes(kodesaet.KLASSETYPER)) == {"1", "2"}
