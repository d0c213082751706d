"""Everything known of one youth on one day, and what the vejledning's sentences say of each event.

Plain lists, walked through event by event. Nothing here is shared with ``udb.hentning`` or ``udb.domain.visibility``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from tests.model.access import in_doubt
from tests.model.forloeb import Course, all_courses, standing_for
from tests.model.order import agrees
from tests.model.words import GENNEMFOERT, OPTAGET, RESIDENT, Event, World, Youth, birthday, education_code
from udb.domain.services import JOBCENTER, KONTAKT_TILBUDSTID

EFTERSKOLER = {"1011", "1012"}
HF = {"hf", "hf_enkeltfag"}
LEVELS = (
    ("videregaaende", "Videregående uddannelse"),
    ("erhvervskompetencegivende", "Erhvervskompetencegivende uddannelse"),
    ("ungdomsuddannelse", "Ungdomsuddannelse"),
)


@dataclass
class Life:
    """A youth on the day of a fetch."""

    world: World
    youth: Youth
    today: date
    standing: list[Course] | None = None
    """The courses of the standing reports; None: ``courses``."""
    events: list[Event] = field(init=False)
    courses: list[Course] = field(init=False)

    def __post_init__(self) -> None:
        self.events = [event for event in self.world.events_of(self.youth) if event.stands]
        self.courses = all_courses(self.world, self.youth)

    def in_doubt(self, course: Course) -> bool:
        """Return whether a gennemført is not believed; only a standing optag takes the doubt away."""
        return in_doubt(course, self.courses if self.standing is None else self.standing)

    @contextmanager
    def as_if_never_cancelled(self, event: Event) -> Iterator["Life"]:
        """Yield the same life as if one cancellation had not been made: with the report, or with what repeats it."""
        was = event.repeated
        assert event.cancelled
        event.cancelled, event.repeated = False, False
        try:
            yield Life(self.world, self.youth, self.today, self.courses)
        finally:
            event.cancelled, event.repeated = True, was

    # The youth ------------------------------------------------------------------------------------------------------

    @property
    def between_15_and_29(self) -> bool:
        """Return whether UDB sends data on the youth: between 15 and 29 years old (V 5)."""
        return self.youth.turned(15, self.today) and not self.youth.turned(30, self.today)

    @property
    def grown(self) -> bool:
        """Return whether the youth has turned 25."""
        return self.youth.turned(25, self.today)

    @property
    def level(self) -> str:
        """Return the highest completed education, whatever the access policy hides (rules.md, Completion)."""
        reached = {self.completes(event) for course in self.courses for event in course.events}
        return next((text for value, text in LEVELS if value in reached), "Uddannelsespligt")

    # Forløb and completions -------------------------------------------------------------------------------------------

    def course_of(self, event: Event) -> Course | None:
        """Return the forløb of an event. A mark is in the forløb of the report it refers to; a mark on a cancelled
        report in none.
        """
        if event.mark:
            about = self.world.numbered(event.said.vedroerer_haendelse_nummer)
            assert about is not None
            stands = standing_for(self.world, about)
            return self.course_of(stands) if stands else None
        return next((course for course in self.courses if event in course.events), None)

    def completes(self, event: Event) -> str:
        """Return what a standing gennemført completes by its code; empty when nothing."""
        code = education_code(event.said)
        if event.said.status != GENNEMFOERT or code is None or code[0] not in {"cosa_formaal", "stads"}:
            return ""
        version = str(event.said.cosa_formaal_version) if code[0] == "cosa_formaal" else None
        if version and self.world.says(*code, "art", version) in HF and not event.said.gennemfoert_hf:
            return ""
        return self.world.says(*code, "fuldfoerer", version)

    def completed(self, course: Course | None) -> bool:
        """Return whether a youth or higher education was completed in this forløb, without doubt."""
        if course is None or self.in_doubt(course):
            return False
        return any(self.completes(event) for event in course.events)

    def later_than_completion(self, event: Event, kinds: set[str]) -> bool:
        """Return whether (HaendelseDato, number) are above those of the first gennemført that completes one of these
        kinds. Under 25 one in doubt does not count.
        """
        courses = [course for course in self.courses if self.grown or not self.in_doubt(course)]
        ends = [(end.day, end.nummer) for course in courses for end in course.events if self.completes(end) in kinds]
        return bool(ends) and (event.day, event.nummer) > min(ends)

    # What may be shown of an event, the recipient aside ---------------------------------------------------------------

    def before_25(self, day: date) -> bool:
        """Return whether V 5 hides the day: of a youth who has turned 25, what was done before the 25th birthday."""
        return self.grown and day < birthday(self.youth.born, 25)

    def only_a_practice_place(self, event: Event) -> bool:
        """Return whether the only news is a practice place reported after the optag, which is not passed on (V 1.1)."""
        course = None if event.mark else self.course_of(event)
        if course is None or event.said.praktiksted is None or event.said.status != OPTAGET:
            return False
        earlier = course.events[: course.events.index(event)]
        before = [other for other in earlier if other.said.status == OPTAGET]
        return any(agrees(event.said, other.said, but="praktiksted") for other in before)

    def practice_place(self, event: Event) -> str | None:
        """Return the practice place of the forløb's first standing Status 1; a later one is never shown."""
        course = None if event.mark else self.course_of(event)
        if course is None:
            return None
        first = next((other for other in course.events if other.said.status == OPTAGET), None)
        return event.said.praktiksted if event is first else None

    def visible(self, event: Event, *, look_up: bool) -> bool:
        """Return whether the event may be shown by what the vejledning says of completed educations and of the 25th
        birthday.
        """
        if self.grown:
            return not self.before_25(event.day) and not self.later_than_completion(
                event, {"erhvervskompetencegivende", "videregaaende"}
            )
        if self.completed(self.course_of(event)):
            return True
        if look_up:
            return not self.later_than_completion(event, {value for value, _ in LEVELS})
        return not any(self.completed(course) for course in self.courses)

    # The recipient ----------------------------------------------------------------------------------------------------

    def home_is(self, kommune: str) -> bool:
        return self.youth.status in RESIDENT and self.youth.kommune == kommune

    def school_kommune_is(self, kommune: str, event: Event) -> bool:
        """Return whether a kommune is the school kommune of the event (V 7): an event up to and including 10th grade,
        of a youth who goes to the kommune's school and lives elsewhere.
        """
        school = self.world.institutions.get(event.said.institution_nummer)
        return (
            school is not None
            and self.youth.status in RESIDENT
            and self.youth.kommune != kommune
            and school.kommune == kommune
            and school.type3 not in EFTERSKOLER
            and not school.is_kommune
            and self.at_most_10th_grade(event)
        )

    def at_most_10th_grade(self, event: Event) -> bool:
        said = event.said
        if said.elev_trin is not None:
            return said.elev_trin <= 10
        code = education_code(said)
        return (
            code is not None
            and code[0] in {"cosa_formaal", "forberedende_aktiviteter", "kommune_aktiviteter"}
            and self.world.says(*code, "klassetrin_hoejst_10") == "1"
        )

    def for_the_job_centre(self, event: Event) -> bool:
        """Return whether a job centre with a subscription gets the event (V 3.2): education and kommune activities of
        that youth.
        """
        return self.youth.has_order(self.today) and is_education(event)


def from_register(event: Event) -> bool:
    return event.register is not None


def is_contact(event: Event) -> bool:
    return event.said.service == KONTAKT_TILBUDSTID


def is_of_job_centre(event: Event) -> bool:
    """Return whether the event is a HaendelseJobcenterForloeb."""
    return event.said.service == JOBCENTER and not from_register(event)


def is_education(event: Event) -> bool:
    """Return whether the event is a HaendelseUddannelsesForloeb."""
    return not (is_contact(event) or from_register(event) or is_of_job_centre(event))
