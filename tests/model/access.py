"""The home kommune's look-up (access.md A3-A6, A9): a mark or a contact time may refer to nothing else."""

from datetime import date

from tests.model.forloeb import Course, all_courses, course_with, key_of, walk
from tests.model.order import agrees
from tests.model.words import GENNEMFOERT, OPTAGET, Event, World, Youth, birthday, education_code
from udb.domain.cpr import birth_date

HF = {"hf", "hf_enkeltfag"}


def visible(world: World, youth: Youth, event: Event, today: date) -> bool:
    if not youth.turned(15, today) or youth.turned(30, today):
        return False
    courses = all_courses(world, youth)
    own = course_with(world, event)
    if own is not None and not event.mark and _only_a_practice_place(own, event):
        return False
    grown = youth.turned(25, today)
    if grown and event.day < birthday(youth.born, 25):
        return False
    done = [
        end
        for course in courses
        if grown or not in_doubt(course, courses)
        for end in _completions(world, course, competence=grown)
    ]
    first = min(((end.day, end.nummer) for end in done), default=None)
    if first is None or (event.day, event.nummer) <= first:
        return True
    return (
        not grown
        and own is not None
        and not in_doubt(own, courses)
        and any(True for _ in _completions(world, own, competence=False))
    )


def in_doubt(course: Course, courses: list[Course]) -> bool:
    """Return whether a gennemført is not believed until the school has an optag (access.md A6): the youth was under 18
    on its date, it has no optag, and no course of the youth has begun at that main institution.
    """
    if course.end is None or course.end.said.status != GENNEMFOERT or course.begun is not None:
        return False
    if any(other.begun is not None and _same_school(other, course) for other in courses):
        return False
    born = birth_date(course.end.said.cprnr, invented_allowed=True)
    assert born is not None
    return course.end.day < birthday(born, 18)


def _same_school(other: Course, course: Course) -> bool:
    return other.key[2] == course.key[2] and other.key[0] not in {"kommune_aktiviteter", "aktivitetsgrupper"}


def seen_courses(world: World, youth: Youth, today: date) -> list[Course]:
    """Return the forloeb that the visible events form."""
    by_key: dict[tuple[str, str, str], list[Event]] = {}
    for event in world.events_of(youth):
        key = key_of(event.said, world)
        if key is not None and event.stands and not event.mark and visible(world, youth, event, today):
            by_key.setdefault(key, []).append(event)
    return [course for key, events in by_key.items() for course in walk(key, events)]


def _completions(world: World, course: Course, *, competence: bool) -> list[Event]:
    """Return the gennemfoert that complete the forloeb; ``competence``: only erhvervskompetencegivende ones."""
    return [
        event
        for event in course.events
        if event.said.status == GENNEMFOERT and _completes(world, event, competence=competence)
    ]


def _completes(world: World, event: Event, *, competence: bool) -> bool:
    code = education_code(event.said)
    if code is None or code[0] not in {"cosa_formaal", "stads"}:
        return False
    if code[0] == "cosa_formaal" and world.says(*code, "art") in HF and not event.said.gennemfoert_hf:
        return False
    gives = world.says(*code, "fuldfoerer")
    return gives in {"erhvervskompetencegivende", "videregaaende"} if competence else gives != ""


def _only_a_practice_place(course: Course, event: Event) -> bool:
    """Return whether the event's only news is a practice place reported after the optag."""
    earlier = course.events[: course.events.index(event)]
    before = [other for other in earlier if other.said.status == OPTAGET]
    if not before or event.said.praktiksted is None or event.said.status != OPTAGET:
        return False
    return any(agrees(event.said, other.said, but="praktiksted") for other in before)
