"""Judged reports go five years after, when the counts of their year are kept; the counts stay as they were."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, insert, select

from tests.support.world import KOMMUNE, SYSTEM, World
from udb.domain.clock import DANISH, midnight
from udb.domain.services import KONTAKTPERSON
from udb.retention import received
from udb.retention.deletion_log import DeletionLog
from udb.retention.replay import replay
from udb.statistics.definitions.kontakter import KONTAKTER
from udb.statistics.frozen_contacts import contacts_by_year, freeze_contacts, frozen_years
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.tables import modtagelse


def reported(world, day, person_id, count=1):
    row = {
        "tid": midnight(day) + timedelta(hours=12), "system_id": SYSTEM, "institution_nummer": KOMMUNE,
        "service": KONTAKTPERSON, "resultat": "A", "slags": "ny", "koder": "", "person_id": person_id,
    }  # fmt: skip
    with writing(world.engine) as connection:
        connection.execute(insert(modtagelse), [row] * count)


def counts(world):
    with reading(world.engine) as connection:
        found = contacts_by_year(connection, state.now(connection))
        return {(one.aar, one.kommunekode): (one.registreret, one.unge, one.nedre_graense) for one in found}


def left(world):
    with reading(world.engine) as connection:
        return connection.execute(select(func.count()).select_from(modtagelse)).scalar_one()


def test_no_report_goes_before_its_year_is_kept_and_no_count_with_it(world: World, tmp_path):
    log = DeletionLog(tmp_path / "log")
    assert KONTAKTER.kort == received.KEPT_COUNTS
    world.clock("2023-06-01T08:00:00")
    anna, bo = world.person("7103075101"), world.person("7103075102")
    for day, who, count in ((date(2020, 3, 1), anna, 3), (date(2020, 12, 31), bo, 1), (date(2021, 1, 1), bo, 2)):
        reported(world, day, who, count)
    now = counts(world)
    assert {key: now[key] for key in ((2020, "101"), (2021, "101"), (2020, None))} == {
        (2020, "101"): (4, 2, True), (2021, "101"): (2, 1, False), (2020, None): (4, 2, True),
    }  # fmt: skip
    world.clock("2026-01-02T08:00:00")
    assert received.remove_old(world.engine, log) == 0, "the year is not kept"
    with writing(world.engine) as connection:
        assert freeze_contacts(connection) == [2020, 2021, 2022, 2023, 2024, 2025]
        assert freeze_contacts(connection) == []
    assert not log.path.exists()
    with writing(world.engine) as connection:
        # What retention does with a youth.
        connection.execute(modtagelse.update().values(person_id=None))
    assert received.remove_old(world.engine, log) == 6 - 0
    assert received.remove_old(world.engine, log) == 0
    assert left(world) == 0
    after = counts(world)
    assert {key: after[key] for key in now} == now
    with reading(world.engine) as connection:
        assert frozen_years(connection) == [2020, 2021, 2022, 2023, 2024, 2025]
    # A restored backup has the rows again, and the log is replayed on it.
    reported(world, date(2020, 3, 1), anna)
    reported(world, date(2021, 1, 3), anna)
    with writing(world.engine) as connection:
        entry = {"art": received.MODTAGELSER, "foer": datetime(2021, 1, 2, tzinfo=DANISH).isoformat()}
        replay(connection, [entry])
    assert left(world) == 1
