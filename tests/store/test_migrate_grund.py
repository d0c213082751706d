"""The migration that begins the past: a lower bound from what was left, marked, and the way back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, select, text

from tests.support import database
from tests.support.endpoint import Endpoint
from tests.support.reports import CPRNR, UNGDOM, accepted
from tests.support.versions import downgrade
from tests.support.world import GYMNASIUM, KOMMUNE, SYSTEM, World
from udb.backup.make import backup
from udb.backup.restore import restore
from udb.domain.bopael import OPEN, UNKNOWN
from udb.domain.services import KONTAKTPERSON, ONSKER, UNGDOMSUDDANNELSE
from udb.store import migrate
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import bopael, haendelse, kontakt_historik, modtagelse, person

BASELINE, BEFORE = "0001_baseline", "0009_portal"
YOUNG = "7103095123"
"""17 years old."""


def past(engine: Engine) -> list[tuple[Any, ...]]:
    """Return what is known of each report, the events' first."""
    columns = [column for column in modtagelse.c if column.name not in {"id", "tid"}]
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(modtagelse.c.id))]


@pytest.fixture
def lived(world: World, endpoint: Endpoint) -> list[tuple[Any, ...]]:
    """Reports of each kind, late in the evening: by UTC it is the day before."""
    youth, young = world.person(CPRNR), world.person(YOUNG)
    world.clock("2026-08-11T00:30:00")
    first = accepted(endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "en"))["HaendelseNummer"]
    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": YOUNG}, f"kald {YOUNG[:6]}-{YOUNG[6:]}"))
    gone = {**UNGDOM, "HaendelseNummer": first, "Annullering": True}
    second = accepted(endpoint.report(UNGDOMSUDDANNELSE, gone, "to"))["HaendelseNummer"]
    endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": "7103075199"}, "afvist")
    contact = {"CPRNr": YOUNG, "KontaktNavn": "En", "KontaktMail": "a@b.example"}
    for name in ("En", "To"):
        accepted(endpoint.report(KONTAKTPERSON, {**contact, "InstitutionNummer": KOMMUNE, "KontaktNavn": name}))
    wish = {"CPRNr": YOUNG, "InstitutionNummer": KOMMUNE, "JobOnsker": [{"JobOnsker": "Tømrer"}]}
    accepted(endpoint.report(ONSKER, {**wish, "UddannelsesOnsker": [{"UddannelsesOnsker": "Smed"}]}))
    with reading(world.engine) as connection:
        numbers = dict(connection.execute(select(haendelse.c.person_id, haendelse.c.nummer)).all())
    day = date(2026, 8, 10)
    return [
        (SYSTEM, GYMNASIUM, UNGDOMSUDDANNELSE, "A", "ny", True, "", "en", first, youth, day, 1),
        (SYSTEM, GYMNASIUM, UNGDOMSUDDANNELSE, "A", "ny", True, "", None, numbers[young], young, day, 1),
        (SYSTEM, GYMNASIUM, UNGDOMSUDDANNELSE, "A", "annullering", True, "", "to", second, youth, day, 1),
        (None, KOMMUNE, KONTAKTPERSON, "A", "ny", True, "", None, None, young, None, None),
        (None, KOMMUNE, ONSKER, "A", "ny", True, "", None, None, young, None, None),
    ]


@pytest.mark.parametrize("version", [BEFORE, BASELINE])
def test_a_past_is_made_of_what_was_left_and_marked(
    world: World, database_url: str, lived: list[tuple[Any, ...]], version: str
) -> None:
    downgrade(database_url, version)
    assert not inspect(world.engine).has_table("modtagelse")
    migrate.upgrade(database_url)
    assert past(world.engine) == lived
    with reading(world.engine) as connection:
        assert set(connection.execute(select(haendelse.c.system_id)).scalars()) == {SYSTEM}
        homes = connection.execute(select(bopael.c.person_id, bopael.c.kommunekode, bopael.c.fra, bopael.c.til)).all()
        ids = connection.execute(select(person.c.id)).scalars().all()
        contacts = connection.execute(select(kontakt_historik)).all()
    assert sorted(homes) == [(one, "101", UNKNOWN, OPEN) for one in sorted(ids)]
    assert [(row.art, row.til, row.genskabt) for row in contacts] == [("kommune", None, True)]


def test_a_sender_that_no_call_key_knows_stays_unknown(world: World, database_url: str, endpoint: Endpoint) -> None:
    world.person(CPRNR)
    accepted(endpoint.report(UNGDOMSUDDANNELSE, UNGDOM))
    with writing(world.engine) as connection:
        connection.execute(text("DELETE FROM call_key"))
    downgrade(database_url, BEFORE)
    migrate.upgrade(database_url)
    assert past(world.engine) == []
    with reading(world.engine) as connection:
        assert connection.execute(select(haendelse.c.system_id)).scalars().all() == [None]


def test_a_backup_from_before_gets_its_past_when_it_is_restored(
    world: World,
    database_url: str,
    lived: list[tuple[Any, ...]],
    databases: database.Source,
    tmp_path: Path,
) -> None:
    downgrade(database_url, BASELINE)
    backup(world.engine, tmp_path / "foer.zip", has_deletion_log=False)
    with databases.empty() as url:
        restore(url, tmp_path / "foer.zip", None, aar=5)
        engine = make_engine(url)
        assert past(engine) == lived
        engine.dispose()
