"""Section 6: cancellation."""

from collections.abc import Iterator

from tests.model.forloeb import all_courses
from tests.model.numberchange import one_with
from tests.model.words import Event, World, Youth
from udb.domain.haendelse import Indberetning
from udb.domain.services import WITH_ANNULLERING

Found = tuple[str, set[str]]


def cancellation_findings(world: World, said: Indberetning) -> Iterator[Found]:
    if said.service not in WITH_ANNULLERING:
        return
    if not said.annullering:
        if said.haendelse_nummer is not None:
            yield "6005", set()
        return
    if said.haendelse_nummer is None:
        yield "6001", set()
        return
    itself = next((one for one in world.cancellations if one.nummer == said.haendelse_nummer), None)
    event = itself.of if itself else world.numbered(said.haendelse_nummer)
    if event is None or not _callers_own(world, event, said):
        yield "6002", set()
    elif itself or event.cancelled:
        yield "6003", {one.nummer for one in world.cancellations if one.of is event}
    elif _leaves_some_without_optag(world, event.youth, one_with(world, event)):
        yield "6004", set()


def _callers_own(world: World, event: Event, said: Indberetning) -> bool:
    return (
        event.youth is world.youth(said.cprnr)
        and world.main_of(event.said.institution_nummer) == world.main_of(said.institution_nummer)
        and event.said.service == said.service
        and event.said.handling is None
    )


def _leaves_some_without_optag(world: World, youth: Youth, gone: list[Event]) -> bool:
    """Return whether an event that was in a forloeb with an optag is in one without when ``gone`` is cancelled."""
    had = _with_optag(world, youth)
    for event in gone:
        event.cancelled = True
    have = _with_optag(world, youth)
    still = {event for course in all_courses(world, youth) for event in course.events}
    for event in gone:
        event.cancelled = False
    return bool((had & still) - have)


def _with_optag(world: World, youth: Youth) -> set[Event]:
    return {event for course in all_courses(world, youth) if course.first_optag for event in course.events}
