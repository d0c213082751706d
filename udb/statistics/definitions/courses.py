"""Forloeb as figures count them: what each is, and on which days it is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.fritagelse import up_to_10th_grade
from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import COSA, ELEVTRIN, EUD_ARTS, HF_ARTS, KOMMUNE_AKTIVITETER, STADS, Kodesaet
from udb.domain.services import EDUCATION


class Slags(StrEnum):
    """What a forloeb is. The values after FORBEREDENDE are kinds of a kommune's activity."""

    GRUNDSKOLE = "grundskole"
    UNGDOMSUDDANNELSE = "ungdomsuddannelse"
    VIDEREGAAENDE = "videregaaende"
    FORBEREDENDE = "forberedende"
    UDDANNELSE = "uddannelse"
    FORANSTALTNING = "foranstaltning"
    UDLAND = "udland"
    ERHVERV = "erhverv"
    PRAKTIK = "praktik"
    FRITAGET = "fritaget"
    SYGDOM = "sygdom"


YOUTH_ARTS: Final = frozenset({"gymnasial"}) | HF_ARTS | EUD_ARTS
"""The kinds of formaal that are a youth education."""
YOUTH_ACTIVITIES: Final = frozenset({"K53", "K58"})
"""The kommune's activities that are one: abroad, and the STU."""
_TEST: Final = "optagelsesproeve"


@dataclass(frozen=True, slots=True)
class Course:
    """A forloeb. ``fra``: its DatoOptag; None: it is never open. ``til``: the day of its end, on which it is over.

    ``gyldig``: False when today's code sets do not have its code on ``fra``: it is no education to the figures.
    """

    slags: Slags
    fra: date | None
    til: date | None
    forloeb: Forloeb | None = None
    art: str = ""
    """The kind of its formaal, empty when it has none."""
    gyldig: bool = True

    def is_open(self, day: date) -> bool:
        """Return whether it is open on a day."""
        return self.fra is not None and self.fra <= day and (self.til is None or self.til > day)


def courses_of(events: Iterable[Haendelse], codes: Kodesaet) -> list[Course]:
    """Return the courses of one person's events; what is none to the figures is left out.

    Events that are cancelled or repeated, and the kommune's marks, count for nothing.
    """
    found = ((_described(one, codes), one) for one in all_forloeb(events))
    return [
        Course(slags, one.dato_optag, one.end.haendelse_dato if one.end else None, one, art, has_valid_code(one, codes))
        for (slags, art), one in found
        if slags is not None
    ]


def slags_of(course: Forloeb, codes: Kodesaet) -> Slags | None:
    """Return what a forloeb is; None for a job centre's activity, and for an admission test, which is no admission."""
    return _described(course, codes)[0]


def _described(course: Forloeb, codes: Kodesaet) -> tuple[Slags | None, str]:
    """Return what a forloeb is (``slags_of``), and the art of its formaal."""
    event = course.first or course.events[-1]
    if event.kodesaet == KOMMUNE_AKTIVITETER:
        return _activity(event, codes), ""
    if event.service not in EDUCATION:
        return None, ""
    art = _art(event, codes) if event.kodesaet == COSA else ""
    if up_to_10th_grade(event, codes):
        return Slags.GRUNDSKOLE, art
    if event.kodesaet == STADS:
        return Slags.VIDEREGAAENDE, art
    if art == _TEST:
        return None, art
    return (Slags.UNGDOMSUDDANNELSE if art in YOUTH_ARTS else Slags.FORBEREDENDE), art


def has_valid_code(course: Forloeb, codes: Kodesaet) -> bool:
    """Return whether today's code sets have the code of a forloeb on its DatoOptag; without one, on any day."""
    event = course.first or course.events[-1]
    if event.kodesaet == ELEVTRIN:
        return True
    version = str(event.kode_version) if event.kodesaet == COSA else None
    rows = codes.rows(event.kodesaet or "", event.kode or "", version)
    return any(course.dato_optag is None or row.valid_on(course.dato_optag) for row in rows)


def _activity(event: Haendelse, codes: Kodesaet) -> Slags | None:
    if event.kode in YOUTH_ACTIVITIES:
        return Slags.UNGDOMSUDDANNELSE
    row = codes.describing(KOMMUNE_AKTIVITETER, event.kode or "", event.haendelse_dato)
    art = row.text("art") if row is not None else ""
    return Slags(art) if art in set(Slags) else None


def _art(event: Haendelse, codes: Kodesaet) -> str:
    row = codes.describing(COSA, event.kode or "", event.haendelse_dato, str(event.kode_version))
    return row.text("art") if row is not None else ""
