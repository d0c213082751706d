"""How forloeb form (rules.md, Forloeb): the model walks through the reports of one key, in order of place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tests.model.words import Event, World, Youth, education_code, is_optag, is_risk
from udb.domain.haendelse import OPTAGET, Indberetning
from udb.domain.services import JOBCENTER

Key = tuple[str, str, str]


@dataclass(eq=False)
class Course:
    key: Key
    events: list[Event] = field(default_factory=list)
    end: Event | None = None

    @property
    def first_optag(self) -> Event | None:
        return next((event for event in self.events if is_optag(event.said)), None)

    @property
    def begun(self) -> date | None:
        """Return ``DatoOptag``: of the first optag, or when there is none, of the first risk."""
        first = self.first_optag or next((event for event in self.events if is_risk(event.said)), None)
        return first.day if first else None


def key_of(said: Indberetning, world: World) -> Key | None:
    code = education_code(said)
    if code is None:
        return None
    return (*code, "" if said.service == JOBCENTER else world.main_of(said.institution_nummer))


def where(said: Indberetning, so_far: list[Course]) -> Course | None:
    """Return the forloeb a report is filed in; None when it begins one of its own."""
    if not so_far:
        return None
    last = so_far[-1]
    if last.end is None:
        return last
    if said.status != OPTAGET:
        return None
    in_its_time = said.dato <= last.end.day
    return last if in_its_time and (is_risk(said) or last.first_optag is None) else None


def walk(key: Key, events: Iterable[Event]) -> list[Course]:
    """Return the forloeb of one key, from its standing events."""
    courses: list[Course] = []
    for event in sorted(events, key=lambda event: event.place):
        course = where(event.said, courses)
        if course is None:
            course = Course(key)
            courses.append(course)
        course.events.append(event)
        if event.said.status != OPTAGET:
            course.end = event
    return courses


def courses_of_key(world: World, youth: Youth, key: Key | None, *, below: str | None = None) -> list[Course]:
    """Return the forloeb of one key; ``below``: as seen from that place, by the events of lower place alone."""
    if key is None:
        return []
    return walk(
        key,
        (
            event
            for event in world.events_of(youth)
            if event.stands and key_of(event.said, world) == key and (below is None or event.place < below)
        ),
    )


def all_courses(world: World, youth: Youth) -> list[Course]:
    """Return every forloeb of a youth."""
    keys = {key_of(event.said, world) for event in world.events_of(youth) if event.stands}
    return [course for key in keys if key is not None for course in courses_of_key(world, youth, key)]


def standing_for(world: World, event: Event) -> Event | None:
    """Return the event itself, or the event that repeats it after a number change; None when that is cancelled."""
    while event.repeated:
        event = next(later for later in world.events if later.repeats is event)
    return event if event.stands else None


def course_with(world: World, event: Event) -> Course | None:
    """Return the forloeb an event belongs to; a mark belongs to that of the event it refers to."""
    if event.mark:
        about = world.numbered(event.said.vedroerer_haendelse_nummer)
        assert about is not None
        stands = standing_for(world, about)
        return None if stands is None else course_with(world, stands)
    return next((course for course in all_courses(world, event.youth) if event in course.events), None)


def marks_in(world: World, course: Course) -> list[Event]:
    """Return the kommune's standing marks in a forloeb."""
    youth = course.events[0].youth
    marks = (event for event in world.events_of(youth) if event.mark and event.stands)
    return [mark for mark in marks if (found := course_with(world, mark)) and found.events == course.events]


def name_giver(world: World, said: Indberetning, youth: Youth) -> Event | None:
    """Return the event whose ForloebId a report takes: the one with the highest number already in its group. None: a
    new id.
    """
    if said.ifoelge_kommunen is not None:
        about = world.numbered(said.vedroerer_haendelse_nummer)
        assert about is not None
        course = course_with(world, about)
    else:
        course = where(said, courses_of_key(world, youth, key_of(said, world)))
    if course is None:
        return None
    return max([*course.events, *marks_in(world, course)], key=lambda event: event.nummer)
