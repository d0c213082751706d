"""Forloeb and their events in words: the fields of the look-up's answer, grouped as the register groups them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.domain.clock import danish_date, day_in_words, time_in_figures
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import (
    AFBRUDT,
    BESKAEFTIGELSE,
    GENNEMFOERT,
    KONTAKTTID,
    PAALAEG,
    SOCIAL_YDELSE,
    Haendelse,
)
from udb.domain.kodesaet import AFBRUDSAARSAGER, ELEVTRIN, Kodesaet
from udb.hentning.kommune.youth import YouthPage
from udb.hentning.page_row import PageRow
from udb.statistics.definitions.missing_end import lacks_end

_OF_KIND: Final = {BESKAEFTIGELSE: "Ændring i beskæftigelse", SOCIAL_YDELSE: "Ændring i social ydelse"}
_STATUS: Final = {AFBRUDT: "Afbrudt", GENNEMFOERT: "Gennemført"}


@dataclass(frozen=True, slots=True)
class Line:
    """An event. ``forsinkelse``: days from its date to its registration; ``hentet``: when a system of the kommune first
    fetched it; ``er_aendring``: it is one of employment or benefit, which has a table of its own.
    """

    nummer: str
    dato: str
    tekst: str
    detaljer: str
    institution: str
    registreret: str
    forsinkelse: int
    kilde: str
    raad: str
    hentet: str
    er_aendring: bool


@dataclass(frozen=True, slots=True)
class ShownCourse:
    """A forloeb. ``mangler``: no end was received although there should be one."""

    titel: str
    institution: str
    fra: str
    til: str
    status: str
    mangler: bool
    haendelser: Sequence[Line]

    @property
    def is_open(self) -> bool:
        """Whether it has no end."""
        return not self.til


def line_of(row: PageRow, found: YouthPage) -> Line:
    """Return an event as a line."""
    registered = danish_date(row.registreringstid)
    own_number = row.institution_nummer
    fetched = found.hentet.get(row.nummer)
    return Line(
        row.nummer,
        day_in_words(danish_date(row.haendelse_tid) if row.haendelse_tid else _day(row)),
        _text(row),
        _details(row, found.codes),
        found.institutioner.get(own_number, (own_number, ""))[0],
        time_in_figures(row.registreringstid),
        (registered - _day(row)).days,
        row.kilde_leverandoer,
        " ".join(found.raad.get(row.nummer, ())),
        time_in_figures(fetched) if fetched else "",
        row.art in {BESKAEFTIGELSE, SOCIAL_YDELSE},
    )


def _day(row: PageRow) -> date:
    # A contact or offer time has its time of day in the date (contract 4.3).
    return danish_date(row.haendelse_tid) if row.haendelse_tid else row.haendelse_dato


def shown_courses(found: YouthPage, lines: Mapping[str, Line]) -> list[ShownCourse]:
    """Return the forloeb of the shown events, open ones first, then by their latest event."""
    known = {one.forloeb: one for one in found.seen.courses if one.forloeb is not None}
    made = []
    for forloeb in all_forloeb(found.seen.events):
        members = sorted((*forloeb.events, *forloeb.marks), key=lambda one: one.nummer)
        course = known.get(forloeb)
        first, end = forloeb.dato_optag, forloeb.end
        # A mark of a kommune is no place to be at.
        nummer = max(forloeb.events, key=lambda one: one.nummer).institution_nummer
        made.append(
            (
                forloeb,
                ShownCourse(
                    title_of(members[0], found.codes),
                    found.institutioner.get(nummer, (nummer, ""))[0],
                    day_in_words(first) if first else "",
                    day_in_words(end.haendelse_dato) if end else "",
                    _STATUS.get(end.status or 0, "") if end else "Åbent",
                    course is not None and lacks_end(course, found.codes, found.caller.today),
                    # An event that was reported since the look-up's own query has no line yet.
                    [lines[one.nummer] for one in members if one.nummer in lines],
                ),
            )
        )
    made.sort(key=lambda one: (not one[0].open, -_latest(one[0])))
    return [course for _, course in made]


def _latest(forloeb: Forloeb) -> int:
    return max(one.haendelse_dato for one in forloeb.events).toordinal()


def other_lines(lines: Mapping[str, Line], courses: Sequence[ShownCourse]) -> list[Line]:
    """Return the events of no forloeb, the newest first; changes of employment and benefit are left out."""
    inside = {line.nummer for course in courses for line in course.haendelser}
    others = (line for nummer, line in lines.items() if nummer not in inside and not line.er_aendring)
    return sorted(others, key=lambda line: line.nummer, reverse=True)


def title_of(event: Haendelse, codes: Kodesaet) -> str:
    """Return the name of what an event's forloeb is about."""
    if event.kodesaet == ELEVTRIN:
        return f"Klassetrin {event.kode}"
    variant = str(event.kode_version) if event.kode_version is not None else None
    row = codes.describing(event.kodesaet or "", event.kode or "", event.haendelse_dato, variant)
    return row.tekst if row is not None else event.kode or ""


def _text(row: PageRow) -> str:
    if row.art == KONTAKTTID and row.haendelse_tid:
        return f"{row.type} {time_in_figures(row.haendelse_tid)}"
    return happened(row)


def happened(event: PageRow | Haendelse) -> str:
    """Return what happened, in words."""
    if event.art in _OF_KIND:
        return _OF_KIND[event.art]
    if event.art == KONTAKTTID:
        return event.type or ""
    if event.art == PAALAEG:
        return "Uddannelsespålæg" if event.har_uddannelsespaalaeg else "Uddannelsespålæg ophørt"
    if event.ifoelge_kommunen is not None:
        return f"{event.ifoelge_kommunen} ifølge kommunen"
    if event.status is None:
        return ""
    return _STATUS.get(event.status) or ("I risiko for frafald" if event.frafaldstruet_markering else "Optaget")


def _details(row: PageRow, codes: Kodesaet) -> str:
    said = []
    if row.afbrudsarsags_kode:
        cause = codes.describing(AFBRUDSAARSAGER, row.afbrudsarsags_kode, _day(row))
        said.append(f"årsag {cause.tekst if cause is not None else row.afbrudsarsags_kode}")
    if row.speciale:
        said.append(f"speciale {row.speciale}")
    if row.praktiksted:
        said.append(f"praktiksted {row.praktiksted}")
    if row.klasse_navn:
        said.append(f"klasse {row.klasse_navn}")
    return ", ".join(said)
