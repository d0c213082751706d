"""Reports in words: rows of the list, and what was typed, for approval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from wtforms import Form

from udb.domain import elementer as e
from udb.domain.clock import day_in_words, time_in_words
from udb.domain.haendelse import AFBRUDT, GENNEMFOERT, Haendelse
from udb.domain.kodesaet import AFBRUDSAARSAGER, COSA, KLASSETYPER, STADS, Kodesaet
from udb.indberetning.own_reports import OwnReport
from udb.portal.reporting.fields import CodeField, CprField, DateField
from udb.portal.reporting.place import Place
from udb.portal.reporting.tasks import TITLES, Hvad


@dataclass(frozen=True, slots=True)
class Row:
    """A report in the list. ``cpr``: masked."""

    nummer: str
    registreret: str
    cpr: str
    haendelse: str
    dato: date
    kode: str
    tekst: str
    service: str
    afdeling: str
    system: str
    annulleret: bool


def as_row(report: OwnReport, here: Place) -> Row:
    """Return a report as the pages show it, with its number masked."""
    event = report.event
    kode = event.kode or ""
    found = here.codes.describing(event.kodesaet or "", kode, event.haendelse_dato)
    return Row(
        event.nummer,
        time_in_words(event.registreringstid),
        f"{event.cprnr[:4]}xx-xxxx",
        hvad_of(event).words,
        event.haendelse_dato,
        kode,
        found.tekst if found else "",
        TITLES[event.service],
        here.names.get(event.institution_nummer, event.institution_nummer),
        report.system or "Ukendt",
        event.annulleret,
    )


def hvad_of(event: Haendelse) -> Hvad:
    """Return what happened."""
    hvad = {AFBRUDT: Hvad.AFBRUDT, GENNEMFOERT: Hvad.GENNEMFOERT}.get(event.status or 0)
    return hvad or (Hvad.RISIKO if event.risk else Hvad.OPTAGET)


def once_more(event: Haendelse) -> Mapping[str, str]:
    """Return the query of the form by which the same is reported again, with the code of its education."""
    code = {COSA: e.COSA_FORMAAL, STADS: e.STADS_KODE}.get(event.kodesaet or "")
    given = {code: event.kode} if code and event.kode else {}
    return {"tjeneste": event.service, "hvad": hvad_of(event).value, **given}


def grouped(cprnr: str) -> str:
    """Return a CPR number as people read it."""
    return f"{cprnr[:6]}-{cprnr[6:]}"


def as_sent(form: Form) -> Sequence[tuple[str, str]]:
    """Return labels and values of what was typed; fields that say nothing are left out."""
    return [(field.label.text, text) for field in form._fields.values() if (text := _text(field))]


def _text(field: Any) -> str:
    value = field.data
    if value is None or value == "":
        return ""
    if isinstance(field, CprField):
        return grouped(value)
    if isinstance(field, DateField):
        return day_in_words(value)
    if isinstance(field, CodeField):
        return f"{value} {field.text or ''}".strip()
    if hasattr(field, "iter_choices"):
        return next((str(label) for code, label, *_ in field.iter_choices() if code == value), str(value))
    return str(value)


_DETAILS: Final = (
    (e.AFBRUDSARSAGS_KODE, "Årsag"),
    (e.SPECIALE, "Speciale"),
    (e.PRAKTIKSTED, "Praktiksted"),
    (e.SKOLEPERIODE, "Skoleperiode"),
    (e.GENNEMFOERT_HF, "Hele hf gennemført"),
    (e.EGU_UDDANNELSESNIVEAU, "Egu på uddannelsesniveau"),
    (e.ELEV_TRIN, "Elevtrin"),
    (e.KLASSE_TRIN, "Klassetrin"),
    (e.KLASSE_TYPE, "Klassetype"),
    (e.KLASSE_NAVN, "Klassens navn"),
    (e.FORLOEB_ID, "ForloebId"),
)


def details(event: Haendelse, codes: Kodesaet) -> Sequence[tuple[str, str]]:
    """Return labels and values of what else a report says."""
    values = ((name, label, getattr(event, e.ATTRIBUTE[name])) for name, label in _DETAILS)
    return [(label, _in_words(event, codes, name, value)) for name, label, value in values if value is not None]


def _in_words(event: Haendelse, codes: Kodesaet, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    found = codes.describing(_SETS[name], str(value), event.haendelse_dato) if name in _SETS else None
    return f"{found.tekst} ({value})" if found else str(value)


_SETS: Final = {e.AFBRUDSARSAGS_KODE: AFBRUDSAARSAGER, e.KLASSE_TYPE: KLASSETYPER}
