"""Sections 1 and 2: the youth and the institution. Each function yields the codes that apply, before silence."""

from collections.abc import Iterator
from datetime import date

from tests.model.words import RESIDENT, World, by_kommune
from udb.domain.cpr import birth_date
from udb.domain.haendelse import Indberetning, Kind


def youth_findings(world: World, said: Indberetning, today: date) -> Iterator[str]:
    if birth_date(said.cprnr, invented_allowed=True) is None:
        yield "1001"
        return
    youth = world.youth(said.cprnr)
    if by_kommune(said) and not calls_from_home(world, said) and _asks_for_home(world, said):
        yield "7001"
    if youth is None:
        # A kommune gets 7001 instead.
        if not by_kommune(said):
            yield "1002"
        return
    if said.kind is not Kind.REPORT:
        return
    if youth.cprnr != said.cprnr:
        yield "1003"
    if youth.status not in RESIDENT:
        yield "1004"
    if not youth.turned(15, today):
        yield "1005"
    if youth.turned(30, today):
        yield "1006"


def _asks_for_home(world: World, said: Indberetning) -> bool:
    """Return whether only the home kommune may send this; of ``Slet`` section 7 decides."""
    return said.kind is Kind.REPORT or (said.kind is Kind.ANNULLERING and not _cancels_own(world, said))


def _cancels_own(world: World, said: Indberetning) -> bool:
    """Return whether a kommune's cancellation names, perhaps by its cancellation, what the kommune has reported."""
    itself = next((one for one in world.cancellations if one.nummer == said.haendelse_nummer), None)
    event = itself.of if itself else world.numbered(said.haendelse_nummer)
    return (
        event is not None
        and event.youth is world.youth(said.cprnr)
        and event.said.service == said.service
        and world.main_of(event.said.institution_nummer) == world.main_of(said.institution_nummer)
    )


def calls_from_home(world: World, said: Indberetning) -> bool:
    """Return whether the caller is the youth's home kommune."""
    youth = world.youth(said.cprnr)
    caller = world.institutions.get(said.institution_nummer)
    return (
        youth is not None
        and caller is not None
        and caller.is_kommune
        and youth.home is not None
        and caller.kommune == youth.home
    )


def institution_findings(world: World, said: Indberetning, today: date) -> Iterator[str]:
    caller = world.institutions.get(said.institution_nummer)
    if caller is None or not caller.in_register:
        yield "2001"
        return
    if said.service not in world.says("institutionstyper", caller.type3, "tjenester").split():
        yield "2003"
    day = said.dato if said.haendelse_dato is not None else today
    if said.kind is Kind.REPORT and caller.lukket is not None and day >= caller.lukket:
        yield "2002"
