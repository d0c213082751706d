"""What the page says of education, job and wishes, in the order of the page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.beskaeftigelse.grad import STATUS
from udb.domain.clock import danish_date, day_in_words, month_in_words
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import GENNEMFOERT, Haendelse
from udb.hentning.level import Levels
from udb.hentning.own.overview import Overview
from udb.hentning.own.stored import OwnEvent, Rows, by_number
from udb.portal.own.people import name_of
from udb.portal.own.words import JOB, happened, subject
from udb.rules.catalogue import BY_CODE
from udb.store.contacts import JOB as JOB_WISH

FOREVER: Final = 9999
"""The year of a series that no later month has changed."""
NO_LEVEL: Final = "Du har ikke gennemført en uddannelse efter grundskolen endnu."


@dataclass(frozen=True, slots=True)
class Course:
    """A forloeb in words. ``end``: empty while it is open."""

    what: str
    where: str
    start: str
    end: str
    reported: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Who corrects an event, how to reach them, and a text to send."""

    who: str
    function: str
    telefon: str | None
    mail: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """An event in words. ``marks``: why it no longer counts, empty when it does."""

    nummer: str
    day: date
    text: str
    where: str
    registered: str
    raad: Sequence[str]
    marks: Sequence[str]
    ask: Ask


@dataclass(frozen=True, slots=True)
class Job:
    """Months in a row that are alike."""

    months: str
    status: str
    benefit: str


@dataclass(frozen=True, slots=True)
class History:
    """All that the page says under "Det står der om dig"."""

    situation: Sequence[str]
    courses: Sequence[Course]
    lines: Sequence[Line]
    corrected: Sequence[Line]
    jobs: Sequence[Job]
    wishes: Sequence[tuple[str, str]]


def history(overview: Overview) -> History:
    """Return the history of an overview, the newest first."""
    events = [one.event for one in overview.events]
    courses = all_forloeb(events)
    begins = {course.first.nummer for course in courses if course.first is not None}
    advice = by_number(overview.rows["haendelse_raad"])
    lines = [_line(overview, one, begins, advice) for one in reversed(overview.events)]
    return History(
        situation(overview, courses),
        [_course(overview, course) for course in reversed(courses)],
        [line for line in lines if not line.marks],
        [line for line in lines if line.marks],
        _jobs(overview),
        _wishes(overview),
    )


def situation(overview: Overview, courses: Sequence[Forloeb]) -> Sequence[str]:
    """Return sentences on where the youth is now: the open courses, else the one that ended last; the level; pålæg."""
    return [*_where(overview, courses), _level(overview), _order(overview)]


def _where(overview: Overview, courses: Sequence[Forloeb]) -> Sequence[str]:
    def at(course: Forloeb) -> str:
        last = course.events[-1]
        return f"{subject(last, overview.codes)} ({name_of(overview, last.institution_nummer)})"

    if is_open := [course for course in courses if course.open]:
        since = [(course, course.dato_optag or course.events[0].haendelse_dato) for course in is_open]
        return [f"Du er i gang med {at(course)} siden {day_in_words(day)}." for course, day in since]
    ended = [course for course in courses if course.end is not None]
    if not ended:
        return ["Der er ikke registreret nogen uddannelse om dig."]
    course = max(ended, key=lambda one: (one.events[-1].haendelse_dato, one.events[-1].nummer))
    assert course.end is not None, "only those that ended are here"
    did = "blev færdig med" if course.end.status == GENNEMFOERT else "stoppede på"
    day = day_in_words(course.end.haendelse_dato)
    return [f"Du {did} {at(course)} den {day}.", "Siden er der ikke registreret noget nyt forløb."]


def _level(overview: Overview) -> str:
    reached = " ".join(one.event.fuldfoerer for one in overview.events if one.event.fuldfoerer)
    diplomas = " ".join(f"{row['cosa_formaal']}@{row['dato'].isoformat()}" for row in overview.rows["eksamensbevis"])
    levels = Levels(overview.codes, overview.today)
    level = levels.of(reached or None, diplomas or None)
    return NO_LEVEL if level == levels.of(None, None) else f"Du har gennemført: {level}."


