"""One invented youth's way through school, and the reports about it: starts, ends, risks, sometimes a mistake."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET
from udb.domain.kodesaet import COSA, Kodesaet
from udb.sandbox.draft import Course, Draft, Youth
from udb.sandbox.places import Places

CAUSES: Final = ("902", "903", "904", "906", "9")


@dataclass(frozen=True, slots=True)
class World:
    """The institutions and code sets of the invented lives."""

    places: Places
    codes: Kodesaet

    def version(self, kode: str, day: date) -> int | None:
        """Return the newest version of a formaal that is valid on a day; None when none is."""
        rows = [row for row in self.codes.rows(COSA, kode) if row.valid_on(day)]
        return max((int(row.variant) for row in rows), default=None)


@dataclass(slots=True)
class Life:
    """One youth on its way; ``day`` is the first on which something new may begin."""

    rng: random.Random
    world: World
    youth: Youth
    day: date

    def chance(self, share: float) -> bool:
        """Return True in this share of lives."""
        return self.rng.random() < share

    def near(self, type3: str) -> str:
        """Return the number of an institution of this type near home."""
        return self.world.places.near(self.rng, type3, self.youth.kommune)

    def begin(self, course: Course, day: date, extra: dict[str, Any] | None = None) -> Draft | None:
        """Report the start, up to two months ahead or some days late; sometimes it is wrong at first."""
        reported = day + timedelta(days=self.rng.choice((-50, -30, -14, -3, 0, 1, 2, 5)))
        if self.chance(0.02):
            self._mistake(course, day, reported, extra)
        return self.youth.report(self.rng, course, day, OPTAGET, reported, extra)

    def _mistake(self, course: Course, day: date, reported: date, extra: dict[str, Any] | None) -> None:
        wrong = Course(course.service, course.institution, course.source, course.fields)
        first = self.youth.report(self.rng, wrong, day, OPTAGET, reported, extra)
        if first is None:
            return
        cancellation = self.youth.report(self.rng, wrong, first.dato, OPTAGET, first.registered.date(), extra)
        if cancellation is None:
            return
        cancellation.cancels = first

    def end(self, course: Course, day: date, status: int, extra: dict[str, Any] | None = None) -> Draft | None:
        """Report the end on its day, or some days later."""
        late = self.rng.choice((0, 0, 0, 0, 1, 4, 12))
        reported = self.youth.report(self.rng, course, day, status, day + timedelta(days=late), extra)
        if reported is not None and status == GENNEMFOERT:
            self.youth.completed.add(course.code)
        return reported

    def drop_out(
        self, course: Course, day: date, cause: str | None = None, extra: dict[str, Any] | None = None
    ) -> None:
        """Report an afbrud; ``day`` becomes some time after it."""
        self.end(course, day, AFBRUDT, {"afbrudsarsags_kode": cause or self.rng.choice(CAUSES), **(extra or {})})
        self.day = day + timedelta(days=self.rng.choice((3, 14, 40, 120, 200)))

    def risk(self, course: Course, day: date) -> None:
        """Report that the youth may drop out."""
        self.youth.report(self.rng, course, day, OPTAGET, day, {"frafaldstruet_markering": True})

    def barred(self, course: Course) -> bool:
        """Return whether the youth has completed this here already and may not begin again (5001)."""
        return course.code in self.youth.completed
