"""Drop-out: what has become of those who began an education twelve months after, and later of those who left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from udb.domain.clock import add_months
from udb.domain.haendelse import AFBRUDT, EJ_MOEDT, GENNEMFOERT
from udb.domain.kodesaet import EUD_ARTS, HF_ARTS
from udb.statistics.definitions.courses import Course, Slags
from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.leaving import Leaving, leaving

FRAFALD: Final = Definition(
    kort="frafald",
    navn="Frafald",
    version="v1",
    kilde="Egen definition, efter ministeriets opgørelser af frafald tolv måneder efter start",
    formel="Årgang = de unge, hvis første optag i gruppen (gymnasial, eud, fgu) er fra 1. august til 31. juli; ikke "
    "mødte står for sig. Status tolv måneder efter optaget, den første der passer: fuldført, i gang (også på en "
    "anden institution), skiftet (til en anden gruppe eller en videregående uddannelse), afbrudt. Frafald = afbrudt "
    "/ årgangen. Hurtig: som det så ud efter tolv måneder. Endelig: den, der er tilbage i gruppen inden 15 måneder "
    "efter afbruddet, var på pause og tæller som i gang; den er foreløbig, til der er gået 27 måneder. De hurtigt "
    "afbrudte fordeles efter årsag og efter tid fra optaget (højst 30, 31-90, 91-182, flere dage): det er det sidste "
    "forløb i gruppen, der endte inden tolv måneder, som afgør begge dele. Endte det med gennemført (som GF1 uden "
    "GF2), er der intet afbrud.",
    eksempel="Af ti, der begyndte, er én ikke mødt, fem i gang, én har fuldført, én er skiftet til hf og to har "
    "afbrudt: frafald 2 af 9 = 22,2 procent, med skift 33,3 procent. Én af de to er tilbage efter otte måneder: "
    "endelig 11,1 procent. Årgangen begyndte den 12. august 2024, og de to afbrød den 1. februar 2025 uden at oplyse "
    "hvorfor: efter 173 dage, altså 91-182 dage, med årsag 9.",
)
EFTER_AFBRUD: Final = Definition(
    kort="efter_afbrud",
    navn="Efter et afbrud",
    version="v1",
    kilde="Egen definition",
    formel="Status 3, 9, 15 og 21 måneder efter et afbrud i gruppen: i uddannelse, i job (18 timer), begge dele "
    "eller ingen. Endnu ikke: måneden er ikke nået, eller dens indkomst er ikke leveret; de indgår ikke i nævneren. "
    "Ukendt: den unge er fyldt 25, så indkomsten ikke kendes, og er ikke i uddannelse.",
    eksempel="Afbrud den 15. januar 2026: efter tre måneder ses der på den 15. april. Er den unge i FGU og har løn "
    "for 18 timer om ugen i april, er status begge dele.",
)
MONTHS: Final = 12
PAUSE: Final = 15
"""Months from an afbrud in which who comes back was on a pause."""
CHECKPOINTS: Final = (3, 9, 15, 21)
"""Months after an afbrud."""
AUGUST: Final = 8
GRUPPER: Final = {
    **dict.fromkeys(("gymnasial", *sorted(HF_ARTS)), "gymnasial"),
    **dict.fromkeys(sorted(EUD_ARTS), "eud"),
    "fgu": "fgu",
}
"""The group of each art of formaal that has one."""
FGU: Final = "fgu"


class Udfald(StrEnum):
    """What has become of a youth twelve months after the start."""

    EJ_MOEDT = "ej_moedt"
    FULDFOERT = "fuldfoert"
    I_GANG = "i_gang"
    SKIFTET = "skiftet"
    AFBRUDT = "afbrudt"


class Efter(StrEnum):
    """What a youth does some months after an afbrud."""

    I_UDDANNELSE = "i_uddannelse"
    I_JOB = "i_job"
    BEGGE = "begge"
    INGEN = "ingen"
    ENDNU_IKKE = "endnu_ikke"
    UKENDT = "ukendt"


@dataclass(frozen=True, slots=True)
class Start:
    """A youth's first optag in a group; ``hurtig``, ``endelig``: what became of it, None before twelve months are over.

    ``forlod``: how the youth left, when ``hurtig`` is AFBRUDT.
    """

    gruppe: str
    dag: date
    hurtig: Udfald | None
    endelig: Udfald | None
    forlod: Leaving | None

    @property
    def aar(self) -> int:
        """The year in which its school year began."""
        return school_year(self.dag)


def school_year(day: date) -> int:
    """Return the year in which the school year of a day began, on 1 August."""
    return day.year - (day.month < AUGUST)


def gruppe_of(course: Course) -> str | None:
    """Return the group of a course, None when it has none."""
    return GRUPPER.get(course.art)


def starts(courses: Sequence[Course], day: date) -> list[Start]:
    """Return a youth's starts up to a day, by what was known on it: later courses and ends are not looked at."""
    found = []
    for gruppe in sorted({name for one in courses if (name := gruppe_of(one)) is not None}):
        own = [one for one in courses if gruppe_of(one) == gruppe]
        first = min((one for one in own if one.fra is not None and one.fra <= day), key=_began, default=None)
        if first is None or first.fra is None:
            continue
        then = add_months(first.fra, MONTHS)
        hurtig = outcome(gruppe, own, courses, first) if then <= day else None
        endelig = Udfald.I_GANG if hurtig is Udfald.AFBRUDT and _was_on_pause(own, first.fra, day) else hurtig
        forlod = leaving(own, then) if hurtig is Udfald.AFBRUDT else None
        found.append(Start(gruppe, first.fra, hurtig, endelig, forlod))
    return found


