"""The forms of the kommune's registrations of a resident, and the reports that they make."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any, Final

from wtforms import Form, TextAreaField, ValidationError

from udb.domain import elementer as e
from udb.domain.clock import DANISH, midnight
from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, OPTAGET, Haendelse, Indberetning
from udb.domain.kodesaet import AFBRUDSAARSAGER, KOMMUNE_AKTIVITETER
from udb.domain.services import EDUCATION, KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID, KONTAKTPERSON, ONSKER
from udb.hentning.kommune.youth import YouthPage
from udb.portal.reporting.fields import CodeField, DateField, ListField, RadiosField, TextField
from udb.portal.reporting.tasks import KILDE
from udb.portal.state import the_session
from udb.portal.youths.courses import happened, title_of
from udb.statistics.definitions.courses import Slags

KLOKKEN: Final = "klokken"
"""The field of the time of day."""


class Hvad(StrEnum):
    """What is registered."""

    KONTAKTPERSON = "kontaktperson"
    OENSKER = "oensker"
    AKTIVITET = "aktivitet"
    MARKERING = "markering"
    TID = "tid"


TITLES: Final = {
    Hvad.KONTAKTPERSON: "Kontaktperson",
    Hvad.OENSKER: "Ønsker om job og uddannelse",
    Hvad.AKTIVITET: "Aktivitet",
    Hvad.MARKERING: "Risiko eller afbrud ifølge kommunen",
    Hvad.TID: "Kontakttid eller tilbudstid",
}
SERVICE: Final = {
    Hvad.KONTAKTPERSON: KONTAKTPERSON,
    Hvad.OENSKER: ONSKER,
    Hvad.AKTIVITET: KOMMUNE_AKTIVITET,
    Hvad.MARKERING: KOMMUNE_AKTIVITET,
    Hvad.TID: KONTAKT_TILBUDSTID,
}
_NOTHING: Final = ("", "Vælg")
_MOST_WISHES: Final = 50
_LONGEST: Final = 100


class WishesField(TextAreaField):
    """Wishes, one on each line."""

    hint = "Ét ønske på hver linje. Ønskerne erstatter dem, I har registreret. Tomt felt: ingen ændring."

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the lines that say something."""
        self.data = [line.strip() for line in (valuelist[0] if valuelist else "").splitlines() if line.strip()]

    def pre_validate(self, form: Any) -> None:
        """Refuse what the elements cannot hold."""
        if len(self.data) > _MOST_WISHES:
            raise ValidationError(f"Skriv højst {_MOST_WISHES} ønsker.")
        if any(len(line) > _LONGEST or not line.isprintable() for line in self.data):
            raise ValidationError(f"Skriv højst {_LONGEST} tegn på hver linje.")

    def _value(self) -> str:
        return "\n".join(self.data or [])


class ClockField(TextField):
    """A time of day."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no time of day."""
        super().pre_validate(form)
        if self.time is None:
            raise ValidationError("Skriv klokkeslættet som timer og minutter, fx 09:30.")

    @property
    def time(self) -> time | None:
        """The time that was typed."""
        try:
            return datetime.strptime((self.data or "").replace(".", ":"), "%H:%M").time()  # noqa: DTZ007 - no instant
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class _Choices:
    """What a form lets choose among, from what the look-up shows."""

    optag: Sequence[tuple[str, str]]
    afbrud: Sequence[tuple[str, str]]


def form_of(what: Hvad, found: YouthPage, said: Any) -> Form:
    """Return the form of a registration with what was said in it."""
    made = type("RegistrationForm", (Form,), dict(_fields(what, found)))
    form: Form = made(said, data=_given(what, found) if said is None else None)
    return form


def _given(what: Hvad, found: YouthPage) -> dict[str, Any]:
    if what is not Hvad.KONTAKTPERSON:
        return {}
    mine = (
        one.kommune_kontakt
        for one in found.svar.kontakt_job_og_uddannelsesonsker
        if one.kommune_institution_nummer == found.caller.institution_nummer and one.kommune_kontakt is not None
    )
    own = next(mine, None)
    if own is None:
        return {}
    return {
        e.KONTAKT_NAVN: own.kontakt_navn,
        e.KONTAKT_MAIL: own.kontakt_mail,
        e.KONTAKT_TELEFON: own.kontakt_telefon,
    }


