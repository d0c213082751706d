"""The slow model of access: which recipient gets which event, in which mode, with which elements.

Sources: access.md; contract 5.1. It is written from the sentences of the vejledning and of the spec, event by event,
before and without looking at how the service does it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from tests.access.life import Life, is_contact, is_of_job_centre
from tests.model.words import Cancellation, Event, World, Youth
from udb.domain.clock import DANISH
from udb.domain.haendelse import OPTAGET

AS_REPORTED: Final = (
    "institution_nummer",
    "status",
    "afbrudsarsags_kode",
    "kilde_leverandoer",
    "elev_trin",
    "klasse_trin",
    "klasse_type",
    "klasse_navn",
    "forberedende_aktivitets_kode",
    "speciale",
    "skoleperiode",
    "egu_uddannelsesniveau",
    "stads_kode",
    "kommune_aktivitets_kode",
    "ifoelge_kommunen",
    "gennemfoert_hf",
    "frafaldstruet_markering",
)


@dataclass(frozen=True)
class Caller:
    """A system on behalf of a kommune, or of the job centres (then without ``kommune``)."""

    system: str
    nummer: str
    kommune: str | None


@dataclass
class Memory:
    """The events sent to each system without criterion, and those it fetched at all (also by number); and the places of
    the reports under which an institution looked a youth up. ``registered``: the day of each report, by its number.
    """

    registered: dict[str, date] = field(default_factory=dict)
    looked_up: set[str] = field(default_factory=set)
    given: set[tuple[str, str, str]] = field(default_factory=set)
    fetched: set[tuple[str, str]] = field(default_factory=set)

    def gave(self, caller: Caller, nummer: str) -> None:
        self.given.add((caller.system, caller.nummer, nummer))
        self.fetched.add((caller.nummer, nummer))

    def was_given(self, caller: Caller, nummer: str) -> bool:
        return (caller.system, caller.nummer, nummer) in self.given

    def was_fetched(self, caller: Caller, nummer: str) -> bool:
        return (caller.nummer, nummer) in self.fetched


Found = tuple[str, Event, bool]
"""Number, report, and whether it is the report's cancellation."""


def concerns(life: Life, caller: Caller, event: Event) -> bool:
    """Return whether the event concerns the recipient: as home kommune, school kommune or job centre."""
    if not life.between_15_and_29:
        return False
    if caller.kommune is None:
        return life.for_the_job_centre(event)
    return life.home_is(caller.kommune) or life.school_kommune_is(caller.kommune, event)


def in_feed(life: Life, caller: Caller, event: Event) -> bool:
    """Return whether a feed shows a standing report."""
    return (
        event in life.events
        and concerns(life, caller, event)
        and not life.only_a_practice_place(event)
        and life.visible(event, look_up=False)
    )


def shown_though_cancelled(life: Life, caller: Caller, memory: Memory, event: Event) -> bool:
    """Return whether the home kommune gets a cancelled report, because an institution looked the youth up under it: as
    if it had not been cancelled. What a repetition has replaced stays hidden.
    """
    if event.repeated or event.place not in memory.looked_up:
        return False
    if caller.kommune is None or not life.home_is(caller.kommune):
        return False
    with life.as_if_never_cancelled(event) as otherwise:
        return in_feed(otherwise, caller, event)


def though_cancelled(life: Life, caller: Caller, memory: Memory) -> list[Found]:
    return [
        (one.of.nummer, one.of, False)
        for one in cancellations(life.world, life.youth)
        if shown_though_cancelled(life, caller, memory, one.of)
    ]


def in_look_up(life: Life, caller: Caller, event: Event) -> bool:
    """Return whether a look-up shows a standing report."""
    return (
        event in life.events
        and not event.outdated
        and may_look_up(life, caller)
        and not life.only_a_practice_place(event)
        and life.visible(event, look_up=True)
    )


def may_look_up(life: Life, caller: Caller) -> bool:
    return caller.kommune is not None and life.between_15_and_29 and life.home_is(caller.kommune)


def opening(life: Life, memory: Memory, institution: str, days: int) -> list[Event]:
    """Return the reports of the courses that let an institution ask for a youth's uddannelsespålæg (A11): open at its
    main institution, and some report of each registered at least ``days`` days ago.
    """
    main, latest = life.world.main_of(institution), life.today - timedelta(days)
    return [
        event
        for course in life.courses
        if course.end is None
        and course.key[2] == main
        and course.key[0] != "kommune_aktiviteter"
        and (not days or any(memory.registered[one.place] <= latest for one in course.events))
        for event in course.events
    ]


def look_up(life: Life, caller: Caller) -> list[Found]:
    return [(event.nummer, event, False) for event in life.events if in_look_up(life, caller, event)]


def by_number(life: Life, caller: Caller, memory: Memory, after: str) -> list[Found]:
    """Return what is visible now with a higher number."""
    reports = [(event.nummer, event, False) for event in life.events if in_feed(life, caller, event)]
    reports += though_cancelled(life, caller, memory)
    gone = [
        (one.nummer, one.of, True)
        for one in cancellations(life.world, life.youth)
        if cancellation_by_number(life, caller, memory, one.of)
    ]
    return sorted((found for found in (*reports, *gone) if found[0] > after), key=lambda found: found[0])


