"""The past of the invented world's senders, and its figures on data quality."""

from datetime import date
from typing import Final

from sqlalchemy import select

from tests.support.received import received
from tests.support.world import GYMNASIUM, KOMMUNE, SCHOOL, World
from udb.domain.services import KONTAKTPERSON, UNGDOMSUDDANNELSE
from udb.recheck.recheck import Change, Summary
from udb.statistics.quality.coming_rules import Collector
from udb.statistics.quality.refresh import refresh_quality
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.responsible import Responsible, set_responsible
from udb.store.tables import haendelse

CONTACTS: Final = {2022: 52, 2023: 31, 2024: 12, 2025: 5}


def settle(world: World) -> None:
    """Add what was sent in the years before, and work the figures out."""
    for year, count in CONTACTS.items():
        known = {"genskabt": year == min(CONTACTS), "service": KONTAKTPERSON, "institution_nummer": KOMMUNE}
        received(world.engine, date(year, 5, 4), count, **known)
    received(world.engine, date(2025, 8, 1), 40, institution_nummer=SCHOOL)
    received(world.engine, date(2026, 6, 1), 20, institution_nummer=SCHOOL)
    received(
        world.engine, date(2026, 8, 10), 3, resultat="R", koder="4004", transaction_id="sag-17", dato=date(2026, 8, 9)
    )
    received(world.engine, date(2026, 8, 11), 12, resultat="R", koder="7004 5002", transaction_id="7103095104")
    with writing(world.engine) as connection:
        function = Responsible(GYMNASIUM, "Studieadministrationen", "post@gym.example", "70101010", date(2026, 1, 1))
        set_responsible(connection, function)
    refresh_quality(world.engine)
    with reading(world.engine) as connection:
        now = state.now(connection)
        number = connection.execute(select(haendelse.c.nummer).limit(1)).scalar_one()
    collector = Collector(world.engine)
    collector.add(Change(number, UNGDOMSUDDANNELSE, now.date(), (), ("7004",), refused=True))
    collector.keep(Summary(events=12), date(2027, 1, 1), now)
