"""An import of codes or institutions during a report: whichever ends first, access to the event is computed by what
holds afterwards.

On SQLite there is one writer at a time, and nothing can come between.
"""

import csv as csvs
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.imports.csvs import csv, institutioner
from tests.support.endpoint import Endpoint
from tests.support.kommuner import assert_in_step
from tests.support.reports import CPRNR, UNGDOM
from tests.support.world import DEPARTMENT, INSTITUTIONS, SCHOOL, World
from udb.domain import kodesaet
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.domain.visibility import FIELDS, visibility
from udb.imports import affected
from udb.imports.institutioner import import_institutioner
from udb.imports.kodesaet import import_kodesaet
from udb.indberetning import take
from udb.paths import CODESETS
from udb.store.codes import load_codes
from udb.store.engine import reading
from udb.store.events import events_by_person
from udb.store.tables import feed_gained, haendelse

STX = {"COsAFormaal": "3009", "COsAFormaalVersion": 1}
DONE = UNGDOM | {"Uddannelse": STX, "Status": 3, "HaendelseDato": "2026-08-10T00:00:00+02:00"}


@pytest.fixture(autouse=True)
def youth(world: World) -> None:
    world.person(CPRNR)


def new_codes(engine: Engine) -> None:
    """Import codes by which stx completes nothing any more."""
    with (CODESETS / "cosa_formaal.csv").open(encoding="utf-8", newline="") as lines:
        header, *_ = rows = list(csvs.reader(lines, delimiter=";"))
    (row,) = (row for row in rows if row[:2] == [STX["COsAFormaal"], "1"])
    row[header.index("fuldfoerer")] = ""
    import_kodesaet(engine, csv(";".join(header), ";".join(row)), saet=kodesaet.COSA)


def new_institutions(engine: Engine) -> None:
    """Import institutions among which the department is its own main institution."""
    lines = (
        f"{nummer};Institution {nummer};{'' if nummer == DEPARTMENT else main};{type3};{kommune};{kommune};"
        for nummer, type3, main, kommune in INSTITUTIONS
    )
    import_institutioner(engine, institutioner(*lines))


def just_before(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, happens: Callable[[], object]) -> None:
    """Do something once, in another transaction, when ``module`` is about to call ``name``."""
    really, waiting = getattr(module, name), [happens]

    def call(*args: Any, **kwargs: Any) -> Any:
        while waiting:
            waiting.pop()()
        return really(*args, **kwargs)

    monkeypatch.setattr(module, name, call)


def is_consistent(engine: Engine) -> bool:
    with reading(engine) as connection:
        (person,) = set(connection.execute(select(haendelse.c.person_id)).scalars())
        events = events_by_person(connection, [person])[person]
        right = visibility(events, load_codes(connection))
        looked_again = set(connection.execute(select(feed_gained.c.person_id)).scalars())
    stale = [
        event.nummer
        for event in events
        for name in FIELDS
        if getattr(event, name) != getattr(right[event.nummer], name)
    ]
    assert stale == []
    return person in looked_again


@pytest.fixture(params=[new_codes, new_institutions])
def importing(request: pytest.FixtureRequest, endpoint: Endpoint) -> Callable[[Engine], None]:
    """An import that changes the completion of the youth's next event, and affects no event that is there."""
    if request.param is new_institutions:
        endpoint.report(UNGDOMSUDDANNELSE, UNGDOM | {"Uddannelse": STX})
    found: Callable[[Engine], None] = request.param
    return found


def test_the_import_is_faster(engine: Engine, endpoint: Endpoint, monkeypatch, importing) -> None:
    if engine.dialect.name == "postgresql":
        # The number of an event that changes no other is drawn when it is stored.
        waiting = [importing]
        for name in ("draw", "add_rows_and_commit"):
            just_before(monkeypatch, take, name, lambda: waiting and waiting.pop()(engine))
    else:
        importing(engine)
    receipt = endpoint.report(UNGDOMSUDDANNELSE, DONE | {"InstitutionNummer": DEPARTMENT})
    assert receipt.Resultat == "Accepteret"
    is_consistent(engine)


def test_the_report_is_faster(engine: Engine, endpoint: Endpoint, monkeypatch, importing) -> None:
    def report() -> None:
        assert endpoint.report(UNGDOMSUDDANNELSE, DONE | {"InstitutionNummer": DEPARTMENT}).Resultat == "Accepteret"

    if engine.dialect.name == "postgresql":
        just_before(monkeypatch, affected, "refresh", report)
    else:
        report()
    importing(engine)
    assert is_consistent(engine)


def test_others_report_while_an_import_works_out_who_may_see_what(
    engine: Engine, endpoint: Endpoint, monkeypatch
) -> None:
    """Also when a school moves and another is new: these imports hold the counter, for which every report waits."""
    lines = [
        f"{nummer};Institution {nummer};{main};{type3};{'461' if nummer == SCHOOL else kommune};{kommune};"
        for nummer, type3, main, kommune in INSTITUTIONS
    ]
    receipts: list[Any] = []

    def report() -> None:
        receipts.append(endpoint.report(UNGDOMSUDDANNELSE, UNGDOM))

    if engine.dialect.name == "sqlite":
        report()
    else:
        just_before(monkeypatch, affected, "refresh", report)
    import_institutioner(engine, institutioner(*lines, "449999;Ny;;1013;461;461;"))
    assert [receipt.Resultat for receipt in receipts] == ["Accepteret"]
    is_consistent(engine)
    assert_in_step(engine)
