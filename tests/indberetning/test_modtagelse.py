"""Each judged report leaves one row of what came in, in the receipt's transaction, and no CPR number."""

import json
from datetime import date
from typing import Any

import pytest
import zeep.exceptions
from sqlalchemy import event, select, text

from tests.support.endpoint import Endpoint
from tests.support.reports import CPRNR, UNGDOM, accepted
from tests.support.rows import count
from tests.support.size import size
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, SYSTEM, World
from udb.domain.services import KONTAKTPERSON, UNGDOMSUDDANNELSE
from udb.store.engine import reading, writing
from udb.store.tables import call_key, haendelse, kontakt, kontakt_historik, modtagelse, read_log

CONTACT = {"CPRNr": "7103095123", "InstitutionNummer": KOMMUNE, "KontaktNavn": "En", "KontaktMail": "a@b.example"}
"""Of a youth who is 17."""


def rows(world: World) -> list[dict[str, Any]]:
    with reading(world.engine) as connection:
        return [dict(row) for row in connection.execute(select(modtagelse).order_by(modtagelse.c.id)).mappings()]


def short(world: World, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows(world)]


def test_an_accepted_report_is_a_row_with_its_event_youth_and_delay(world: World, endpoint: Endpoint) -> None:
    youth = world.person(CPRNR)
    receipt = accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "HaendelseDato": "2026-08-03T00:00:00"}, "min id"))
    (row,) = rows(world)
    assert row.pop("id")
    tid = row.pop("tid")
    assert tid.replace(microsecond=tid.microsecond // 1000 * 1000) == receipt["Registreringstid"]
    assert row == {
        "system_id": SYSTEM,
        "institution_nummer": GYMNASIUM,
        "service": UNGDOMSUDDANNELSE,
        "resultat": "A",
        "slags": "ny",
        "genskabt": False,
        "koder": "",
        "transaction_id": "min id",
        "nummer": receipt["HaendelseNummer"],
        "person_id": youth,
        "dato": date(2026, 8, 3),
        "forsinkelse_dage": 7,
    }
    with reading(world.engine) as connection:
        assert connection.execute(select(haendelse.c.system_id)).scalars().all() == [SYSTEM]


def test_what_became_of_a_report_and_of_what_kind_it_was(world: World, endpoint: Endpoint) -> None:
    world.person(CPRNR)
    first = accepted(endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "en"))
    accepted(endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "en"))
    assert endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "to")["Resultat"] == "Afvist"
    trial = Endpoint(endpoint.app, query="kun-validering=1")
    trial.report(UNGDOMSUDDANNELSE, {**UNGDOM, "HaendelseDato": "2026-08-11T00:00:00"}, "tre")
    gone = {name: UNGDOM[name] for name in ("CPRNr", "InstitutionNummer", "KildeLeverandoer")}
    gone |= {"HaendelseNummer": first["HaendelseNummer"], "Annullering": True}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, **gone}, "fire"))
    assert short(world, "resultat", "slags", "koder") == [
        ("A", "ny", ""),
        ("G", "ny", ""),
        ("R", "ny", "5002"),
        ("A", "proeve", ""),
        ("A", "annullering", ""),
    ]
    assert [bool(row["nummer"]) for row in rows(world)] == [True, True, False, False, True]


def test_a_repetition_has_its_own_time_and_the_receipt_the_first_ones(world: World, endpoint: Endpoint) -> None:
    world.person(CPRNR)
    first = endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "en")
    world.clock("2026-09-01T08:00:00")
    assert endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "en")["Registreringstid"] == first["Registreringstid"]
    assert [f"{row['tid']:%Y-%m-%d}" for row in rows(world)] == ["2026-08-10", "2026-09-01"]


