"""The form of each task, made for the institution, the code sets and the day. A field has the name of its element."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from wtforms import Form

from udb.domain import elementer as e
from udb.domain.kodesaet import (
    AFBRUDSAARSAGER,
    COSA,
    FGU_SKOLEPERIODER,
    FORBEREDENDE,
    KLASSETYPER,
    STADS,
    Kodesaet,
)
from udb.domain.services import FGU, FORBEREDENDE_AKTIVITET, UNGDOMSUDDANNELSE, VIDEREGAAENDE
from udb.portal.reporting.fields import CodeField, CprField, DateField, ListField, NumberField, RadiosField, TextField
from udb.portal.reporting.tasks import Hvad, Task

ART: Final = "art"
"""The field that chooses between an activity and a grade."""
AKTIVITET, KLASSETRIN = "aktivitet", "klassetrin"
PERIODE: Final = "skoleperiode"
"""The field of Skoleperiode and Speciale of the FGU as one choice."""
YES, NO = "true", "false"
NOTHING: Final = ""
_TEST: Final = "optagelsesproeve"


@dataclass(frozen=True, slots=True)
class Lists:
    """What a form lets choose from.

    ``departments``: numbers and names; ``day``: on which codes are to hold; ``today``: the example of a date.
    """

    departments: Sequence[tuple[str, str]]
    codes: Kodesaet
    day: date
    today: date


def form_of(task: Task, lists: Lists, said: Any = None, given: Mapping[str, Any] | None = None) -> Form:
    """Return a task's form with what was said in it; ``given``: values that a new form begins with."""
    day = said_day(said) or lists.day
    fields = dict(_fields(task, replace(lists, day=day)))
    made = type("ReportForm", (Form,), fields)
    form: Form = made(said, data=given)
    return form


def said_day(said: Any) -> date | None:
    """Return the date that was typed, None when it is none."""
    if said is None:
        return None
    probe = type("DayForm", (Form,), {e.HAENDELSE_DATO: DateField("")})(said)
    found: date | None = probe[e.HAENDELSE_DATO].data
    return found


def _fields(task: Task, lists: Lists) -> Iterator[tuple[str, Any]]:
    yield e.CPRNR, CprField("CPR-nummer")
    departments = [(nummer, f"{navn} ({nummer})") for nummer, navn in lists.departments]
    yield e.INSTITUTION_NUMMER, ListField("Afdeling", departments, wanted="Vælg afdelingen.")
    if task.hvad is Hvad.KONTAKTPERSON:
        yield from _contact()
        return
    yield e.HAENDELSE_DATO, DateField("Dato", hint=f"Fx {lists.today.day} {lists.today.month} {lists.today.year}")
    if task.hvad is Hvad.AFBRUDT:
        yield e.AFBRUDSARSAGS_KODE, RadiosField("Årsag", _causes(task, lists))
    yield from _OWN[task.service](task, lists)


def _contact() -> Iterator[tuple[str, Any]]:
    choices = ((NO, "Registrere eller ændre kontaktpersonen"), (YES, "Slette kontaktpersonen"))
    yield e.SLET, RadiosField("Hvad vil du?", choices, default=NO)
    yield e.KONTAKT_NAVN, TextField("Navn", 100)
    yield e.KONTAKT_MAIL, TextField("E-mail", 254)
    yield e.KONTAKT_TELEFON, TextField("Telefon", 30)


def _ungdomsuddannelse(task: Task, lists: Lists) -> Iterator[tuple[str, Any]]:
    yield from _cosa(lists, lambda art: art != "fgu")
    yield e.SPECIALE, TextField("Speciale", 20, hint="Kun ved erhvervsuddannelse")
    if task.hvad is Hvad.OPTAGET:
        yield e.PRAKTIKSTED, TextField("Praktiksted", 200, hint="Kun ved erhvervsuddannelse, og kun ved optag")
    if task.hvad is Hvad.GENNEMFOERT:
        choices = ((NOTHING, "Ikke relevant"), (YES, "Ja"), (NO, "Nej"))
        yield (
            e.GENNEMFOERT_HF,
            RadiosField("Er hele hf gennemført? (kun ved hf og hf-enkeltfag)", choices, default=NOTHING),
        )


