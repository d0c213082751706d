"""A youth's page as text: what the page, its CSV and its JSON say, from the look-up and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from udb.domain.clock import danish_date, day_in_words, time_in_words
from udb.domain.haendelse import BESKAEFTIGELSE, SOCIAL_YDELSE
from udb.hentning.kommune.youth import YouthPage
from udb.hentning.page_row import PageRow
from udb.portal.reporting.shown import grouped
from udb.portal.youths.contacts import Contact, contacts_of, institution_name
from udb.portal.youths.courses import Line, ShownCourse, line_of, other_lines, shown_courses
from udb.portal.youths.deadlines import Deadline, deadlines_of
from udb.portal.youths.names import age, name_of
from udb.portal.youths.sentences import employment, limits, situation_of


@dataclass(frozen=True, slots=True)
class Change:
    """A change of employment or benefit, as delivered."""

    nummer: str
    fra: str
    art: str
    tekst: str
    grad: int | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish, with its day and the kommune that registered it."""

    art: str
    tekst: str
    registreret: str
    kommune: str


@dataclass(frozen=True, slots=True)
class Answering:
    """The function that answers for an institution's data: a mailbox and a telephone, not a person."""

    institution: str
    funktion: str
    mail: str
    telefon: str


@dataclass(frozen=True, slots=True)
class ShownYouth:
    """All that the page says."""

    cprnr: str
    navn: str
    er_beskyttet: bool
    alder: int
    situation: str
    niveau: str
    paalaeg: bool
    beskaeftigelse: str
    bosat_siden: str
    kontakter: Sequence[Contact]
    frister: Sequence[Deadline]
    forloeb: Sequence[ShownCourse]
    andre: Sequence[Line]
    oensker: Sequence[Wish]
    aendringer: Sequence[Change]
    ansvarlige: Sequence[Answering]
    regler: Sequence[str]
    vist: str

    @property
    def has_events(self) -> bool:
        """Whether any event is shown."""
        return bool(self.forloeb or self.andre or self.aendringer)


def shown(found: YouthPage, *, with_name: bool = False) -> ShownYouth:
    """Return what the page of a youth says; ``with_name``: also the name of a protected one."""
    seen, svar, today = found.seen, found.svar, found.caller.today
    lines = {row.nummer: line_of(row, found) for row in _rows(found)}
    courses = shown_courses(found, lines)
    has_level = bool(seen.youth.fuldfoert)
    return ShownYouth(
        grouped(svar.cprnr),
        seen.navn or "" if with_name else name_of(seen),
        seen.beskyttet,
        age(seen.cprnr, seen.turns_15, today),
        situation_of(found),
        svar.afsluttet_uddannelses_niveau or "",
        bool(svar.ung_har_uddannelsespaalaeg),
        employment(found),
        day_in_words(found.bosat_siden) if found.bosat_siden else "",
        contacts_of(found),
        deadlines_of(found),
        courses,
        other_lines(lines, courses),
        _wishes(found),
        _changes(found),
        _answering(found),
        limits(over_25=seen.turns_25 <= today, has_level=has_level),
        time_in_words(found.now),
    )


def _answering(found: YouthPage) -> list[Answering]:
    names = found.institutioner
    return [
        Answering(names[nummer][0] if nummer in names else "Kommunen", one.navn, one.mail or "", one.telefon or "")
        for nummer, one in sorted(found.ansvarlige.items())
    ]


def _rows(found: YouthPage) -> list[PageRow]:
    svar = found.svar
    return [
        *svar.haendelse_uddannelses_forloeb,
        *svar.haendelse_jobcenter_forloeb,
        *svar.haendelse_uddannelsespaalaeg,
        *svar.haendelse_kontakt_tilbudstid,
        *svar.haendelse_beskaeftigelses_forloeb,
        *svar.haendelse_social_ydelse,
    ]


def _wishes(found: YouthPage) -> list[Wish]:
    lines = []
    for one in found.svar.kontakt_job_og_uddannelsesonsker:
        kommune = institution_name(found, one.kommune_institution_nummer)
        lines += [
            Wish("Job", wish.job_onsker, day_in_words(danish_date(wish.job_registreringstid)), kommune)
            for wish in one.job_onsker
        ]
        lines += [
            Wish(
                "Uddannelse",
                wish.uddannelses_onsker,
                day_in_words(danish_date(wish.uddannelse_registreringstid)),
                kommune,
            )
            for wish in one.uddannelses_onsker
        ]
    return lines


def _changes(found: YouthPage) -> list[Change]:
    rows = [*found.svar.haendelse_beskaeftigelses_forloeb, *found.svar.haendelse_social_ydelse]
    return [
        Change(
            row.nummer,
            day_in_words(row.haendelse_dato),
            "Beskæftigelse" if row.art == BESKAEFTIGELSE else "Social ydelse",
            _changed(row),
            row.beskaeftigelsesgrad if row.art == BESKAEFTIGELSE else None,
        )
        for row in sorted(rows, key=lambda row: (row.haendelse_dato, row.nummer), reverse=True)
    ]


def _changed(row: PageRow) -> str:
    if row.art == SOCIAL_YDELSE:
        return "Modtager social ydelse" if row.modtager_social_ydelse else "Modtager ikke social ydelse"
    words = {
        "Ikke beskaeftiget": "Ikke beskæftiget",
        "Deltidsbeskaeftiget": "Deltid",
        "Fuldtidsbeskaeftiget": "Fuld tid",
    }
    return words.get(row.status_beskaeftigelse or "", row.status_beskaeftigelse or "")
