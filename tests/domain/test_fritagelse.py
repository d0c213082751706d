"""Exemption from eIndkomst by the 10th grade, against a second reading of rules.md that asks day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.events import START, event, mark, number
from tests.support.slow_forloeb import slowly
from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET, Haendelse
from udb.domain.kodesaet import COSA, ELEVTRIN, FORBEREDENDE, KOMMUNE_AKTIVITETER, Kodesaet, Row
from udb.domain.services import FORBEREDENDE_AKTIVITET, KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.store.visible import with_new, worked_out

DAYS = 8
ALWAYS = date(2000, 1, 1)
FLAGGED, CHANGES = "9010", "9020"
"""Codes of up to the 10th grade: the first always, the second until the third day."""
KOMMUNES, OTHER_OF_KOMMUNE = "K02", "K03"
"""Activities of a kommune: only the first is up to the 10th grade."""
BROBYGNING, TEST, FVU, HHX = "9021", "3000", "3018", "3010"
"""The last one alone replaces a class."""
TENTH = "2119"
"""A purpose: the 10th grade in its first version; the second has nothing to do with it."""
CODES = Kodesaet(
    1,
    [
        (FORBEREDENDE, Row(FLAGGED, "", "", ALWAYS, None, {"klassetrin_hoejst_10": "1"})),
        (FORBEREDENDE, Row(CHANGES, "", "", ALWAYS, START + timedelta(days=2), {"klassetrin_hoejst_10": "1"})),
        (KOMMUNE_AKTIVITETER, Row(KOMMUNES, "", "", ALWAYS, None, {"klassetrin_hoejst_10": "1"})),
        (KOMMUNE_AKTIVITETER, Row(OTHER_OF_KOMMUNE, "", "", ALWAYS, None, {"klassetrin_hoejst_10": "0"})),
        (FORBEREDENDE, Row(BROBYGNING, "", "", ALWAYS, None, {"ved_siden_af": "1"})),
        (COSA, Row(TEST, "1", "", ALWAYS, None, {"art": "optagelsesproeve"})),
        (COSA, Row(FVU, "1", "", ALWAYS, None, {"art": "fvu"})),
        (COSA, Row(HHX, "1", "", ALWAYS, None, {"art": "gymnasial"})),
        (COSA, Row(TENTH, "1", "", ALWAYS, None, {"art": "andet", "klassetrin_hoejst_10": "1"})),
        (COSA, Row(TENTH, "2", "", ALWAYS, None, {"art": "andet", "klassetrin_hoejst_10": "0"})),
        (FORBEREDENDE, Row(CHANGES, "", "", START + timedelta(days=3), None, {"klassetrin_hoejst_10": "0"})),
    ],
)
KINDS = {
    "9": (ELEVTRIN, "9", FORBEREDENDE_AKTIVITET),
    "10": (ELEVTRIN, "10", FORBEREDENDE_AKTIVITET),
    "11": (ELEVTRIN, "11", FORBEREDENDE_AKTIVITET),
    "flagged": (FORBEREDENDE, FLAGGED, FORBEREDENDE_AKTIVITET),
    "changes": (FORBEREDENDE, CHANGES, FORBEREDENDE_AKTIVITET),
    "other": (COSA, HHX, UNGDOMSUDDANNELSE),
    "test": (COSA, TEST, UNGDOMSUDDANNELSE),
    "fvu": (COSA, FVU, UNGDOMSUDDANNELSE),
    "purpose": (COSA, TENTH, UNGDOMSUDDANNELSE),
    "brobygning": (FORBEREDENDE, BROBYGNING, FORBEREDENDE_AKTIVITET),
    "kommune": (KOMMUNE_AKTIVITETER, KOMMUNES, KOMMUNE_AKTIVITET),
    "other of kommune": (KOMMUNE_AKTIVITETER, OTHER_OF_KOMMUNE, KOMMUNE_AKTIVITET),
}


@st.composite
def histories(draw: st.DrawFn) -> list[Haendelse]:
    """Draw up to ten events, most of the 10th grade, at two schools; cancellations, repetitions and marks too."""
    events: list[Haendelse] = []
    for n in range(1, draw(st.integers(0, 10)) + 1):
        what = draw(st.sampled_from(["optag", "optag", "optag", "risk", "end", "end", "mark", "cancel", "repeat"]))
        day = draw(st.integers(0, DAYS - 2))
        about = draw(st.integers(1, max(n - 1, 1)))
        target = events[about - 1] if events else None
        if what == "mark":
            events.append(mark(n, about))
        elif what == "cancel" and target is not None and target.standing:
            events[about - 1] = replace(target, annulleret=True)
            cancelled = target.nummer
            events.append(
                replace(
                    target, nummer=number(n), plads=number(n), annullering=True, annulleret_haendelse_nummer=cancelled
                )
            )
        elif what == "repeat" and target is not None and target.standing and target.ifoelge_kommunen is None:
            events[about - 1] = replace(target, gentaget=True)
            events.append(replace(target, nummer=number(n), gentager=target.nummer, cprnr="6503084002"))
        else:
            kodesaet, kode, service = KINDS[draw(st.sampled_from(["10", "10", "9", "other", "other", *KINDS]))]
            status = draw(st.sampled_from([AFBRUDT, GENNEMFOERT])) if what == "end" else OPTAGET
            school = draw(st.sampled_from(["461700", "461700", "461800"]))
            changes: dict[str, object] = {"frafaldstruet_markering": True} if what == "risk" else {}
            if status == AFBRUDT:
                changes["afbrudsarsags_kode"] = draw(st.sampled_from(["1", "904"]))
            if kodesaet == COSA:
                changes["kode_version"] = draw(st.sampled_from([1, 2])) if kode == TENTH else 1
            changes |= {"kodesaet": kodesaet, "kode": kode, "service": service}
            events.append(event(n, status, day, institution_nummer=school, hovedinstitution=school, **changes))
    return events


def up_to_10(one: Haendelse) -> bool:
    """Return whether its code is of the 10th grade or below on its day."""
    if one.kode == CHANGES:
        return one.haendelse_dato < START + timedelta(days=3)
    if one.kode == TENTH:
        return one.kode_version == 1
    return one.kode in {"9", "10", FLAGGED, KOMMUNES}


def replaces_a_class(one: Haendelse) -> bool:
    """Return whether an admission is to what replaces a class, and is not of the 10th grade or below."""
    replaces = not up_to_10(one) and one.kode not in {BROBYGNING, TEST, FVU}
    return replaces and one.service in {FORBEREDENDE_AKTIVITET, UNGDOMSUDDANNELSE}


def admissions(course: list[Haendelse]) -> list[Haendelse]:
    """Return the optag of a course; without any, its first risk."""
    begins = [e for e in course if e.status == OPTAGET]
    return [e for e in begins if not e.frafaldstruet_markering] or begins[:1]


def courses_of(standing: list[Haendelse]) -> Iterator[list[Haendelse]]:
    for kodesaet, kode, _ in KINDS.values():
        for school in ("461700", "461800"):
            theirs = [e for e in standing if (e.kodesaet, e.kode, e.hovedinstitution) == (kodesaet, kode, school)]
            by_number = {int(one.nummer.removeprefix("UDB-")): one for one in theirs}
            for numbers in slowly(theirs):
                yield [by_number[n] for n in numbers]


def withdrawn(course: list[Haendelse]) -> bool:
    """Return whether a course ended with Ej mødt."""
    return any(e.status == AFBRUDT and e.afbrudsarsags_kode == "1" for e in course)


def is_exempt(events: Iterable[Haendelse], day: date) -> bool:
    """Return whether the youth is exempt on a day by rules.md, Beskæftigelse."""
    standing = [one for one in events if not (one.annullering or one.annulleret or one.gentaget)]
    courses = list(courses_of(standing))
    replacing = [e for course in courses if not withdrawn(course) for e in admissions(course) if replaces_a_class(e)]
    for course in courses:
        # The last report to end it is the only one: any later report is late, and ends nothing.
        if any(e.status != OPTAGET and e.haendelse_dato < day for e in course):
            continue
        for admitted in admissions(course):
            if admitted.haendelse_dato > day or not up_to_10(admitted):
                continue
            if not any(admitted.haendelse_dato < e.haendelse_dato <= day for e in replacing):
                return True
    return False


def stored_says(events: Iterable[Haendelse], day: date) -> bool:
    """Return what the rows answer to ``udb.beskaeftigelse.exempt``."""
    return any(e.fritager_foer is not None and e.fritager_foer > day and e.haendelse_dato <= day for e in events)


@given(histories())
def test_as_day_by_day(events: list[Haendelse]) -> None:
    """F124."""
    stored = worked_out(events, CODES)
    for place in (*range(-1, DAYS + 1), 4000):
        day = START + timedelta(days=place)
        assert stored_says(stored, day) == is_exempt(events, day), (place, events)
    assert all(one.fritager_foer is None for one in stored if not one.standing)


@given(histories())
def test_as_it_comes_report_by_report(events: list[Haendelse]) -> None:
    """Judging the reports one by one, by what was stored before, leads to the same as judging the whole history."""
    made = [replace(one, annulleret=False, gentaget=False) for one in events]
    stored: list[Haendelse] = []
    for one in made:
        stored = with_new(stored, [one], CODES)
    assert stored == worked_out(stored, CODES)
    for place in range(-1, DAYS + 1):
        day = START + timedelta(days=place)
        assert stored_says(stored, day) == is_exempt(stored, day)
