"""The invented youths' ways through school: 9th grade, perhaps 10th, then one path or several, until today."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET
from udb.domain.kodesaet import AKTIVITETSGRUPPER, COSA, ELEVTRIN, FORBEREDENDE, KOMMUNE_AKTIVITETER, STADS
from udb.domain.services import (
    FGU,
    FORBEREDENDE_AKTIVITET,
    JOBCENTER,
    KOMMUNE_AKTIVITET,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)
from udb.sandbox import places
from udb.sandbox.draft import Course, Draft, Youth
from udb.sandbox.life import Life, World

DID_NOT_TURN_UP: Final = "1"
PRACTICE_PLACE: Final = "5006"
TENTH: Final = 10
NEVER_REPORTED: Final = 0.03
MOST_PATHS: Final = 4
DFDG: Final = "DFDG"
_NO_MARK: Final = {"frafaldstruet_markering": None}
"""Job centres do not report the risk of dropping out, not even as false."""


def live(rng: random.Random, world: World, youth: Youth) -> None:
    """Add the reports about a youth until ``youth.until``; some youths get none."""
    if rng.random() < NEVER_REPORTED:
        return
    born = youth.turns_15.year - 15
    life = Life(rng, world, youth, date(born + 15, 8, 1))
    _grade(life, 9, places.FOLKESKOLE if life.chance(0.85) else places.FRISKOLE)
    if life.chance(0.4):
        _grade(life, TENTH, places.EFTERSKOLE if life.chance(0.5) else places.FOLKESKOLE)
    for _ in range(MOST_PATHS):
        if life.day > youth.until:
            return
        path = rng.choices(tuple(PATHS), tuple(PATHS.values()))[0]
        if path(life):
            break
    else:
        return
    if life.chance(0.6):
        _higher(life)


def _grade(life: Life, grade: int, type3: str) -> None:
    kind = life.rng.choices(("40", "45", "46", "50"), (90, 4, 3, 3))[0] if grade == TENTH else "40"
    fields = {
        "kodesaet": ELEVTRIN,
        "kode": str(grade),
        "elev_trin": grade,
        "klasse_trin": grade,
        "klasse_type": kind,
        "klasse_navn": f"{grade}{life.rng.choice('ABC')}",
    }
    course = Course(FORBEREDENDE_AKTIVITET, life.near(type3), "UVdata", fields)
    start = date(life.day.year, 8, life.rng.randint(8, 15))
    life.begin(course, start)
    if grade == TENTH and life.chance(0.1):
        life.drop_out(course, start + timedelta(days=life.rng.randint(30, 250)))
        return
    last = date(start.year + 1, 6, life.rng.randint(20, 30))
    life.end(course, last, GENNEMFOERT)
    life.day = date(last.year, 8, 1)


def _cosa(life: Life, kode: str, type3: str, day: date, source: str) -> Course | None:
    version = life.world.version(kode, day)
    if version is None:
        return None
    fields = {"kodesaet": COSA, "kode": kode, "kode_version": version}
    return Course(UNGDOMSUDDANNELSE, life.near(type3), source, fields)


def _school_start(day: date) -> date:
    return date(day.year if (day.month, day.day) <= (8, 20) else day.year + 1, 8, 10)


def _years(life: Life, course: Course, start: date, years: int, extra: dict[str, Any]) -> bool:
    """Report a course that ends in June; return whether it was completed, now or before."""
    if life.barred(course):
        return True
    first = life.begin(course, start)
    if life.chance(0.02):
        life.drop_out(course, start, DID_NOT_TURN_UP)
        return False
    at_risk = life.chance(0.12)
    if at_risk and first is not None and life.chance(0.2):
        _kommune_sees_risk(life, first, start + timedelta(days=35))
    if at_risk:
        life.risk(course, start + timedelta(days=life.rng.randint(40, 300)))
    if life.chance(0.5 if at_risk else 0.1):
        life.drop_out(
            course, start + timedelta(days=life.rng.randint(310, 500) if at_risk else life.rng.randint(20, 500))
        )
        return False
    last = date(start.year + years, 6, life.rng.randint(20, 28))
    life.end(course, last, GENNEMFOERT, extra)
    life.day = date(last.year, 8, 1)
    return True


def _gymnasial(life: Life) -> bool:
    start = _school_start(life.day)
    course = _cosa(life, life.rng.choice(("3009", "3009", "3010", "3310")), places.GYMNASIUM, start, "LUDUS")
    return course is not None and _years(life, course, start, 3, {})


def _hf(life: Life) -> bool:
    start = _school_start(life.day)
    course = _cosa(life, "3017", life.rng.choice((places.GYMNASIUM, places.VUC)), start, "LUDUS")
    return course is not None and _years(life, course, start, 2, {"gennemfoert_hf": True})


def _eud(life: Life) -> bool:
    start = _school_start(life.day)
    gf1, gf2, main = life.rng.choice((("9101", "9102", "9100"), ("9201", "9202", "9200"), ("9201", "9211", "9210")))
    for kode, months in ((gf1, 5), (gf2, 5)):
        course = _cosa(life, kode, places.ERHVERVSSKOLE, start, "EASY-A")
        if course is None:
            return False
        if life.barred(course):
            continue
        life.begin(course, start)
        if life.chance(0.12):
            life.drop_out(course, start + timedelta(days=life.rng.randint(5, 120)))
            return False
        last = start + timedelta(days=months * 30 + life.rng.randint(0, 10))
        life.end(course, last, GENNEMFOERT)
        start = last + timedelta(days=life.rng.randint(1, 20))
    return _eud_main(life, main, start)


def _eud_main(life: Life, kode: str, start: date) -> bool:
    course = _cosa(life, kode, places.ERHVERVSSKOLE, start, "EASY-A")
    if course is None:
        return False
    if life.barred(course):
        return True
    course.fields |= {"speciale": life.rng.choice(("1", "2", "3"))}
    life.begin(course, start, {"praktiksted": f"Eksempelfirma {life.rng.randint(1, 500)} ApS"})
    if life.chance(0.1):
        changed = {"praktiksted": f"Eksempelfirma {life.rng.randint(501, 999)} ApS"}
        day = start + timedelta(days=life.rng.randint(60, 300))
        life.youth.report(life.rng, course, day, OPTAGET, day, changed, (PRACTICE_PLACE,))
    if life.chance(0.15):
        life.drop_out(course, start + timedelta(days=life.rng.randint(310, 700)), "905")
        return False
    last = start + timedelta(days=3 * 365 + life.rng.randint(0, 60))
    life.end(course, last, GENNEMFOERT)
    life.day = last + timedelta(days=30)
    return True


def _fgu(life: Life) -> bool:
    start = life.day + timedelta(days=life.rng.randint(5, 60))
    version = life.world.version("338", start)
    if version is None:
        return _produktionsskole(life)
    fields = {"kodesaet": COSA, "kode": "338", "kode_version": version}
    course = Course(FGU, life.near(places.FGU_SKOLE), "Agidon", fields)
    if life.barred(course):
        return _break(life)
    basic = {"skoleperiode": "BA"}
    life.begin(course, start, basic)
    if life.chance(0.15):
        life.drop_out(course, start + timedelta(days=life.rng.randint(5, 30)), extra=basic)
        return False
    track = life.rng.choice(("1", "2", "3"))
    day = start + timedelta(days=life.rng.randint(60, 100))
    period = {"skoleperiode": "US", "speciale": track}
    life.youth.report(life.rng, course, day, OPTAGET, day, period)
    if life.chance(0.3):
        life.drop_out(course, day + timedelta(days=life.rng.randint(20, 300)), extra=period)
        return False
    last = day + timedelta(days=life.rng.randint(150, 500))
    level = {"egu_uddannelsesniveau": True} if track == "3" else {}
    life.end(course, last, GENNEMFOERT, period | level)
    life.day = last + timedelta(days=20)
    return False


def _produktionsskole(life: Life) -> bool:
    start = life.day + timedelta(days=life.rng.randint(5, 60))
    fields = {"kodesaet": FORBEREDENDE, "kode": "1060"}
    course = Course(FORBEREDENDE_AKTIVITET, life.near(places.PRODUKTIONSSKOLE), "Agidon / NP", fields)
    life.begin(course, start)
    day = start + timedelta(days=life.rng.randint(60, 300))
    if life.chance(0.5):
        life.drop_out(course, day)
    else:
        life.end(course, day, GENNEMFOERT)
        life.day = day + timedelta(days=10)
    return False


def _kommune(life: Life) -> bool:
    """Report an activity of the kommune."""
    fields = {"kodesaet": KOMMUNE_AKTIVITETER, "kode": life.rng.choice(("K51", "K54", "K57", "K10"))}
    number = life.world.places.kommune_number[life.youth.kommune]
    course = Course(KOMMUNE_AKTIVITET, number, "UV-Vej", fields)
    life.youth.report(life.rng, course, life.day, OPTAGET)
    last = life.day + timedelta(days=life.rng.randint(45, 300))
    life.end(course, last, GENNEMFOERT)
    life.day = last + timedelta(days=life.rng.randint(1, 30))
    return False


def _job_centre(life: Life) -> bool:
    """Report what the job centre arranges, mostly under an uddannelsespålæg."""
    youth, day = life.youth, life.day
    if youth.subscription is None and youth.lives_here and life.chance(0.7):
        order = Course(JOBCENTER, places.STAR_NUMBER, DFDG, {})
        youth.subscription = youth.report(life.rng, order, day, None, extra={"har_uddannelsespaalaeg": True})
    fields = {"kodesaet": AKTIVITETSGRUPPER, "kode": life.rng.choice(("J10", "J20", "J30", "J60")), **_NO_MARK}
    course = Course(JOBCENTER, places.STAR_NUMBER, DFDG, fields)
    start = day + timedelta(days=life.rng.randint(1, 20))
    life.youth.report(life.rng, course, start, OPTAGET)
    last = start + timedelta(days=life.rng.randint(28, 182))
    life.end(course, last, GENNEMFOERT if life.chance(0.6) else AFBRUDT)
    life.day = last + timedelta(days=life.rng.randint(5, 40))
    if youth.subscription is not None and life.chance(0.4):
        order, later = youth.subscription.course, last + timedelta(days=3)
        ended = youth.report(life.rng, order, later, None, extra={"har_uddannelsespaalaeg": False})
        if ended is not None:
            # An Afmeld takes effect on the day it is reported.
            ended.dato = ended.registered.date()
            youth.subscription = None
    return False


def _kommune_sees_risk(life: Life, optag: Draft, day: date) -> None:
    number = life.world.places.kommune_number[life.youth.kommune]
    mark = Course(KOMMUNE_AKTIVITET, number, "UV-Vej", {"ifoelge_kommunen": "Risiko"})
    reported = life.youth.report(life.rng, mark, day, OPTAGET)
    if reported is not None:
        reported.concerns = optag


def _break(life: Life) -> bool:
    """Let time pass without a report."""
    life.day += timedelta(days=life.rng.randint(150, 500))
    return False


def _higher(life: Life) -> None:
    start = date(life.day.year + life.rng.choice((0, 1, 1, 2)), 9, 1)
    kode, type3 = life.rng.choice(
        (
            ("9302", places.PROFESSIONSHOEJSKOLE),
            ("9303", places.PROFESSIONSHOEJSKOLE),
            ("9304", places.UNIVERSITET),
        )
    )
    course = Course(VIDEREGAAENDE, life.near(type3), "STADS", {"kodesaet": STADS, "kode": kode})
    life.begin(course, start)
    if life.chance(0.2):
        life.drop_out(course, start + timedelta(days=life.rng.randint(30, 500)))
        return
    life.end(course, date(start.year + 3, 6, 30), GENNEMFOERT)


PATHS: Final[dict[Callable[[Life], bool], int]] = {
    _gymnasial: 50,
    _eud: 22,
    _hf: 8,
    _fgu: 9,
    _produktionsskole: 2,
    _kommune: 4,
    _job_centre: 5,
    _break: 5,
}
"""A youth's possible next paths, with weights; each returns whether a youth education was completed."""