def outcome(gruppe: str, own: Sequence[Course], courses: Iterable[Course], first: Course) -> Udfald:
    """Return the status twelve months after ``first``, a youth's first course of a group; ``own``: all of the group."""
    assert first.fra is not None, "a start has a day"
    end = first.forloeb.end if first.forloeb else None
    if end is not None and end.status == AFBRUDT and end.afbrudsarsags_kode == EJ_MOEDT:
        return Udfald.EJ_MOEDT
    then = add_months(first.fra, MONTHS)
    if any(_completed_by(one, gruppe, then) for one in own):
        return Udfald.FULDFOERT
    if any(one.is_open(then) for one in own):
        return Udfald.I_GANG
    if any(one.is_open(then) and _is_other(one, gruppe) for one in courses):
        return Udfald.SKIFTET
    return Udfald.AFBRUDT


def final_from(day: date) -> date:
    """Return the day from which the final status of a start is no longer provisional."""
    return add_months(day, MONTHS + PAUSE)


def _completed_by(course: Course, gruppe: str, day: date) -> bool:
    end = course.forloeb.end if course.forloeb else None
    if end is None or end.status != GENNEMFOERT or end.haendelse_dato > day:
        return False
    return gruppe == FGU or end.fuldfoerer is not None


def _is_other(course: Course, gruppe: str) -> bool:
    return course.slags is Slags.VIDEREGAAENDE or gruppe_of(course) not in {None, gruppe}


def _was_on_pause(own: Sequence[Course], start: date, day: date) -> bool:
    then = add_months(start, MONTHS)
    left = max((one.til for one in own if one.til is not None and one.til <= then), default=then)
    return any(one.fra is not None and left <= one.fra <= min(add_months(left, PAUSE), day) for one in own)


def _began(course: Course) -> date:
    assert course.fra is not None, "asked of courses with a day alone"
    return course.fra


def dropped_out(courses: Iterable[Course]) -> list[tuple[str, date]]:
    """Return the group and day of each afbrud of a youth in a group, but of who never came."""
    return [
        (gruppe, end.haendelse_dato)
        for one in courses
        if (gruppe := gruppe_of(one)) is not None and one.forloeb is not None and (end := one.forloeb.end) is not None
        if end.status == AFBRUDT and end.afbrudsarsags_kode != EJ_MOEDT
    ]
