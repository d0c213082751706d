"""Section 5: order within the youth's history."""

from collections.abc import Iterator

from tests.model.forloeb import Course, where
from tests.model.words import GENNEMFOERT, OPTAGET, Event, World, education_code, is_end, is_optag, is_risk
from udb.domain.haendelse import Indberetning
from udb.domain.services import EDUCATION, JOBCENTER, KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE

Found = tuple[str, set[str]]
"""A code, and the numbers of which the receipt may state one."""

SINGLE_SUBJECTS = {"hf_enkeltfag", "avu", "fvu", "obu"}
EUD = {"eud", "gf1", "gf2"}
COMPARED = (
    "cosa_formaal_version",
    "speciale",
    "skoleperiode",
    "praktiksted",
    "elev_trin",
    "klasse_trin",
    "klasse_type",
    "klasse_navn",
)


def order_findings(world: World, said: Indberetning, seen: list[Course], *, repeats: bool) -> Iterator[Found]:
    """Yield the codes of section 5. ``seen``: the forloeb of the report's key as it sees them; ``repeats``: after a
    change of CPR number, and then nothing here refuses the report.
    """
    if said.service in EDUCATION and not repeats and _after_gennemfoert(world, said, seen):
        yield "5001", set()
    if said.service in EDUCATION | {KOMMUNE_AKTIVITET, JOBCENTER}:
        again = list(_nothing_new(said, seen))
        if again and not repeats:
            yield "5002", _own(world, said, again)
        if is_end(said) and where(said, seen) is None and not repeats:
            yield "5003", set()
        ends = [course.end for course in seen if course.end and _same_end(course.end.said, said)]
        if ends and not repeats:
            yield "5004", _own(world, said, ends)
    if said.service == UNGDOMSUDDANNELSE:
        yield from ((code, set()) for code in _ungdom(world, said, seen))


def _own(world: World, said: Indberetning, events: list[Event]) -> set[str]:
    """Return the numbers that the caller may see: only those of reports of its own main institution."""
    main = world.main_of(said.institution_nummer)
    return {event.nummer for event in events if world.main_of(event.said.institution_nummer) == main}


def _exempt(world: World, said: Indberetning) -> bool:
    code = education_code(said)
    return (
        code is not None
        and code[0] in {"cosa_formaal", "forberedende_aktiviteter"}
        and world.says(*code, "genoptag") == "1"
    )


def _after_gennemfoert(world: World, said: Indberetning, seen: list[Course]) -> bool:
    return (
        said.status == OPTAGET
        and not _exempt(world, said)
        and any(
            event.said.status == GENNEMFOERT and event.said.institution_nummer == said.institution_nummer
            for course in seen
            for event in course.events
        )
    )


def _nothing_new(said: Indberetning, seen: list[Course]) -> Iterator[Event]:
    if said.status != OPTAGET:
        return
    for course in seen:
        for event in course.events:
            if event.said.status != OPTAGET:
                continue
            if course.end is None:
                if agrees(said, event.said):
                    yield event
            elif seen[-1].end is not None:
                same = said.dato == event.day and is_risk(said) == is_risk(event.said)
                if same and said.dato < course.end.day:
                    yield event


def agrees(new: Indberetning, old: Indberetning, *, but: str = "") -> bool:
    """Return whether two reports agree. A field absent in the new report agrees; an absent mark is false. ``but``: a
    field that does not count.
    """
    return (
        new.dato == old.dato
        and new.institution_nummer == old.institution_nummer
        and is_risk(new) == is_risk(old)
        and new.gennemfoert_hf in {None, bool(old.gennemfoert_hf)}
        and all(getattr(new, name) in {None, getattr(old, name)} for name in COMPARED if name != but)
    )


def _same_end(end: Indberetning, said: Indberetning) -> bool:
    return (end.status, end.dato) == (said.status, said.dato)


def _ungdom(world: World, said: Indberetning, seen: list[Course]) -> Iterator[str]:
    art = world.art(said)
    course = where(said, seen)
    if art in EUD and course is not None and _updates(course, said) > 1:
        yield "5005"
    optag = course.first_optag if course else None
    if optag is not None and said.praktiksted not in {None, optag.said.praktiksted}:
        yield "5006"
    if art in SINGLE_SUBJECTS and is_optag(said) and seen and seen[-1].end is not None and course is None:
        end = seen[-1].end
        counts = end.said.status != GENNEMFOERT or _exempt(world, said)
        if counts and 0 <= (said.dato - end.day).days <= 100:
            yield "5008"


def _updates(course: Course, said: Indberetning) -> int:
    """Return which update of Speciale a report is: 0 when it is none."""
    reports = [*(event.said for event in course.events), said]
    optag = next((report for report in reports if is_optag(report)), None)
    last: str | None = None
    updates = 0
    newest = False
    for report in reports:
        newest = False
        if report.speciale is None:
            continue
        none_at_first = optag is not None and optag.speciale is None
        newest = none_at_first if last is None else report.speciale != last
        last = report.speciale
        updates += newest
    return updates if newest else 0
