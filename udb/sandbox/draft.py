"""Events before they have a number: the reports about one course of one youth."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from udb.domain.clock import DANISH
from udb.domain.haendelse import AFBRUDT, OPTAGET
from udb.domain.persons import RESIDENT
from udb.domain.services import EDUCATION, JOBCENTER, KONTAKT_TILBUDSTID

LATE: Final = "3007"
OPENING_HOURS: Final = (7 * 3600, 17 * 3600)


@dataclass(slots=True, eq=False)
class Course:
    """One future forloeb: who reports it, over which service, and the fields that all its events share."""

    service: str
    institution: str
    source: str
    fields: dict[str, Any]
    forloeb_id: str | None = None

    @property
    def is_subscription(self) -> bool:
        """True for a job centre's subscription, which is no course."""
        return self.service == JOBCENTER and "kode" not in self.fields

    @property
    def is_contact_time(self) -> bool:
        """True for a kommune's contact and offer times, which are no course."""
        return self.service == KONTAKT_TILBUDSTID

    @property
    def code(self) -> tuple[str, str, str]:
        """Institution and education code: a youth can complete these only once (5001)."""
        return self.institution, self.fields.get("kodesaet", ""), self.fields.get("kode", "")


@dataclass(slots=True, eq=False)
class Draft:
    """One future event. ``cancels``, ``repeats``, ``concerns`` and ``afbrud`` name others of the same youth.

    ``system``: the system that sent it, None for the one by which its institution reports.
    """

    person_id: int
    cprnr: str
    course: Course
    dato: date
    status: int | None
    registered: datetime
    extra: dict[str, Any] = field(default_factory=dict)
    advice: tuple[str, ...] = ()
    cancels: "Draft | None" = None
    repeats: "Draft | None" = None
    concerns: "Draft | None" = None
    afbrud: "Draft | None" = None
    system: str | None = None
    number: str = ""
    place: str = ""
    cancelled: bool = False
    repeated: bool = False

    @property
    def risk(self) -> bool:
        """True when it carries the risk mark."""
        return bool(self.extra.get("frafaldstruet_markering"))


@dataclass(slots=True, eq=False)
class Youth:
    """One invented person, and the reports about it so far."""

    person_id: int
    cprnr: str
    kommune: str
    status: str
    turns_15: date
    turns_30: date
    until: date
    drafts: list[Draft] = field(default_factory=list)
    completed: set[tuple[str, str, str]] = field(default_factory=set)
    subscription: Draft | None = None
    """The report that made the active subscription, if there is one."""

    @property
    def lives_here(self) -> bool:
        """True for a resident who is not yet 30 on the day the world begins: a subscription does not end by itself."""
        return self.status in RESIDENT and self.until + timedelta(days=1) < self.turns_30

    def report(
        self,
        rng: random.Random,
        course: Course,
        dato: date,
        status: int | None,
        reported: date | None = None,
        extra: dict[str, Any] | None = None,
        advice: tuple[str, ...] = (),
    ) -> Draft | None:
        """Report an event, after all earlier ones and from 15 years on; ``reported``: the day, ``dato`` by default.

        Returns None when the youth has turned 30 or has left the register's view by then.
        """
        day = max(reported or dato, self.turns_15)
        moment = datetime.combine(day, time(), DANISH) + timedelta(seconds=rng.randint(*OPENING_HOURS))
        moment = moment.replace(microsecond=rng.randrange(1000) * 1000)
        if self.drafts and moment <= self.drafts[-1].registered:
            moment = self.drafts[-1].registered + timedelta(minutes=1)
        if moment.date() >= self.turns_30 or moment.date() > self.until:
            return None
        draft = Draft(self.person_id, self.cprnr, course, dato, status, moment, extra or {}, advice)
        may_be_late = status == AFBRUDT or (status == OPTAGET and draft.risk)
        if may_be_late and moment.date() > dato and course.service in EDUCATION:
            draft.advice = (*advice, LATE)
        self.drafts.append(draft)
        return draft
