"""An import waits for a report that has locked the youth, and locks no youth it does not change."""

import threading

import pytest

from tests.imports.csvs import cpr
from udb.domain.identifiers import event_number
from udb.imports.cpr import import_cpr
from udb.store.access_changes import note_gained_at
from udb.store.engine import make_engine, writing
from udb.store.persons import find_person, lock_person

A, B, C = "6101054234", "6102054236", "6103054238"
HOME = f"{A};Test;01;101;;;"
OTHER = f"{B};Anden;01;101;;;"


@pytest.mark.parametrize("lines", [(f"{A};Test;01;751;;;",), (f"{A};;60;;{C};;", f"{C};Test;01;751;;;")])
def test_a_change_waits_for_the_report(engine, lines):
    import_cpr(engine, cpr(HOME, OTHER), invented_allowed=True)
    thread = threading.Thread(target=import_cpr, args=(engine, cpr(*lines)), kwargs={"invented_allowed": True})
    with writing(engine) as connection:
        assert lock_person(connection, A).kommunekode == "101"
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        assert find_person(connection, A).kommunekode == "101"
    thread.join(10)
    assert not thread.is_alive()
    with writing(engine) as connection:
        assert lock_person(connection, A).kommunekode == "751"


def test_who_is_not_changed_is_not_locked(engine):
    if engine.dialect.name == "sqlite":
        # One writer at a time: there is no lock on a row to look at.
        return
    import_cpr(engine, cpr(HOME, OTHER), invented_allowed=True)
    with writing(engine) as connection:
        lock_person(connection, A)
        result = import_cpr(engine, cpr(HOME, f"{B};Anden;01;751;;;"), invented_allowed=True)
        assert (result.changed, result.unchanged) == (1, 1)


def test_whose_access_has_changed_is_noted_while_a_report_holds_the_youth(engine, database_url):
    """An import notes the change with the counter held, for which the report may wait: then neither would ever end."""
    if engine.dialect.name == "sqlite":
        pytest.skip("has one writer at a time")
    import_cpr(engine, cpr(HOME), invented_allowed=True)
    impatient = make_engine(database_url, ventetid=1)
    with writing(engine) as report:
        person = lock_person(report, A)
        with writing(impatient) as connection:
            note_gained_at(connection, [person.id], event_number(1))
    impatient.dispose()
