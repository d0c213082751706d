"""The contact persons of a youth's page, each with its age and mark, or why there is none."""

from dataclasses import dataclass

from udb.domain.clock import danish_date, day_in_words
from udb.domain.contacts import Kontakt
from udb.hentning.kommune.youth import YouthPage
from udb.statistics.definitions.stale import is_old


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


def contacts_of(found: YouthPage) -> list[Contact]:
    """Return the four kinds of contact persons, always all of them."""
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
        registreret_af=institution_name(found, nummer) if nummer else "Jobcentret",
        registreret=day_in_words(day),
        foraeldet=why,
    )


def _is_open_at(found: YouthPage, nummer: str) -> bool:
    main = found.institutioner.get(nummer, ("", nummer))[1]
    return any(
        one.forloeb is not None and one.is_open(found.caller.today) and one.forloeb.key.hovedinstitution == main
        for one in found.seen.courses
    )


def institution_name(found: YouthPage, nummer: str) -> str:
    """Return an institution's name, its number when it has none."""
    return found.institutioner.get(nummer, (nummer, nummer))[0]
