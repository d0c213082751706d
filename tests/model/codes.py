"""Section 4: codes."""

from collections.abc import Iterator
from functools import partial

from tests.model.forloeb import Course, where
from tests.model.words import AFBRUDT, GENNEMFOERT, OPTAGET, World, ever_held_by, holds_on, is_optag
from udb.domain.haendelse import Indberetning
from udb.domain.services import FGU, FORBEREDENDE_AKTIVITET, JOBCENTER, KOMMUNE_AKTIVITET
from udb.imports.kodesaet_file import KodesaetRow


def code_findings(world: World, said: Indberetning, seen: list[Course] | None) -> Iterator[str]:
    """Yield the codes of section 4. ``seen``: the forloeb of the report's key as it sees them; None for an unknown
    youth.
    """
    may = partial(_may_be_used, said, seen)
    if said.cosa_formaal is not None and not may(
        world.code_rows("cosa_formaal", said.cosa_formaal, str(said.cosa_formaal_version))
    ):
        yield "4001"
    if said.forberedende_aktivitets_kode is not None and not may(
        world.code_rows("forberedende_aktiviteter", said.forberedende_aktivitets_kode)
    ):
        yield "4002"
    if said.stads_kode is not None and not may(world.code_rows("stads", said.stads_kode)):
        yield "4007"
    if said.kommune_aktivitets_kode is not None and not may(
        world.code_rows("kommune_aktiviteter", said.kommune_aktivitets_kode)
    ):
        yield "4013"
    if said.aktivitetsgruppe_kode is not None and not may(
        world.code_rows("aktivitetsgrupper", said.aktivitetsgruppe_kode)
    ):
        yield "4014"
    yield from _cause(world, said)
    yield from _alternatives(said)
    yield from _class(world, said)
    if said.service == FGU:
        yield from _fgu(world, said, seen or [])
    if said.frafaldstruet_markering and said.status != OPTAGET:
        yield "4012"
    if said.status == GENNEMFOERT and said.gennemfoert_hf is None and world.art(said) in {"hf", "hf_enkeltfag"}:
        yield "4017"


def _may_be_used(said: Indberetning, seen: list[Course] | None, rows: list[KodesaetRow]) -> bool:
    """Return whether a code may be used.

    On the event date, for a Status 1 report that opens a forloeb; for another report also on the forloeb's DatoOptag;
    for a report that finds no optag, on the event date or on any day before. For an unknown youth any row is enough.
    """
    if seen is None:
        return rows != []
    if any(holds_on(row, said.dato) for row in rows):
        return True
    course = where(said, seen)
    if course is None and said.status == OPTAGET:
        return False
    if course is None or course.begun is None:
        return any(ever_held_by(row, said.dato) for row in rows)
    return any(holds_on(row, course.begun) for row in rows)


def _cause(world: World, said: Indberetning) -> Iterator[str]:
    cause = said.afbrudsarsags_kode
    if cause is None:
        if said.status == AFBRUDT and said.service != JOBCENTER:
            yield "4003"
        return
    if not any(holds_on(row, said.dato) for row in world.code_rows("afbrudsaarsager", cause)):
        yield "4004"
    if said.status != AFBRUDT:
        yield "4005"
    art = world.says("afbrudsaarsager", cause, "art")
    education = world.art(said)
    if said.cosa_formaal is not None and not education:
        return
    test = education == "optagelsesproeve"
    if (test and art == "almindelig") or (not test and art == "optagelsesproeve"):
        yield "4006"


def _alternatives(said: Indberetning) -> Iterator[str]:
    """Yield 4015, 4016 and 4018: not exactly one alternative."""
    if said.service == JOBCENTER and (said.aktivitetsgruppe_kode is None) is (said.handling is None):
        yield "4016"
    if said.service == KOMMUNE_AKTIVITET:
        code, mark = said.kommune_aktivitets_kode is not None, said.ifoelge_kommunen is not None
        if code == mark or (code and said.vedroerer_haendelse_nummer is not None):
            yield "4015"
    if said.service == FORBEREDENDE_AKTIVITET:
        needed = (said.elev_trin, said.klasse_trin, said.klasse_type)
        if said.forberedende_aktivitets_kode is not None:
            right = all(part is None for part in (*needed, said.klasse_navn))
        else:
            right = all(part is not None for part in needed)
        if not right:
            yield "4018"


def _class(world: World, said: Indberetning) -> Iterator[str]:
    outside = any(trin is not None and not 1 <= trin <= 12 for trin in (said.elev_trin, said.klasse_trin))
    unknown = said.klasse_type is not None and not any(
        holds_on(row, said.dato) for row in world.code_rows("klassetyper", said.klasse_type)
    )
    if outside or unknown:
        yield "4008"


def _fgu(world: World, said: Indberetning, seen: list[Course]) -> Iterator[str]:
    assert said.skoleperiode is not None
    pair = world.code_rows("fgu_skoleperioder", said.skoleperiode, said.speciale or "")
    if not any(holds_on(row, said.dato) for row in pair):
        yield "4009"
    course = where(said, seen)
    if is_optag(said) and said.skoleperiode in {"ÅP", "KF"} and course is not None and course.first_optag is not None:
        named = [event.said for event in course.events if event.said.status == OPTAGET]
        if named[-1].speciale == said.speciale and named[-1].skoleperiode != said.skoleperiode:
            yield "4010"
    if said.egu_uddannelsesniveau and not (said.status == GENNEMFOERT and said.speciale == "3"):
        yield "4011"