def cancellation_by_number(life: Life, caller: Caller, memory: Memory, event: Event) -> bool:
    """Return whether the caller gets the cancellation: if it could see the report had it not been cancelled; or if it
    has fetched the report and the report still concerns it, whatever age, completions and practice places now hide.
    """
    with life.as_if_never_cancelled(event) as otherwise:
        if in_feed(otherwise, caller, event):
            return True
        return memory.was_fetched(caller, event.nummer) and concerns(otherwise, caller, event)


def all_new(life: Life, caller: Caller, memory: Memory) -> list[Found]:
    """Return what is visible and was not sent to this system before; and the cancellations of what was sent to it, or
    is sent to it although it is cancelled.
    """
    reports = [
        (event.nummer, event, False)
        for event in life.events
        if in_feed(life, caller, event) and not memory.was_given(caller, event.nummer)
    ]
    reports += [one for one in though_cancelled(life, caller, memory) if not memory.was_given(caller, one[0])]
    gone = [
        (one.nummer, one.of, True)
        for one in cancellations(life.world, life.youth)
        if not memory.was_given(caller, one.nummer)
        and (
            (memory.was_given(caller, one.of.nummer) and concerns(life, caller, one.of))
            or shown_though_cancelled(life, caller, memory, one.of)
        )
    ]
    return sorted((*reports, *gone), key=lambda found: found[0])


def cancellations(world: World, youth: Youth) -> list[Cancellation]:
    return [one for one in world.cancellations if one.of.youth is youth]


# Elements -------------------------------------------------------------------------------------------------------------


def shown(life: Life, found: Found) -> dict[str, Any]:
    """Return the elements of one event of an answer."""
    nummer, event, cancels = found
    if event.register is not None:
        return _of_register(event, *event.register)
    tell = _contact if is_contact(event) else _job_centre if is_of_job_centre(event) else _education
    if event.cancelled:
        with life.as_if_never_cancelled(event) as otherwise:
            elements = tell(otherwise, event)
        elements["dato_optag"] = None
    else:
        elements = tell(life, event)
    if is_contact(event):
        elements.pop("dato_optag", None)
    elements |= {
        "haendelse_nummer": nummer,
        "annulleret_haendelse_nummer": event.nummer if cancels else None,
        "annullering": cancels,
    }
    return elements


def _education(life: Life, event: Event) -> dict[str, Any]:
    said = event.said
    course = life.course_of(event)
    begun = course.begun if course and said.status != OPTAGET else None
    return {
        **{name: getattr(said, name) for name in AS_REPORTED},
        "dato_optag": None if begun is None or life.before_25(begun) else _midnight(begun),
        "forloeb_id": event.forloeb_id,
        "haendelse_dato": _midnight(event.day),
        "uddannelse": (said.cosa_formaal, said.cosa_formaal_version) if said.cosa_formaal else None,
        "praktiksted": life.practice_place(event),
        "vedroerer_haendelse_nummer": _reference(life, said.vedroerer_haendelse_nummer),
    }


def _job_centre(life: Life, event: Event) -> dict[str, Any]:
    shown = _education(life, event)
    same = ("dato_optag", "forloeb_id", "haendelse_dato", "status", "afbrudsarsags_kode", "kilde_leverandoer")
    return {name: shown[name] for name in same} | {"aktivitetsgruppe_kode": event.said.aktivitetsgruppe_kode}


def _contact(life: Life, event: Event) -> dict[str, Any]:
    return {
        "type": event.said.type,
        "haendelse_dato": event.said.haendelse_dato,
        "kilde_leverandoer": event.said.kilde_leverandoer,
        "afbrud_haendelse_nummer": _reference(life, event.said.afbrud_haendelse_nummer),
    }


def _of_register(event: Event, art: str, says: Any) -> dict[str, Any]:
    """Return the elements of SKAT's change of employment or benefit, or of the job centre's pålæg."""
    elements = {
        "haendelse_nummer": event.nummer,
        "haendelse_dato": _midnight(event.day),
        "kilde_leverandoer": event.said.kilde_leverandoer,
    }
    if art == "beskaeftigelse":
        return elements | {"status_beskaeftigelse": says[0], "beskaeftigelsesgrad": says[1]}
    return elements | {("modtager_social_ydelse" if art == "social_ydelse" else "har_uddannelsespaalaeg"): says}


def of_kind(life: Life, found: list[Found], art: str) -> list[dict[str, Any]]:
    """Return the elements of the events of one kind that a register brings."""
    return [shown(life, one) for one in found if one[1].register is not None and one[1].register[0] == art]


def _reference(life: Life, nummer: str | None) -> str | None:
    """Return the number of another event, or None when the 25th birthday hides that event."""
    event = life.world.numbered(nummer)
    return None if event is None or life.before_25(event.day) else nummer


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), DANISH)


def order(found: list[Found]) -> list[Found]:
    """Sort the events of a youth and a kind by HaendelseDato, then by number."""

    def place(one: Found) -> tuple[datetime, str]:
        when = one[1].said.haendelse_dato if is_contact(one[1]) else _midnight(one[1].day)
        assert when is not None
        return when, one[0]

    return sorted(found, key=place)
