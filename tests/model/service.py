"""The whole model: the receipt that a report must get, and what the report leaves behind."""

from dataclasses import dataclass
from datetime import date

from tests.model.cancellation import cancellation_findings
from tests.model.codes import code_findings
from tests.model.contacts import join, register
from tests.model.dates import date_findings
from tests.model.forloeb import Course, courses_of_key, key_of, name_giver
from tests.model.jobcenter import subscribe, subscription_findings
from tests.model.kommune import kommune_findings
from tests.model.numberchange import one_with, twin_of
from tests.model.order import order_findings
from tests.model.silence import unsilenced
from tests.model.who import institution_findings, youth_findings
from tests.model.words import Cancellation, Event, World, Youth
from udb.domain.haendelse import Indberetning, Kind
from udb.domain.services import CONTACTS, KONTAKT_TILBUDSTID, ONSKER

BLOED = {"3004", "3007", "4010", "4017", "5003", "5005", "5006", "5007", "5008", "6004", "7010", "7015"}


@dataclass(frozen=True)
class Expected:
    """The expected receipt. ``found``: each code with the numbers of which its line must state one; none: it states
    none.

    ``names``: the event whose ForloebId the new event takes; None: a new id, or (``nameless``) none at all.
    """

    found: dict[str, set[str]]
    event: bool = False
    names: Event | None = None
    nameless: bool = False

    @property
    def accepted(self) -> bool:
        return self.found.keys() <= BLOED


def expect(world: World, said: Indberetning, today: date) -> Expected:
    """Return what the service must answer to a report whose call key is new."""
    found = unsilenced(_findings(world, said, today))
    if not found.keys() <= BLOED:
        return Expected(found)
    if said.service in CONTACTS or said.service == ONSKER:
        return Expected(found)
    youth = world.youth(said.cprnr)
    assert youth is not None
    if said.annullering:
        cancelled = world.numbered(said.haendelse_nummer)
        assert cancelled is not None
        return Expected(found, event=True, names=cancelled, nameless=cancelled.forloeb_id is None)
    if said.handling is not None:
        return Expected(found, event=said.handling != "Ret", nameless=True)
    if said.service == KONTAKT_TILBUDSTID:
        return Expected(found, event=True, nameless=True)
    twin = twin_of(world, youth, said)
    return Expected(found, event=True, names=twin or name_giver(world, said, youth))


def _findings(world: World, said: Indberetning, today: date) -> dict[str, set[str]]:
    codes = [*youth_findings(world, said, today), *institution_findings(world, said, today)]
    found: dict[str, set[str]] = dict(cancellation_findings(world, said))
    if said.kind is Kind.REPORT:
        seen, repeats = _seen(world, said)
        if said.haendelse_dato is not None:
            codes += date_findings(said, today, seen or [], repeats=repeats)
        codes += code_findings(world, said, None if "7001" in codes else seen)
        found |= dict(order_findings(world, said, seen or [], repeats=repeats))
    if said.kind is not Kind.ANNULLERING:
        codes += kommune_findings(world, said, today)
        codes += subscription_findings(world, said, today)
    return found | {code: set() for code in codes}


def _seen(world: World, said: Indberetning) -> tuple[list[Course] | None, bool]:
    """Return the forloeb of the report's key as it sees them, and whether it repeats a report from before a number
    change.

    None when the youth, the institution or the code is not known: then it is unknown what came before.
    """
    youth = world.youth(said.cprnr)
    key = key_of(said, world)
    caller = world.institutions.get(said.institution_nummer)
    if youth is None or caller is None or not caller.in_register or key is None:
        return None, False
    twin = twin_of(world, youth, said)
    return courses_of_key(world, youth, key, below=twin.place if twin else None), twin is not None


def take(
    world: World,
    said: Indberetning,
    expected: Expected,
    today: date,
    nummer: str | None,
    forloeb_id: str | None,
) -> None:
    """Note an accepted report under the number and the ForloebId that the service gave it."""
    youth = world.youth(said.cprnr)
    assert youth is not None
    world.taken += 1
    if said.handling is not None and not said.annullering:
        subscribe(world, youth, said, today, nummer, frozenset(expected.found))
        return
    if not expected.event:
        register(world, youth, said, at=world.taken)
        return
    assert nummer is not None
    if said.annullering:
        cancelled = world.numbered(said.haendelse_nummer)
        assert cancelled is not None
        for event in one_with(world, cancelled):
            event.cancelled = True
        world.cancellations.append(Cancellation(nummer, cancelled))
        return
    twin = None if said.service == KONTAKT_TILBUDSTID else twin_of(world, youth, said)
    if twin:
        twin.repeated = True
    advice = frozenset(expected.found)
    place = twin.place if twin else nummer
    world.events.append(Event(nummer, youth, said, place, forloeb_id, advice, repeats=twin))


def change_number(world: World, old: Youth, cprnr: str, born: date) -> None:
    """Give ``old`` the number ``cprnr``; if that is another youth's, the two become one."""
    other = world.youth(cprnr)
    if other is not None:
        for event in world.events_of(other):
            event.youth = old
        join(world, other, old)
        old.numbers |= other.numbers
        old.paalaeg = old.paalaeg or other.paalaeg
        world.youths.remove(other)
    old.numbers.add(cprnr)
    old.cprnr, old.born = cprnr, born
