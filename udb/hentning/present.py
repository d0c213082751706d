"""From stored events to the answer: dates as midnights, DatoOptag from the forloeb, youths and events in the
contract's order (5.1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from udb.clock import midnight
from udb.forloeb import Forloeb, all_forloeb
from udb.haendelse import KONTAKTTID, OPTAGET, UDDANNELSE, Haendelse
from udb.hentning.answer import HaendelserUng, KontaktTilbudstid, Uddannelse, UddannelsesHaendelse
from udb.hentning.level import level
from udb.kodesaet import COSA, FORBEREDENDE, KOMMUNE_AKTIVITETER, STADS, Kodesaet
from udb.store.events import events_by_person
from udb.store.tables import abonnement


@dataclass(frozen=True, slots=True)
class Given:
    """One event that is given, and whose it is: the person's id and current CPR number."""

    person_id: int
    cprnr: str
    event: Haendelse


def present(connection: Connection, given: Sequence[Given], codes: Kodesaet, today: date) -> tuple[HaendelserUng, ...]:
    """The youths of a page, in order of their first event in it."""
    persons = {item.person_id: item.cprnr for item in given}
    events: dict[int, list[Haendelse]] = {person_id: [] for person_id in persons}
    for item in given:
        events[item.person_id].append(item.event)
    return youths(connection, persons, events, codes, today)


def youths(
    connection: Connection,
    persons: Mapping[int, str],
    given: Mapping[int, Sequence[Haendelse]],
    codes: Kodesaet,
    today: date,
) -> tuple[HaendelserUng, ...]:
    """One HaendelserUng a person (id → current number), with level, flag and the given events."""
    histories = events_by_person(connection, persons)
    under_order = set(
        connection.execute(select(abonnement.c.person_id).where(abonnement.c.person_id.in_(persons))).scalars()
    )
    return tuple(
        HaendelserUng(
            cprnr=cprnr,
            afsluttet_uddannelses_niveau=level(histories[person_id], codes, today),
            ung_har_uddannelsespaalaeg=person_id in under_order,
            haendelse_uddannelses_forloeb=_education(given[person_id], all_forloeb(histories[person_id])),
            haendelse_kontakt_tilbudstid=_contact_times(given[person_id]),
        )
        for person_id, cprnr in persons.items()
    )


def _education(given: Iterable[Haendelse], found: Iterable[Forloeb]) -> tuple[UddannelsesHaendelse, ...]:
    home = {event.nummer: forloeb for forloeb in found for event in forloeb.events}
    return tuple(education_event(event, home.get(event.nummer)) for event in _ordered(given, UDDANNELSE))


def _contact_times(given: Iterable[Haendelse]) -> tuple[KontaktTilbudstid, ...]:
    return tuple(
        KontaktTilbudstid(
            haendelse_nummer=event.nummer,
            annulleret_haendelse_nummer=event.annulleret_haendelse_nummer,
            type=event.type,
            haendelse_dato=event.haendelse_tid,
            afbrud_haendelse_nummer=event.afbrud_haendelse_nummer,
            kilde_leverandoer=event.kilde_leverandoer,
            annullering=event.annullering,
        )
        for event in _ordered(given, KONTAKTTID)
    )


def _ordered(given: Iterable[Haendelse], art: str) -> list[Haendelse]:
    """The events of one kind, by date, then number (contract 5.1)."""
    return sorted(
        (event for event in given if event.art == art), key=lambda event: (event.haendelse_dato, event.nummer)
    )


def education_event(event: Haendelse, forloeb: Forloeb | None) -> UddannelsesHaendelse:
    """One education event; ``forloeb`` is where it stands today, None for a cancellation or a kommune's mark."""
    ends = forloeb is not None and event.status != OPTAGET
    optag = forloeb.dato_optag if forloeb is not None and ends else None

    def code(kodesaet: str) -> str | None:
        return event.kode if event.kodesaet == kodesaet else None

    return UddannelsesHaendelse(
        dato_optag=midnight(optag) if optag else None,
        haendelse_nummer=event.nummer,
        annulleret_haendelse_nummer=event.annulleret_haendelse_nummer,
        forloeb_id=event.forloeb_id,
        institution_nummer=event.institution_nummer,
        haendelse_dato=midnight(event.haendelse_dato),
        status=event.status,
        afbrudsarsags_kode=event.afbrudsarsags_kode,
        kilde_leverandoer=event.kilde_leverandoer,
        elev_trin=event.elev_trin,
        klasse_trin=event.klasse_trin,
        klasse_type=event.klasse_type,
        klasse_navn=event.klasse_navn,
        annullering=event.annullering,
        forberedende_aktivitets_kode=code(FORBEREDENDE),
        uddannelse=Uddannelse(kode, event.kode_version) if (kode := code(COSA)) else None,
        speciale=event.speciale,
        praktiksted=event.praktiksted,
        skoleperiode=event.skoleperiode,
        egu_uddannelsesniveau=event.egu_uddannelsesniveau,
        stads_kode=code(STADS),
        kommune_aktivitets_kode=code(KOMMUNE_AKTIVITETER),
        ifoelge_kommunen=event.ifoelge_kommunen,
        vedroerer_haendelse_nummer=event.vedroerer_haendelse_nummer,
        gennemfoert_hf=event.gennemfoert_hf,
        registreringstid=event.registreringstid,
        frafaldstruet_markering=event.frafaldstruet_markering,
    )
