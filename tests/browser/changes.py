"""The changes of source system that their pages show, and the schools that change."""

from datetime import date
from typing import Final

from sqlalchemy import delete

from tests.support.endpoint import Endpoint
from tests.support.reports import UNGDOM, accepted
from tests.support.world import KOMMUNE, World
from udb.context import Context
from udb.domain.services import KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.settings import Settings
from udb.statistics.system_change.announced import Announcement, announce
from udb.statistics.system_change.look import User, tick
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.tables import modtagelse
from udb.wsdl.use_cases import application

CHANGING: Final = "461777"
"""A school with findings, and with a change to come from a system that is unknown here."""
BRANCH: Final = "461778"
CLOSED_LIST: Final = "461779"
"""A school whose checklist is closed, of whose reports not all were kept."""
OLD, NEW = "gammelt-studie", "nyt-studie"
KEY: Final = "en-noegle-til-afproevning"
DONE, AHEAD, CLOSED, OF_KOMMUNE = 1, 2, 3, 4
"""The numbers of the changes."""
_BEFORE: Final = "2026-06-15T10:00:00"
_YOUTHS: Final = 6


def settle(world: World) -> None:
    """Put the changes into the world, whose clock is set back for it and forward again."""
    now = world.today()
    world.institution(CHANGING)
    world.institution(BRANCH, hovedinstitution=CHANGING)
    world.institution(CLOSED_LIST)
    world.system(OLD, KEY, CHANGING)
    world.system(NEW, KEY, CHANGING)
    world.system("uno", KEY, KOMMUNE)
    world.system("uvvej", KEY, KOMMUNE)
    world.clock(_BEFORE)
    context = Context(world.engine, Settings(sandbox=True))
    service = application(context, {})
    old = Endpoint(service, system=OLD, key=KEY)
    cprs = [f"71030752{number:02}" for number in range(_YOUTHS)]
    for cprnr in cprs:
        world.person(cprnr)
        accepted(old.report(UNGDOMSUDDANNELSE, _optag(cprnr, "2026-06-10")))
    accepted(old.report(UNGDOMSUDDANNELSE, _optag(cprnr, "2026-06-12") | {"Status": 2, "AfbrudsarsagsKode": "904"}))
    _kommune(Endpoint(service, system="uno", key=KEY), cprs[0])
    _announced(world, CHANGING, OLD, NEW, date(2026, 6, 30))
    _announced(world, CHANGING, "Et ukendt studiesystem", NEW, date(2026, 9, 1))
    _announced(world, CLOSED_LIST, OLD, NEW, date(2026, 7, 1))
    _announced(world, KOMMUNE, "uno", "uvvej", date(2026, 7, 1))
    world.clock("2026-07-02T10:00:00")
    new = Endpoint(service, system=NEW, key=KEY)
    for cprnr in cprs[:2]:
        accepted(new.report(UNGDOMSUDDANNELSE, _optag(cprnr, "2026-07-02")))
    world.clock(f"{now}T10:00:00")
    with writing(world.engine) as connection:
        connection.execute(delete(modtagelse).where(modtagelse.c.nummer.is_not(None), modtagelse.c.system_id == "uno"))
    with reading(world.engine) as connection:
        user = User(CLOSED_LIST, "unilogin:lis", "brugeradministrator", state.now(connection))
    for number in range(1, 6):
        tick(context, CLOSED, user, number, "Set efter sammen med leverandøren")


def _optag(cprnr: str, day: str) -> dict[str, object]:
    return UNGDOM | {
        "CPRNr": cprnr,
        "InstitutionNummer": CHANGING,
        "HaendelseDato": f"{day}T00:00:00+02:00",
        "KildeLeverandoer": "Studie",
    }


def _kommune(uno: Endpoint, cprnr: str) -> None:
    activity = {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "HaendelseDato": "2026-06-10T00:00:00", "Status": 1}
    activity |= {"KildeLeverandoer": "Uno-UNG", "KommuneAktivitetsKode": "K51", "Annullering": False}
    accepted(uno.report(KOMMUNE_AKTIVITET, activity))


def _announced(world: World, institution: str, old: str, new: str, day: date) -> None:
    wanted = Announcement(institution, old, new, day, "studieadministration@skole.example")
    with writing(world.engine) as connection:
        _, wrong = announce(connection, wanted, "unilogin:lis", state.now(connection))
    assert not wrong, wrong