@pytest.mark.large
def test_a_thousand_refused_reports_are_a_thousand_rows_without_any_cpr_number(
    world: World, endpoint: Endpoint, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also where the sender uses the number as the id of its call."""
    numbers = [f"710307{number:04}" for number in range(size(small=100, large=1000))]
    for number in numbers:
        row = endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": number}, f"kald {number[:6]}-{number[6:]}")
        assert row["Resultat"] == "Afvist"
    found = rows(world)
    assert [(row["resultat"], row["person_id"], row["transaction_id"]) for row in found] == [("R", None, None)] * len(
        numbers
    )
    assert {row["koder"] for row in found} == {"1002"}
    said = json.dumps(found, default=str) + "".join(capfd.readouterr())
    assert not [number for number in numbers if number in said or f"{number[:6]}-{number[6:]}" in said]


def test_a_database_error_at_the_row_is_a_fault_to_try_again_and_nothing_is_stored(
    world: World, endpoint: Endpoint
) -> None:
    world.person(CPRNR)
    with writing(world.engine) as connection:
        for statement in _FULL_DISK[world.engine.dialect.name]:
            connection.execute(text(statement))
    if world.engine.dialect.name == "sqlite":
        event.listen(world.engine, "connect", lambda opened, _: opened.execute("PRAGMA max_page_count = 1000"))
        world.engine.dispose()
    with pytest.raises(zeep.exceptions.Fault) as fault:
        endpoint.report(UNGDOMSUDDANNELSE, UNGDOM)
    assert fault.value.detail.findtext(".//{*}ErrorCode") == "UDB009104"
    for table in (haendelse, call_key, modtagelse, read_log):
        assert count(world.engine, table) == 0, table.name


_FULL_DISK = {
    "sqlite": (
        (
            "CREATE TRIGGER fuld BEFORE INSERT ON modtagelse"
            " BEGIN INSERT INTO state (name, value) VALUES (NEW.service, zeroblob(100000000)); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION fuld() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$"
        ),
        "CREATE TRIGGER fuld BEFORE INSERT ON modtagelse FOR EACH ROW EXECUTE FUNCTION fuld()",
    ),
}


def test_a_contact_that_is_replaced_twice_is_three_reports_of_one_youth_and_one_that_stands(
    world: World, endpoint: Endpoint
) -> None:
    youth = world.person(CONTACT["CPRNr"])
    for day, name in enumerate(("En", "To", "Tre"), start=10):
        world.clock(f"2026-08-{day}T08:00:00")
        accepted(endpoint.report(KONTAKTPERSON, {**CONTACT, "KontaktNavn": name}, name))
    accepted(endpoint.report(KONTAKTPERSON, {**CONTACT, "KontaktNavn": "Tre"}, "Tre"))
    assert short(world, "resultat", "person_id") == [("A", youth)] * 3 + [("G", youth)]
    assert history(world) == [
        (KOMMUNE, "2026-08-10", "2026-08-11", "erstattet"),
        (KOMMUNE, "2026-08-11", "2026-08-12", "erstattet"),
        (KOMMUNE, "2026-08-12", None, None),
    ]
    assert count(world.engine, kontakt) == 1
    assert "navn" not in kontakt_historik.c
    world.clock("2026-08-20T08:00:00")
    accepted(endpoint.report(KONTAKTPERSON, {"CPRNr": CONTACT["CPRNr"], "InstitutionNummer": KOMMUNE, "Slet": True}))
    assert history(world)[-1] == (KOMMUNE, "2026-08-12", "2026-08-20", "slettet")
    assert rows(world)[-1]["slags"] == "slet"


def test_a_contact_that_a_new_home_kommune_deletes_ended_because_the_youth_moved(
    world: World, endpoint: Endpoint
) -> None:
    world.person(CONTACT["CPRNr"])
    accepted(endpoint.report(KONTAKTPERSON, CONTACT))
    world.person(CONTACT["CPRNr"], kommune="751")
    new_home = {**CONTACT, "InstitutionNummer": OTHER_KOMMUNE}
    accepted(endpoint.report(KONTAKTPERSON, new_home))
    slet = {"CPRNr": CONTACT["CPRNr"], "InstitutionNummer": OTHER_KOMMUNE, "Slet": True}
    accepted(endpoint.report(KONTAKTPERSON, slet))
    assert [(row[0], row[3]) for row in history(world)] == [(KOMMUNE, "flyttet"), (OTHER_KOMMUNE, "slettet")]


def test_a_clock_that_is_set_back_loses_nothing(world: World, endpoint: Endpoint) -> None:
    world.person(CONTACT["CPRNr"])
    accepted(endpoint.report(KONTAKTPERSON, CONTACT))
    world.clock("2026-08-01T08:00:00")
    accepted(endpoint.report(KONTAKTPERSON, {**CONTACT, "KontaktNavn": "Ny"}))
    assert history(world) == [
        (KOMMUNE, "2026-08-10", "2026-08-01", "erstattet"),
        (KOMMUNE, "2026-08-01", None, None),
    ]
    assert [f"{row['tid']:%m-%d}" for row in rows(world)] == ["08-10", "08-01"]


def history(world: World) -> list[tuple[str, str, str | None, str | None]]:
    """Return each contact's registrar, its first and last day, and why it ended."""
    with reading(world.engine) as connection:
        found = connection.execute(select(kontakt_historik).order_by(kontakt_historik.c.id)).all()
    return [
        (row.institution_nummer, f"{row.fra:%Y-%m-%d}", f"{row.til:%Y-%m-%d}" if row.til else None, row.afsluttet)
        for row in found
    ]
