"""A youth's page as text: what the page, its CSV and its JSON say, from the look-up and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.domain.clock import danish_date, day_in_words, time_in_words
from udb.domain.contacts import Kontakt
from udb.domain.haendelse import BESKAEFTIGELSE, SOCIAL_YDELSE
from udb.hentning.kommune.youth import YouthPage
from udb.hentning.page_row import PageRow
from udb.portal.reporting.shown import grouped
from udb.portal.youths.courses import Line, ShownCourse, line_of, other_lines, shown_courses
from udb.portal.youths.sentences import employment, limits, situation_of
from udb.statistics.definitions.frist import Frist, Udfald
from udb.statistics.definitions.stale import is_old

PROTECTED: Final = "beskyttet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A line of the contact persons. ``foraeldet``: why it may no longer be right; ``mangler``: why there is none."""

    hvem: str
    navn: str = ""
    mail: str = ""
    telefon: str = ""
    registreret_af: str = ""
    registreret: str = ""
    foraeldet: str = ""
    mangler: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The deadlines after an afbrud, in words."""

    nummer: str
    afbrud: str
    kendt: str
    frist: str
    tilstand: str
    kontakt: str
    tilbudsfrist: str
    kan_registreres: bool


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
    hidden = seen.beskyttet and not with_name
    return ShownYouth(
        grouped(svar.cprnr),
        PROTECTED if hidden else seen.navn or "",
        seen.beskyttet,
        age(seen.turns_15, today),
        situation_of(found),
        svar.afsluttet_uddannelses_niveau or "",
        bool(svar.ung_har_uddannelsespaalaeg),
        employment(found),
        day_in_words(found.bosat_siden) if found.bosat_siden else "",
        _contacts(found),
        _deadlines(found),
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


def age(turns_15: date, today: date) -> int:
    """Return a youth's age in whole years."""
    years = today.year - turns_15.year
    return 15 + years - ((today.month, today.day) < (turns_15.month, turns_15.day))


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


def _contacts(found: YouthPage) -> list[Contact]:
    svar = found.svar
    paalaeg = bool(svar.ung_har_uddannelsespaalaeg)
    without = "Ingen: den unge har ikke uddannelsespålæg."
    kui = [
        _contact("Kommunens ungeindsats (KUI)", one.kommune_kontakt, found, one.kommune_institution_nummer, home=True)
        for one in svar.kontakt_job_og_uddannelsesonsker
        if one.kommune_kontakt is not None
    ]
    lines = kui or [Contact(hvem="Kommunens ungeindsats (KUI)", mangler="Mangler: kommunen har ikke registreret en.")]
    if svar.jobcenter_kontakt is not None:
        lines.append(_contact("Jobcenter", svar.jobcenter_kontakt, found, None, needs_order=True))
    else:
        text = "Mangler: den unge har pålæg, men jobcentret har ikke sendt en." if paalaeg else without
        lines.append(Contact(hvem="Jobcenter", mangler=text))
    schools = [
        _contact(
            "Uddannelsesinstitution",
            Kontakt(one.kontakt_navn, one.kontakt_mail, one.kontakt_telefon, one.kontakt_registreringstid),
            found,
            one.institution_nummer,
        )
        for one in svar.institution_kontakt
    ]
    lines += schools or [Contact(hvem="Uddannelsesinstitution", mangler=_no_school(found, paalaeg, without))]
    own = svar.ung_kontakt
    if own is None:
        lines.append(Contact(hvem="Den unge selv", mangler="Ingen: den unge har ikke registreret mail eller telefon."))
    else:
        lines.append(
            Contact(
                hvem="Den unge selv",
                mail=own.kontakt_mail or "",
                telefon=own.kontakt_telefon or "",
                registreret_af=own.kontakt_kilde,
                registreret=day_in_words(danish_date(own.kontakt_registreringstid)),
            )
        )
    return lines


def _no_school(found: YouthPage, paalaeg: bool, without: str) -> str:  # noqa: FBT001 - handed on
    if not paalaeg:
        return without
    if any(one.is_open(found.caller.today) for one in found.seen.courses):
        return "Mangler: den unge har pålæg og et åbent forløb, men institutionen har ikke sendt en."
    return "Ingen: den unge har ikke et åbent forløb."


def _contact(
    hvem: str, kontakt: Kontakt, found: YouthPage, nummer: str | None, *, home: bool = False, needs_order: bool = False
) -> Contact:
    day = danish_date(kontakt.kontakt_registreringstid)
    why = ""
    if home and nummer != found.caller.institution_nummer:
        why = "Registreret af en kommune, hvor den unge ikke bor."
    elif needs_order and not found.svar.ung_har_uddannelsespaalaeg:
        why = "Den unge har ikke længere uddannelsespålæg."
    elif nummer is not None and not home and not _is_open_at(found, nummer):
        why = "Den unge har ikke et åbent forløb på institutionen."
    elif is_old(day, found.caller.today):
        why = "Registreret for over et år siden."
    return Contact(
        hvem=hvem,
        navn=kontakt.kontakt_navn,
        mail=kontakt.kontakt_mail or "",
        telefon=kontakt.kontakt_telefon or "",
        registreret_af=name_of(found, nummer) if nummer else "Jobcentret",
        registreret=day_in_words(day),
        foraeldet=why,
    )


def _is_open_at(found: YouthPage, nummer: str) -> bool:
    main = found.institutioner.get(nummer, ("", nummer))[1]
    return any(
        one.forloeb is not None and one.is_open(found.caller.today) and one.forloeb.key.hovedinstitution == main
        for one in found.seen.courses
    )


def name_of(found: YouthPage, nummer: str) -> str:
    """Return an institution's name, its number when it has none."""
    return found.institutioner.get(nummer, (nummer, nummer))[0]


_STATES: Final = {
    Udfald.IKKE_SKYLDIG: "Ikke påkrævet: den unge er begyndt på noget andet eller arbejder på fuld tid",
    Udfald.IKKE_HENTET: "Ikke hentet",
    Udfald.I_TIDE: "Kontaktet i tide",
    Udfald.FOR_SENT: "Kontaktet for sent",
    Udfald.OVERSKREDET: "Overskredet",
    Udfald.AABEN: "Åben",
}


def _deadlines(found: YouthPage) -> list[Deadline]:
    dates = {one.nummer: one.haendelse_dato for one in found.seen.events}
    return [
        Deadline(
            nummer,
            day_in_words(dates[nummer]),
            day_in_words(one.kendt),
            day_in_words(one.frist),
            _STATES[one.udfald],
            _contacted(one),
            f"{day_in_words(one.tilbudsfrist)}{' (omfatter juli)' if one.juli else ''}" if one.tilbudsfrist else "",
            one.udfald in {Udfald.AABEN, Udfald.OVERSKREDET, Udfald.IKKE_HENTET},
        )
        for nummer, one in found.seen.frister.items()
    ]


def _contacted(one: Frist) -> str:
    if one.kontakt is None:
        return ""
    day = day_in_words(one.kontakt)
    return day if one.udfald in {Udfald.I_TIDE, Udfald.FOR_SENT} else f"kontaktet {day}"


def _wishes(found: YouthPage) -> list[Wish]:
    lines = []
    for one in found.svar.kontakt_job_og_uddannelsesonsker:
        kommune = name_of(found, one.kommune_institution_nummer)
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
