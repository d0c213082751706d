"""A second reading of docs/spec/figures.md, slow and plain: it knows youths as they are told, and no definition.

Each day is asked for by itself, and each youth by itself. What a code is, it reads from the files of ``codesets/``.
"""

import calendar
import csv
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from tests.support.deadline_model import all_afbrud, outcome
from tests.support.figure_youths import DONE, LEFT, RATES, REGISTERED, Course, Told

_SETS: Final = Path(__file__).parents[2] / "codesets"
GROUPS: Final = {
    "gymnasial": "gymnasial", "hf": "gymnasial", "hf_enkeltfag": "gymnasial",
    "eud": "eud", "gf1": "eud", "gf2": "eud", "fgu": "fgu",
}  # fmt: skip
ACTIVITIES: Final = {
    "grundskole": "K01 K02 K59", "forberedende": "K03 K04 K05 K06 K07 K08 K09 K10 K11 K13 K51",
    "hoejere": "K53 K58", "uddannelse": "K12 K14 K15", "foranstaltning": "K16", "udland": "K52", "erhverv": "K54",
    "praktik": "K55", "fritaget": "K56", "sygdom": "K57",
}  # fmt: skip


def _rows(name: str) -> dict[str, dict[str, str]]:
    with (_SETS / f"{name}.csv").open(encoding="utf-8") as file:
        return {row["kode"]: row for row in csv.DictReader(file, delimiter=";")}


_FORMAAL, _STADS = _rows("cosa_formaal"), _rows("stads")


def what(course: Course) -> str:
    """Return what a course is, in the words of this model; empty when it is nothing."""
    if course.kind == "kommune":
        return next((name for name, codes in ACTIVITIES.items() if course.kode in codes.split()), "")
    if course.kind == "stads":
        return "hoejere"
    if course.kind == "elevtrin":
        return "grundskole" if int(course.kode) <= 10 else "forberedende"
    row = _FORMAAL[course.kode]
    if row["klassetrin_hoejst_10"] == "1":
        return "grundskole"
    if row["art"] == "optagelsesproeve":
        return ""
    return "hoejere" if GROUPS.get(row["art"], "fgu") != "fgu" else "forberedende"


EDUCATION: Final = {"grundskole", "hoejere", "forberedende", "uddannelse"}


def years_after(born: date, years: int) -> date:
    year = born.year + years
    if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return date(year, born.month, born.day)