def _order(overview: Overview) -> str:
    order = next(iter(overview.rows["abonnement"]), None)
    if order is None:
        return "Du har ikke uddannelsespålæg."
    return f"Du har haft uddannelsespålæg siden {day_in_words(order['startdato'])}."


def _course(overview: Overview, course: Forloeb) -> Course:
    first, last = course.events[0], course.events[-1]
    start = course.dato_optag
    end = ""
    if course.end is not None:
        did = "Færdig" if course.end.status == GENNEMFOERT else "Stoppet"
        end = f"{did} {day_in_words(course.end.haendelse_dato)}"
    return Course(
        subject(last, overview.codes),
        name_of(overview, last.institution_nummer),
        day_in_words(start) if start is not None else "Ukendt",
        end,
        f"{name_of(overview, first.institution_nummer)}, {day_in_words(danish_date(first.registreringstid))}",
    )


def _line(overview: Overview, one: OwnEvent, begins: Collection[str], advice: Mapping[str, Rows]) -> Line:
    event = one.event
    text = happened(event, overview.codes, begins=event.nummer in begins or not event.standing)
    by = name_of(overview, event.institution_nummer)
    codes = [row["fejl_kode"] for row in advice.get(event.nummer, ())]
    return Line(
        event.nummer,
        event.haendelse_dato,
        text,
        by,
        day_in_words(danish_date(event.registreringstid)),
        [BY_CODE[code].tekst for code in codes if code in BY_CODE],
        _marks(overview, event),
        _ask(overview, event, by, text),
    )


def _marks(overview: Overview, event: Haendelse) -> Sequence[str]:
    found = []
    if event.annullering:
        found.append("Denne melding trak den anden tilbage.")
    if event.annulleret:
        day = next((_day(one) for one in overview.events if one.event.annulleret_haendelse_nummer == event.nummer), "")
        found.append(f"Annulleret {day}.".replace(" .", "."))
    if event.gentaget:
        found.append("Meldt igen, efter at du fik nyt CPR-nummer.")
    if event.udgaaet:
        found.append("Rettet af en senere måned.")
    return found


def _day(one: OwnEvent) -> str:
    return day_in_words(danish_date(one.event.registreringstid))


def _ask(overview: Overview, event: Haendelse, by: str, text: str) -> Ask:
    function = overview.names.functions.get(event.institution_nummer)
    letter = (
        f"Jeg har set i Ungedatabasen, at I har meldt: {text} Dato: {day_in_words(event.haendelse_dato)}. "
        f"Nummer: {event.nummer}. Det er forkert. Det rigtige er: (skriv det her). Vil I rette det?"
    )
    if function is None:
        return Ask(by, "", None, None, letter)
    return Ask(by, function.navn, function.telefon, function.mail, letter)


def _jobs(overview: Overview) -> Sequence[Job]:
    found = []
    for row in reversed(overview.rows["indkomstserie"]):
        last = overview.delivered if row["til"].year == FOREVER else row["til"]
        first, until = month_in_words(row["fra"]), month_in_words(last or row["fra"])
        months = first if first == until else f"{first} til {until}"
        benefit = "Du fik en social ydelse." if row["social_ydelse"] else "Du fik ikke en social ydelse."
        found.append(Job(months, JOB[STATUS[row["status"]]], benefit))
    return found


def _wishes(overview: Overview) -> Sequence[tuple[str, str]]:
    found = []
    for row in overview.rows["onske"]:
        kind = "Job" if row["art"] == JOB_WISH else "Uddannelse"
        by, day = name_of(overview, row["institution_nummer"]), day_in_words(danish_date(row["registreringstid"]))
        found.append((f"{kind}: {row['tekst']}", f"Registreret af {by} den {day}."))
    return found
