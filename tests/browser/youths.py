"""The youths of the invented world that the pages of a kommune and of a youth show."""

from datetime import date
from typing import Any, Final

from sqlalchemy import insert, update

from tests.support.endpoint import Endpoint
from tests.support.reports import CPRNR, UNGDOM, accepted, optag
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, World
from udb.domain.clock import system_time
from udb.domain.services import KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID, KONTAKTPERSON, ONSKER, UNGDOMSUDDANNELSE
from udb.hentning.kommune.list_job import refresh_lists
from udb.store.engine import writing
from udb.store.tables import egen_kontakt, kontakt, person
from udb.store.tables.indkomst import indkomstmaaned

YOUNG: Final = "7103095104"
"""17 years old, with an afbrud, a deadline and registrations of the kommune."""
WAITING: Final = "7103095105"
"""17 years old, with an afbrud whose deadline is open."""
PROTECTED: Final = "7103075190"
EMPTY: Final = "7103075191"
"""Without events, contacts and name."""
DELETED: Final = "7101920123"
"""34 years old: what was reported is deleted."""
UNKNOWN: Final = "6101091234"
"""In no register."""
AFBRUD: Final[dict[str, Any]] = {**UNGDOM, "Status": 2, "AfbrudsarsagsKode": "904"}


def settle(world: World, endpoint: Endpoint) -> None:
    """Put them into the world, and work out the kommune's list."""
    names = {
        CPRNR: "Alma Berg",
        YOUNG: "Malthe Opdigtet-Kristoffersen",
        WAITING: "Sara Ventende",
        PROTECTED: "Skjult Navn",
        EMPTY: None,
    }
    ids = {cprnr: world.person(cprnr) for cprnr in names}
    world.person(DELETED)
    with writing(world.engine) as connection:
        for cprnr, navn in names.items():
            values = {"navn": navn, "beskyttet": cprnr == PROTECTED}
            connection.execute(update(person).where(person.c.cprnr == cprnr).values(**values))
        connection.execute(insert(indkomstmaaned).values(maaned=date(2026, 7, 31), leveret=date(2026, 8, 5)))
    _alma(world, endpoint, ids[CPRNR])
    _malthe(endpoint)
    broken_off(endpoint, WAITING)
    optag(endpoint, PROTECTED, 10)
    contact(endpoint, PROTECTED, "Vera Vejleder")
    endpoint.fetch(KOMMUNE)
    endpoint.fetch(OTHER_KOMMUNE, CPRNr=CPRNR)
    refresh_lists(world.engine)


def contact(endpoint: Endpoint, cprnr: str, navn: str) -> None:
    """Let the kommune register a contact person of a youth."""
    said = {"KontaktNavn": navn, "KontaktMail": "vera@kommune.example", "KontaktTelefon": "23456789"}
    accepted(endpoint.report(KONTAKTPERSON, {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, **said}))


def broken_off(endpoint: Endpoint, cprnr: str, day: int = 11) -> str:
    """Report an optag of 3 August and an afbrud; return the afbrud's number."""
    optag(endpoint, cprnr, 3)
    ended = {**AFBRUD, "CPRNr": cprnr, "HaendelseDato": f"2026-08-{day:02}T00:00:00"}
    return str(accepted(endpoint.report(UNGDOMSUDDANNELSE, ended))["HaendelseNummer"])


def wish(endpoint: Endpoint, cprnr: str) -> None:
    """Let the kommune register wishes."""
    wishes = {"JobOnsker": ["Tømrer", "Noget med dyr"], "UddannelsesOnsker": ["Pædagogisk assistent"]}
    accepted(endpoint.report(ONSKER, {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, **wishes}))


def _alma(world: World, endpoint: Endpoint, number: int) -> None:
    broken = broken_off(endpoint, CPRNR, 12)
    wrong = {**AFBRUD, "CPRNr": CPRNR, "HaendelseDato": "2026-08-12T00:00:00"}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**wrong, "Annullering": True, "HaendelseNummer": broken}))
    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**wrong, "HaendelseDato": "2026-08-13T00:00:00"}))
    contact(endpoint, CPRNR, "Vera Vejleder")
    wish(endpoint, CPRNR)
    world.subscribe(number)
    rows = (("institution", GYMNASIUM, "Lars Lærer"), ("jobcenter", "280999", "Jens Job"))
    for art, nummer, navn in rows:
        values = {"art": art, "institution_nummer": nummer, "navn": navn, "registreringstid": system_time()}
        world.add(kontakt, person_id=number, mail="navn@sted.example", telefon="87654321", **values)
    world.add(egen_kontakt, person_id=number, kilde="KMD Elev", telefon="12345678", registreret=system_time())


def _malthe(endpoint: Endpoint) -> None:
    broken = broken_off(endpoint, YOUNG)
    begun = optag(endpoint, YOUNG, 14, Uddannelse={"COsAFormaal": "3009", "COsAFormaalVersion": 2})
    contact(endpoint, YOUNG, "Vera Vejleder")
    wish(endpoint, YOUNG)
    head = {"CPRNr": YOUNG, "InstitutionNummer": KOMMUNE, "KildeLeverandoer": "X", "Annullering": False}
    day = {**head, "HaendelseDato": "2026-08-14T00:00:00", "Status": 1}
    accepted(endpoint.report(KOMMUNE_AKTIVITET, {**day, "KommuneAktivitetsKode": "K55"}))
    mark = {"IfoelgeKommunen": "Risiko", "VedroererHaendelseNummer": begun}
    accepted(endpoint.report(KOMMUNE_AKTIVITET, {**day, **mark}))
    time = {**head, "HaendelseDato": "2026-08-14T10:00:00+02:00", "Type": "Kontakttid", "AfbrudHaendelseNummer": broken}
    accepted(endpoint.report(KONTAKT_TILBUDSTID, time))