def months_after(day: date, months: int) -> date:
    """Count months one by one, keeping to the last day of a shorter month."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_of_month(day: date) -> date:
    while (day + timedelta(days=1)).month == day.month:
        day += timedelta(days=1)
    return day


def age(one: Told, day: date) -> int:
    return max(years for years in range(60) if years == 0 or years_after(one.born, years) <= day)


def home(one: Told, day: date) -> tuple[str, str | None]:
    now = (one.status, one.kommune)
    for since, *address in one.moves:
        if since <= day:
            now = tuple(address)
    return now


def is_open(course: Course, day: date) -> bool:
    if course.fra is None or course.fra > day:
        return False
    return not (course.ends is not None and course.til is not None and course.til <= day)


def doing(one: Told, day: date) -> set[str]:
    return {name for course in one.courses if is_open(course, day) and (name := what(course))}


def completes(course: Course) -> bool:
    if course.ends != DONE or course.kind not in {"formaal", "stads"}:
        return False
    row = (_FORMAAL if course.kind == "formaal" else _STADS)[course.kode]
    if row.get("art") in {"hf", "hf_enkeltfag"} and not course.whole_hf:
        return False
    return bool(row["fuldfoerer"])


def has_completed(one: Told, day: date) -> bool:
    return any(done <= day for done in one.diplomas) or any(
        completes(course) and course.til is not None and course.til <= day for course in one.courses
    )


def hours(one: Told, month: date | None) -> tuple[bool, bool, bool]:
    """Return whether there is any wage in a month, 18 hours a week of it, and 20 hours (54 percent of the month)."""
    if month is None or not years_after(one.born, 15) <= month < years_after(one.born, 25):
        return False, False, False
    oere = one.wages.get(month, 0)
    rate = RATES["18-24" if years_after(one.born, 18) <= month else "15-17"]
    return oere > 0, oere / 160 / rate * 37 >= 18 - 1e-9, 100 * oere >= 54 * 160 * rate


def measures(one: Told, day: date, month: date | None) -> dict[str, set[str]]:
    """Return by definition what a youth counts in on a day; ``month``: the month of eIndkomst to be used."""
    years, does, done = age(one, day), doing(one, day), has_completed(one, day)
    wage, eighteen, twenty = hours(one, month)
    business = "erhverv" in does
    found: dict[str, set[str]] = {"restgruppe": set(), "kui": set(), "bredere": set(), "fuldfoert_25": set(),
                                  "daekning": set(), "kontaktede": set()}  # fmt: skip
    if home(one, day)[0] not in {"01", "03"}:
        return found
    if 15 <= years <= 24:
        slot = "fuldfoert" if done else "i_uddannelse" if does & EDUCATION else "restgruppe"
        if slot == "restgruppe" and (eighteen or business):
            slot = "i_job"
        found["restgruppe"] = {"P", slot}
        found["daekning"] = {"P"} | ({"daekning"} if reported(one, day) else set())
    if years == 25:
        found["fuldfoert_25"] = {"P"} | ({"fuldfoert"} if done else set())
    if 15 <= years <= 29:
        group = target_group(one, day, does, wage=wage)
        if done or does & {"grundskole", "hoejere"} or twenty or business:
            group = None
        counted = {"P"} if group is None else {"P", "i_alt", group}
        if years <= 24:
            found["kui"] = counted
            # Who of them was contacted: ``test_reached.py``.
            found["kontaktede"] = {"P"} if group == "uden" else set()
        elif group in {"deltid", "uden"}:
            counted = {"P", "i_alt", "ukendt"}
        found["bredere"] = counted
    return found


def target_group(one: Told, day: date, does: Collection[str], *, wage: bool) -> str:
    if {"forberedende", "uddannelse"} & set(does):
        return "forberedende"
    if ordered(one, day):
        return "paalaeg"
    if {"fritaget", "sygdom", "foranstaltning"} & set(does):
        return "fritaget"
    if "udland" in does:
        return "udland"
    if "praktik" in does:
        return "praktik"
    return "deltid" if wage else "uden"


def ordered(one: Told, day: date) -> bool:
    latest = [begins for since, begins in sorted(one.orders) if since <= day]
    return bool(latest) and latest[-1]


def reported(one: Told, day: date) -> bool:
    days: list[date] = [since for since, _ in one.orders]
    for course in one.courses:
        if course.fra is not None:
            days.append(course.fra)
        if course.noise:
            days.append(course.fra or date(2020, 1, 1))
        if course.ends is not None and course.til is not None:
            days.append(course.til)
            if course.ends == LEFT:
                days += [contact.day for contact in course.contacts if contact.stands]
        for mark in course.marks:
            days += [mark.day] if mark.stands else []
            days += [contact.day for contact in mark.contacts if contact.stands]
    return any(one_day <= day for one_day in days)


def is_neet(one: Told, day: date, month: date | None) -> bool:
    wage, _, _ = hours(one, month)
    if wage or "erhverv" in doing(one, day):
        return False
    return not any(doing(one, day - timedelta(days=back)) & EDUCATION for back in range(28))


def group_of(course: Course) -> str | None:
    return GROUPS.get(_FORMAAL[course.kode]["art"]) if course.kind == "formaal" else None


def school_year(day: date) -> int:
    return day.year if day.month >= 8 else day.year - 1


def cohorts(one: Told, day: date) -> Iterable[tuple[date, str, set[str]]]:
    """Yield a youth's starts whose twelve months are over: the day, the group with its year, and what it counts in."""
    for group in ("gymnasial", "eud", "fgu"):
        own = [course for course in one.courses if group_of(course) == group]
        began = [course for course in own if course.fra is not None and course.fra <= day]
        if not began:
            continue
        first = min(began, key=lambda course: (course.fra, one.courses.index(course)))
        start = first.fra
        assert start is not None
        then = months_after(start, 12)
        name = f"{group} {school_year(start)}"
        if then > day or school_year(start) < school_year(day) - 5:
            continue
        if first.ends == LEFT and first.cause == "1":
            yield start, name, {"ej_moedt"}
            continue
        quick = "afbrudt"
        others = {what_of for course in one.courses if is_open(course, then) for what_of in [group_of(course)]}
        if any((completes(c) or (group == "fgu" and c.ends == DONE)) and c.til and c.til <= then for c in own):
            quick = "fuldfoert"
        elif any(is_open(course, then) for course in own):
            quick = "i_gang"
        elif others - {None, group} or any(c.kind == "stads" and is_open(c, then) for c in one.courses):
            quick = "skiftet"
        final = quick
        if quick == "afbrudt":
            left = max(c.til for c in own if c.ends is not None and c.til is not None and c.til <= then)
            limit = min(months_after(left, 15), day)
            if any(c.fra is not None and left <= c.fra <= limit for c in own):
                final = "i_gang"
        yield start, name, {"kohorte", f"hurtig_{quick}", f"endelig_{final}"} | how_it_left(own, start, then, quick)


