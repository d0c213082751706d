"""The list of the kommune's residents: filters, pages and a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, request
from werkzeug.wrappers import Response

from udb.domain.clock import day_in_words, time_in_words
from udb.hentning.kommune.list_job import GYLDIG, MANGLER, next_deadline
from udb.hentning.kommune.quality import FORAELDET
from udb.hentning.kommune.residents import (
    MOST,
    OLDEST,
    PAGE,
    YOUNGEST,
    Filters,
    Resident,
    Residents,
    all_residents,
    residents,
)
from udb.portal.pages import page
from udb.portal.reporting.faults import Fault
from udb.portal.state import house
from udb.portal.youths.courses import happened, title_of
from udb.portal.youths.listing import as_file, no_file, page_number, paging, school_in
from udb.portal.youths.names import age, masked, name_of
from udb.portal.youths.place import agreed, look, reference
from udb.portal.youths.routes import require_purpose
from udb.statistics.definitions.frist import Udfald
from udb.statistics.definitions.situation import IN_WORDS, Situation

pages = Blueprint("residents", __name__, url_prefix="/unge/liste")
pages.before_request(require_purpose)
CONTACTS: Final = {GYLDIG: "Har en gyldig", FORAELDET: "Har en forældet", MANGLER: "Mangler"}
DEADLINES: Final = {Udfald.AABEN.value: "Åben", Udfald.OVERSKREDET.value: "Overskredet"}
_WITHOUT_EDUCATION: Final = (
    Situation.FRITAGET, Situation.UDLAND, Situation.PRAKTIK, Situation.DELTID, Situation.UDEN,
)  # fmt: skip
GROUPS: Final = {
    "i_uddannelse": (
        "I uddannelse (alle slags)",
        (Situation.GRUNDSKOLE, Situation.UNGDOMSUDDANNELSE, Situation.VIDEREGAAENDE, Situation.FORBEREDENDE),
    ),
    "uden_uddannelse": ("Ikke i uddannelse, ikke fuldført, ikke i job", _WITHOUT_EDUCATION),
    "maalgruppe": ("I KUI-målgruppen", (Situation.FORBEREDENDE, *_WITHOUT_EDUCATION)),
}
"""Several situations together, as a figure counts them: text and situations."""
_NUMBERS: Final = (("alder_fra", YOUNGEST, OLDEST), ("alder_til", YOUNGEST, OLDEST), ("afbrud_dage", 1, 3660))
_KEPT: Final = ("alder_fra", "alder_til", "situation", "risiko", "paalaeg", "kontakt", "afbrud_dage", "udfald", "skole")
_IN_FILE: Final = {name: name for name in ("navn", "cpr", "alder", "situation", "seneste_dato")} | {
    "seneste": "seneste_haendelse",
    "kontakt": "kontaktperson",
    "frist": "frist",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A youth in the list. ``cpr``: masked."""

    reference: str
    navn: str
    cpr: str
    alder: int
    situation: str
    seneste_dato: str
    seneste: str
    kontakt: str
    frist: str


@pages.get("/")
@agreed
def listed() -> Response:
    """Show a page of the residents that fit."""
    asked = request.args
    filters, summary = _filters(asked)
    number = page_number(asked, PAGE)
    found = None if summary else residents(house().context, look("UngListe"), filters, number=number)
    rows = [_row(one, found) for one in found.residents] if found is not None else []
    return page(
        "youths/residents.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK,
        rows=rows,
        found=found,
        as_of=time_in_words(found.beregnet) if found is not None and found.beregnet else "",
        asked=asked,
        paging=paging(asked, _KEPT, number, has_more=found is not None and number * PAGE < found.antal),
        summary=summary,
        situations={**IN_WORDS, **{name: text for name, (text, _) in GROUPS.items()}},
        contacts=CONTACTS,
        deadlines=DEADLINES,
        most=MOST,
    )


@pages.get("/hent.csv")
@agreed
def file() -> Response:
    """Give the whole list that fits as a file."""
    filters, summary = _filters(request.args)
    found = None if summary else all_residents(house().context, look("UngListeFil"), filters)
    if found is None or found.too_many:
        return no_file()
    return as_file(_IN_FILE, (_row(one, found) for one in found.residents), "unge.csv")


def _row(one: Resident, found: Residents) -> Row:
    seen, today = one.seen, found.now.date()
    latest = max(seen.events, key=lambda event: (event.haendelse_dato, event.nummer), default=None)
    waiting = next_deadline(seen)
    text = ""
    if latest is not None:
        title = title_of(latest, found.codes) if latest.kode else ""
        text = f"{happened(latest)} {title}".strip()
    return Row(
        reference(seen.person_id),
        name_of(seen),
        masked(seen.cprnr),
        age(seen.cprnr, seen.turns_15, today),
        f"{IN_WORDS[seen.situation]}{', med uddannelsespålæg' if seen.youth.paalaeg else ''}",
        day_in_words(latest.haendelse_dato) if latest is not None else "",
        text,
        one.kontakt or "",
        f"{day_in_words(waiting.frist)} ({waiting.udfald.value})" if waiting is not None else "",
    )


def _filters(asked: Mapping[str, Any]) -> tuple[Filters, list[Fault]]:
    faults: list[Fault] = []
    numbers: dict[str, int | None] = {}
    for name, least, most in _NUMBERS:
        said = asked.get(name, "").strip()
        fits = said.isascii() and said.isdecimal() and len(said) <= len(str(most)) and least <= int(said) <= most
        numbers[name] = int(said) if said and fits else None
        if said and not fits:
            faults.append(Fault(f"Skriv et helt tal fra {least} til {most}.", name))
    school = school_in(asked, faults)
    situation = asked.get("situation", "")
    situations = {**{one.value: (one,) for one in Situation}, **{name: some for name, (_, some) in GROUPS.items()}}
    yes_or_no = {"ja": True, "nej": False}
    found = Filters(
        alder_fra=numbers["alder_fra"],
        alder_til=numbers["alder_til"],
        situationer=situations.get(situation, ()),
        risiko=yes_or_no.get(asked.get("risiko", "")),
        paalaeg=yes_or_no.get(asked.get("paalaeg", "")),
        kontakt=asked.get("kontakt") if asked.get("kontakt") in CONTACTS else None,
        afbrud_dage=numbers["afbrud_dage"],
        udfald=asked.get("udfald") if asked.get("udfald") in DEADLINES else None,
        skole=school,
    )
    return found, faults
