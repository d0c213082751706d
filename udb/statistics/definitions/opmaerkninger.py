"""Opmærkninger: which stored forloeb the figures drop on a day, and why. Each has exactly one mark (portal 3.30)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import RESIDENT
from udb.statistics.definitions.courses import Course, has_valid_code, slags_of
from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.youth import IN_EDUCATION, Youth

OPMAERKNINGER: Final = Definition(
    kort="opmaerkninger",
    navn="Opmærkninger",
    version="v1",
    kilde="KL: Datakvalitet i otte trin, trin 7; U efter definitionen i uddannelse",
    formel="Hvert gemt forløb får det første mærke, der passer: annulleret eller gentaget, uden bopæl, alder, uden "
    "optag, ugyldig kode, endnu ikke begyndt, afsluttet før, ikke uddannelse, overlap; ellers tæller det med.",
    eksempel="Ti unge har hvert sit forløb den 1. oktober 2026: fire tæller med, tre er afsluttet (et af dem netop den "
    "dag), ét begynder den 2. oktober, og en fritagelse og en egen virksomhed er ikke uddannelse.",
)


class Maerke(StrEnum):
    """The marks, in the order in which they are tried; the first that holds counts."""

    ANNULLERET = "annulleret"
    GENTAGET = "gentaget"
    UDEN_BOPAEL = "uden_bopael"
    ALDER = "alder"
    UDEN_OPTAG = "uden_optag"
    UGYLDIG_KODE = "ugyldig_kode"
    ENDNU_IKKE = "endnu_ikke"
    AFSLUTTET_FOER = "afsluttet_foer"
    IKKE_UDDANNELSE = "ikke_uddannelse"
    OVERLAP = "overlap"
    TAELLER_MED = "taeller_med"


@dataclass(frozen=True, slots=True)
class Opmaerkning:
    """A stored forloeb with its mark.

    ``hovedinstitution``: the main institution of its reports by today's register, also of a job centre's.
    ``events``: those that form it, or all of a forloeb of which none stands. ``forloeb``: None of such a one.
    ``modpart``: of an overlap, the forloeb that counts instead.
    """

    maerke: Maerke
    hovedinstitution: str
    events: tuple[Haendelse, ...]
    forloeb: Forloeb | None = None
    modpart: Forloeb | None = None

    @property
    def forloeb_id(self) -> str | None:
        """The ForloebId of its first event."""
        return self.events[0].forloeb_id


def opmaerkninger(events: Iterable[Haendelse], youth: Youth, codes: Kodesaet, day: date) -> list[Opmaerkning]:
    """Return every stored forloeb of one youth with its mark on a status day.

    Stored are those that the standing events form, and each ForloebId none of whose events stands.

    ``events``: all of the youth, those that do not stand included. ``youth``: with the CPR status of the day; its
    courses are not used.
    """
    events = list(events)
    formed = all_forloeb(events)
    found: list[Opmaerkning] = []
    counted: list[tuple[Forloeb, Course]] = []
    for one in formed:
        slags = slags_of(one, codes)
        course = None if slags is None else Course(slags, one.dato_optag, one.end.haendelse_dato if one.end else None)
        mark = _alone(one, course, youth, codes, day)
        if mark is not None:
            found.append(Opmaerkning(mark, _main(one.events), one.events, one))
        elif course is not None:
            counted.append((one, course))
    return [*_fallen(events), *found, *(_beside(one, course, counted) for one, course in counted)]


def sums(found: Iterable[Opmaerkning]) -> dict[str, Counter[Maerke]]:
    """Return how many forloeb have each mark, by main institution; the country's are their sum."""
    counted: dict[str, Counter[Maerke]] = {}
    for one in found:
        counted.setdefault(one.hovedinstitution, Counter())[one.maerke] += 1
    return counted


def _alone(one: Forloeb, course: Course | None, youth: Youth, codes: Kodesaet, day: date) -> Maerke | None:
    """Return the mark of a forloeb that the youth's others do not bear on; None when it is one of U's."""
    optag, end = one.dato_optag, one.end.haendelse_dato if one.end else None
    tried = (
        (Maerke.UDEN_BOPAEL, youth.status not in RESIDENT),
        (Maerke.ALDER, not youth.turns_15 <= day < youth.turns_25),
        (Maerke.UDEN_OPTAG, optag is None),
        (Maerke.UGYLDIG_KODE, not has_valid_code(one, codes)),
        (Maerke.ENDNU_IKKE, optag is not None and optag > day),
        (Maerke.AFSLUTTET_FOER, end is not None and end <= day),
        (Maerke.IKKE_UDDANNELSE, course is None or course.slags not in IN_EDUCATION),
    )
    return next((mark for mark, holds in tried if holds), None)


def _beside(one: Forloeb, course: Course, counted: Sequence[tuple[Forloeb, Course]]) -> Opmaerkning:
    later = [
        other
        for other, kind in counted
        if kind.slags is course.slags
        and other.key.hovedinstitution != one.key.hovedinstitution
        and _optag(other) > _optag(one)
    ]
    modpart = max(later, key=_optag, default=None)
    return Opmaerkning(
        Maerke.TAELLER_MED if modpart is None else Maerke.OVERLAP, _main(one.events), one.events, one, modpart
    )


def _optag(one: Forloeb) -> date:
    return one.dato_optag or date.min


def _fallen(events: Sequence[Haendelse]) -> list[Opmaerkning]:
    """Return the forloeb none of whose events stands."""
    by_id: dict[str, list[Haendelse]] = {}
    for event in events:
        if event.forloeb_id is not None and event.key is not None and event.ifoelge_kommunen is None:
            by_id.setdefault(event.forloeb_id, []).append(event)
    repeated = {event.plads for event in events if event.standing}
    return [
        Opmaerkning(
            Maerke.GENTAGET if any(event.plads in repeated for event in members) else Maerke.ANNULLERET,
            _main(members),
            tuple(members),
        )
        for members in by_id.values()
        if not any(event.standing for event in members)
    ]


def _main(events: Sequence[Haendelse]) -> str:
    return events[0].hovedinstitution