def _fields(what: Hvad, found: YouthPage) -> Iterator[tuple[str, Any]]:
    if what is Hvad.KONTAKTPERSON:
        yield e.KONTAKT_NAVN, TextField("Navn", 100)
        yield e.KONTAKT_MAIL, TextField("E-mail", 254)
        yield e.KONTAKT_TELEFON, TextField("Telefon", 30)
        return
    if what is Hvad.OENSKER:
        yield e.JOB_ONSKER, WishesField("Ønsker om job")
        yield e.UDDANNELSES_ONSKER, WishesField("Ønsker om uddannelse")
        return
    today, choices = found.caller.today, _choices(found)
    yield e.HAENDELSE_DATO, DateField("Dato", hint=f"Fx {today.day} {today.month} {today.year}")
    if what is Hvad.AKTIVITET:
        statuses = ((str(OPTAGET), "Begyndt"), (str(AFBRUDT), "Afbrudt"), (str(GENNEMFOERT), "Gennemført"))
        yield e.STATUS, RadiosField("Hvad er der sket?", statuses, default=str(OPTAGET))
        options = _options(found, KOMMUNE_AKTIVITETER)
        hint, wanted = "Skriv koden eller vælg på listen", "Vælg aktiviteten."
        yield e.KOMMUNE_AKTIVITETS_KODE, CodeField("Aktivitet", 10, hint=hint, wanted=wanted, options=options)
        causes = [_NOTHING, *_options(found, AFBRUDSAARSAGER)]
        yield e.AFBRUDSARSAGS_KODE, ListField("Årsag (kun ved afbrud)", causes)
    elif what is Hvad.MARKERING:
        kinds = (("Risiko", "I risiko for frafald"), ("Afbrud", "Afbrudt"))
        yield e.IFOELGE_KOMMUNEN, RadiosField("Ifølge kommunen", kinds, default="Risiko")
        yield e.VEDROERER_HAENDELSE_NUMMER, ListField("Optag", [_NOTHING, *choices.optag], wanted="Vælg optaget.")
    else:
        kinds = (("Kontakttid", "Kontakttid"), ("Tilbudstid", "Tilbudstid"))
        yield KLOKKEN, ClockField("Klokkeslæt", 5, hint="Fx 09:30", wanted="Skriv klokkeslættet.")
        yield e.TYPE, RadiosField("Hvad", kinds, default="Kontakttid")
        yield e.AFBRUD_HAENDELSE_NUMMER, ListField("Afbrud", [_NOTHING, *choices.afbrud], wanted="Vælg afbruddet.")


def _options(found: YouthPage, saet: str) -> list[tuple[str, str]]:
    codes = found.codes
    rows = ((code, codes.on(saet, code, found.caller.today)) for code in sorted(codes.codes(saet)))
    return [(code, row.tekst) for code, row in rows if row is not None]


def _choices(found: YouthPage) -> _Choices:
    shown = [one for one in found.seen.events if one.service in EDUCATION or one.ifoelge_kommunen is not None]
    open_ones = {
        event.nummer
        for course in found.seen.courses
        if course.forloeb is not None and course.forloeb.open and course.slags is not Slags.ERHVERV
        for event in course.forloeb.events
    }
    optag = [one for one in shown if one.optag and one.nummer in open_ones]
    afbrud = [one for one in shown if one.status == AFBRUDT or one.ifoelge_kommunen == "Afbrud"]
    return _Choices([_named(one, found) for one in optag], [_named(one, found) for one in afbrud])


def _named(event: Haendelse, found: YouthPage) -> tuple[str, str]:
    title = title_of(event, found.codes) if event.kode else ""
    day = event.haendelse_dato
    return event.nummer, f"{happened(event)} {title} {day.day}-{day.month}-{day.year}".replace("  ", " ")


def report_of(what: Hvad, form: Form, found: YouthPage) -> Indberetning:
    """Return the report of a form that holds."""
    said: dict[str, Any] = {name: field.data or None for name, field in form._fields.items()}
    head: dict[str, Any] = {
        "service": SERVICE[what],
        "cprnr": found.seen.cprnr,
        "institution_nummer": the_session().institution_nummer or "",
    }
    day = said.pop(e.HAENDELSE_DATO, None)
    if day is not None:
        head |= {"haendelse_dato": midnight(day), "kilde_leverandoer": KILDE}
    if what is Hvad.OENSKER:
        wishes = {name: tuple(said.pop(name) or ()) for name in (e.JOB_ONSKER, e.UDDANNELSES_ONSKER)}
        said = wishes
    elif what is Hvad.AKTIVITET:
        said[e.STATUS] = int(said[e.STATUS])
    elif what is Hvad.MARKERING:
        head["status"] = OPTAGET
    elif what is Hvad.TID:
        said.pop(KLOKKEN)
        head["haendelse_dato"] = datetime.combine(day, form[KLOKKEN].time, DANISH)
    return Indberetning(**head, **{e.ATTRIBUTE[name]: value for name, value in said.items()})


def lacking(what: Hvad, found: YouthPage) -> str:
    """Return why there is nothing to choose in a form; empty when there is."""
    choices = _choices(found)
    if what is Hvad.MARKERING and not choices.optag:
        return "Den unge har intet åbent forløb, som kommunen kan se."
    if what is Hvad.TID and not choices.afbrud:
        return "Den unge har intet afbrud, som kommunen kan se."
    return ""
