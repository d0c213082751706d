"""Change of CPR number (rules.md): the standing report that a report on the new number repeats."""

from tests.model.words import Event, World, Youth, education_code
from udb.domain.haendelse import Indberetning
from udb.domain.services import FGU


def twin_of(world: World, youth: Youth, said: Indberetning) -> Event | None:
    """Return the report that ``said`` repeats; of several, the one with the lowest place not yet repeated."""
    if said.cprnr != youth.cprnr or education_code(said) is None:
        return None
    found = [
        event
        for event in world.events_of(youth)
        if event.stands and event.said.cprnr != youth.cprnr and _same(world, event.said, said)
    ]
    return min(found, key=lambda event: event.place, default=None)


def _same(world: World, old: Indberetning, new: Indberetning) -> bool:
    return (
        old.service == new.service
        and world.main_of(old.institution_nummer) == world.main_of(new.institution_nummer)
        and education_code(old) == education_code(new)
        and old.status == new.status
        and old.dato == new.dato
        and bool(old.frafaldstruet_markering) == bool(new.frafaldstruet_markering)
        and (new.service != FGU or (old.skoleperiode, old.speciale) == (new.skoleperiode, new.speciale))
    )


def one_with(world: World, event: Event) -> list[Event]:
    """Return all events that share the event's place: a report and the reports that repeat it count as the same."""
    return [other for other in world.events_of(event.youth) if other.place == event.place]