def _fgu(task: Task, lists: Lists) -> Iterator[tuple[str, Any]]:
    yield from _cosa(lists, lambda art: art == "fgu")
    yield (
        PERIODE,
        ListField("Skoleperiode og speciale", [(NOTHING, "Vælg"), *_periods(lists)], wanted="Vælg skoleperioden."),
    )
    if task.hvad is Hvad.GENNEMFOERT:
        choices = ((NOTHING, "Ikke relevant"), (YES, "Ja"), (NO, "Nej"))
        yield e.EGU_UDDANNELSESNIVEAU, RadiosField("Egu på uddannelsesniveau?", choices, default=NOTHING)


def _forberedende(_task: Task, lists: Lists) -> Iterator[tuple[str, Any]]:
    choices = ((AKTIVITET, "En aktivitet med kode"), (KLASSETRIN, "Et klassetrin"))
    yield ART, RadiosField("Hvad går den unge til?", choices, default=AKTIVITET)
    yield e.FORBEREDENDE_AKTIVITETS_KODE, CodeField("Aktivitet", 10, hint=_HINT, options=_options(FORBEREDENDE, lists))
    yield e.ELEV_TRIN, NumberField("Elevtrin", 0, 99, hint="Kun ved klassetrin")
    yield e.KLASSE_TRIN, NumberField("Klassetrin", 0, 99, hint="Kun ved klassetrin")
    kinds = [(code, f"{text} ({code})") for code, text in _options(KLASSETYPER, lists)]
    yield e.KLASSE_TYPE, ListField("Klassetype", [(NOTHING, "Ikke valgt"), *kinds])
    yield e.KLASSE_NAVN, TextField("Klassens navn", 100, hint="Kun ved klassetrin, fx 9B")


def _videregaaende(_task: Task, lists: Lists) -> Iterator[tuple[str, Any]]:
    wanted = "Skriv STADS-koden."
    yield e.STADS_KODE, CodeField("STADS-kode", 10, hint=_HINT, wanted=wanted, options=_options(STADS, lists))


_OWN: Final = {
    UNGDOMSUDDANNELSE: _ungdomsuddannelse,
    FGU: _fgu,
    FORBEREDENDE_AKTIVITET: _forberedende,
    VIDEREGAAENDE: _videregaaende,
}
_HINT: Final = "Skriv koden eller vælg på listen"


def _cosa(lists: Lists, fits: Any) -> Iterator[tuple[str, Any]]:
    codes = lists.codes
    found = [
        (code, row.tekst)
        for code in sorted(codes.codes(COSA))
        if (row := codes.on(COSA, code, lists.day)) is not None and fits(row.text("art"))
    ]
    yield e.COSA_FORMAAL, CodeField("Uddannelse", 10, hint=_HINT, wanted="Vælg uddannelsen.", options=found)
    hint = "Kan stå tomt: så bruges den version, der gælder på datoen"
    yield e.COSA_FORMAAL_VERSION, NumberField("Version af uddannelsen", 1, 999, hint=hint)


def _options(saet: str, lists: Lists) -> list[tuple[str, str]]:
    found = ((code, lists.codes.on(saet, code, lists.day)) for code in sorted(lists.codes.codes(saet)))
    return [(code, row.tekst) for code, row in found if row is not None]


def _periods(lists: Lists) -> list[tuple[str, str]]:
    rows = (row for code in lists.codes.codes(FGU_SKOLEPERIODER) for row in lists.codes.rows(FGU_SKOLEPERIODER, code))
    return [
        (f"{row.kode}|{row.variant}", f"{row.tekst}{_speciale(row.variant)}") for row in rows if row.valid_on(lists.day)
    ]


def _speciale(code: str) -> str:
    return f", speciale {code}" if code else ""


def _causes(task: Task, lists: Lists) -> list[tuple[str, str]]:
    codes = lists.codes
    rows = (codes.on(AFBRUDSAARSAGER, code, lists.day) for code in codes.codes(AFBRUDSAARSAGER))
    found = [row for row in rows if row is not None]
    tests = task.service == UNGDOMSUDDANNELSE
    return [
        (row.kode, f"{row.tekst} (kun optagelsesprøver)" if row.text("art") == _TEST else row.tekst)
        for row in sorted(found, key=lambda row: (row.text("art") == _TEST, row.kode))
        if tests or row.text("art") != _TEST
    ]