def how_it_left(own: Iterable[Course], start: date, then: date, quick: str) -> set[str]:
    """Return the cause and the time of who is afbrudt: of the last end by then, an afbrud before a completion."""
    if quick != "afbrudt":
        return set()
    last: Course | None = None
    for course in own:
        if course.ends is None or course.til is None or course.til > then or (course.ends, course.cause) == (LEFT, "1"):
            continue
        later = last is None or last.til is None or course.til > last.til
        # Told later is reported later.
        if later or (last is not None and course.til == last.til and (course.ends == LEFT or last.ends == DONE)):
            last = course
    assert last is not None
    assert last.til is not None
    days = (last.til - start).days
    time = "tid_030" if days <= 30 else "tid_090" if days <= 90 else "tid_182" if days <= 182 else "tid_366"
    return {f"aarsag_{last.cause}" if last.ends == LEFT else "aarsag_ingen", time}


def deadlines(one: Told, day: date) -> Iterable[tuple[date, str, set[str]]]:
    """Yield the afbrud of 15 to 17 years in the last thirteen months: the day, its month, and what each counts in."""
    for afbrud in all_afbrud(one, REGISTERED):
        if months_back(day, 13) < afbrud.day <= day and 15 <= age(one, afbrud.day) <= 17:
            home_then = home(one, afbrud.day)[1]
            found = outcome(one, afbrud, home_then, last_of_month(afbrud.day), day)
            yield afbrud.day, afbrud.day.isoformat()[:7], found


def after_leaving(one: Told, day: date, delivered: Collection[date]) -> Iterable[tuple[date, str, str]]:
    for course in one.courses:
        group, left = group_of(course), course.til
        if group is None or course.ends != LEFT or course.cause == "1" or left is None:
            continue
        if left > day or left <= months_back(day, 36):
            continue
        for months in (3, 9, 15, 21):
            then = months_after(left, months)
            month = last_of_month(then)
            name = f"{group} {school_year(left)} +{months:02}"
            if then > day or month not in delivered:
                yield left, name, "endnu_ikke"
                continue
            does = doing(one, then)
            job, studies = hours(one, month)[1] or "erhverv" in does, bool(does & EDUCATION)
            known = years_after(one.born, 25) > month
            words = {(True, True): "begge", (True, False): "i_job", (False, True): "i_uddannelse"}
            yield left, name, words.get((job, studies), "ingen" if known else "ukendt")


def months_back(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


Count = Counter[tuple[str, str | None, str | None, str, str | None, str | None]]
"""Counts by definition, kommune, group, measure, age and sex; None: all, or no such dimension."""


def figures(everybody: Iterable[Told], day: date, delivered: Collection[date], *, november: bool = False) -> Count:
    """Return every count of a month, or of 30 November."""
    month = max((one for one in delivered if one <= last_of_month(day)), default=None)
    counts: Count = Counter()
    for one in everybody:
        found = of_november(one, day, month) if november else measures(one, day, month)
        years = age(one, day)
        group = "15-17" if years < 18 else "18-24" if years < 25 else "25-29"
        for definition, maal in found.items():
            for name in maal:
                for where in (home(one, day)[1] or "000", None):
                    for ages in (group, None):
                        for sex in (one.koen, None):
                            counts[definition, where, None, name, ages, sex] += 1
        if not november and 15 <= years <= 29:
            add_grouped(counts, one, day, delivered)
    return counts


def of_november(one: Told, day: date, month: date | None) -> dict[str, set[str]]:
    if home(one, day)[0] not in {"01", "03"} or not 16 <= age(one, day) <= 24:
        return {}
    return {"neet": {"P", "neet"} if is_neet(one, day, month) else {"P"}}


def add_grouped(counts: Count, one: Told, day: date, delivered: Collection[date]) -> None:
    found: list[tuple[str, date, str, set[str]]] = [("frafald", *start) for start in cohorts(one, day)]
    found += [("efter_afbrud", at, name, {maal}) for at, name, maal in after_leaving(one, day, delivered)]
    found += [("frist", *afbrud) for afbrud in deadlines(one, day)]
    for definition, at, name, maal in found:
        for where in (home(one, at)[1] or "000", None):
            counts[definition, where, None, "i_alt", None, None] += 1
            for measure in maal:
                counts[definition, where, name, measure, None, None] += 1
