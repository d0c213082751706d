"""The four kinds of contact persons, always all four: each with who it is, or a sentence on why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from udb.domain.clock import add_years, danish_date, day_in_words
from udb.hentning.own.overview import Overview
from udb.portal.own.words import REPORTER
from udb.store.contacts import INSTITUTION, JOBCENTER, KOMMUNE

OLD_AFTER: Final = 1
"""Years after which a contact may no longer be right."""
NO_SCHOOL: Final = "Der er ikke registreret nogen. Spørg på din skole, hvem du kan tale med."
NO_ORDER: Final = "Der er ingen, for du har ikke uddannelsespålæg. Så har du ikke brug for en her."
NO_JOB_CENTRE: Final = "Der er ikke registreret nogen. Du har uddannelsespålæg, så ring til jobcentret og spørg."
NO_OWN: Final = "Vi har ikke din telefon eller mail. Du kan give dem til din kommune."

OLD_OWN: Final = "Oplysningen er over et år gammel. Er den ikke rigtig mere, så sig det til din kommune."


@dataclass(frozen=True, slots=True)
class Somebody:
    """A contact person, or the youth's own telephone and mail. ``old``: what to do when it is old, empty while it is
    not.
    """

    navn: str
    telefon: str | None
    mail: str | None
    registered: str
    old: str


@dataclass(frozen=True, slots=True)
class Card:
    """One kind of contact: those there are, or why there is none."""

    title: str
    people: Sequence[Somebody]
    missing: str


def cards(overview: Overview) -> Sequence[Card]:
    """Return the four kinds in the order of the page."""
    return (
        Card("Din vejleder i kommunen (KUI)", _of(overview, KOMMUNE), no_guide(overview)),
        Card(
            "Din kontakt i jobcentret",
            _of(overview, JOBCENTER),
            NO_JOB_CENTRE if overview.rows["abonnement"] else NO_ORDER,
        ),
        Card("Din kontakt på skolen", _of(overview, INSTITUTION), NO_SCHOOL),
        Card("Dine egne oplysninger", _own(overview), NO_OWN),
    )


def no_guide(overview: Overview) -> str:
    """Return what to do without a contact in the kommune: with the telephone of its function where that is known."""
    if overview.home is None:
        return "Der er ikke registreret nogen. Du bor ikke i en dansk kommune, så vidt vi ved."
    function = overview.names.functions.get(overview.home)
    name = overview.names.institutions.get(overview.home, "din kommune")
    if function is None or not (function.telefon or function.mail):
        return f"Der er ikke registreret nogen. Ring til {name} og spørg efter kommunens ungeindsats."
    reached = f"Ring på {function.telefon}." if function.telefon else f"Skriv til {function.mail}."
    return f"Der er ikke registreret nogen. Spørg {function.navn} i {name}. {reached}"


def name_of(overview: Overview, nummer: str) -> str:
    """Return the name of an institution or kommune; its number when no register has it."""
    return REPORTER.get(nummer) or overview.names.institutions.get(nummer, nummer)


def _of(overview: Overview, art: str) -> Sequence[Somebody]:
    found = []
    for row in overview.rows["kontakt"]:
        if row["art"] == art:
            by = name_of(overview, row["institution_nummer"])
            registered, old = _said(overview, by, row["registreringstid"])
            found.append(Somebody(row["navn"], row["telefon"], row["mail"], registered, old))
    return found


def _own(overview: Overview) -> Sequence[Somebody]:
    rows = [(row["kilde"], row["mail"], row["telefon"], row["registreret"]) for row in overview.rows["egen_kontakt"]]
    about = overview.person
    rows.append(("CPR-registret", about["mail"], about["telefon"], about["kontakt_registreret"]))
    found = []
    for source, mail, telephone, day in rows:
        if day is not None and (mail or telephone):
            registered, old = _said(overview, source, day)
            found.append(Somebody("Dig selv", telephone, mail, registered, OLD_OWN if old else ""))
    return found


def _said(overview: Overview, by: str, registered: datetime) -> tuple[str, str]:
    day = danish_date(registered)
    old = add_years(day, OLD_AFTER) <= overview.today
    text = f"Oplysningen er over et år gammel. Spørg {by}, om den stadig gælder." if old else ""
    return f"Registreret af {by} den {day_in_words(day)}.", text
