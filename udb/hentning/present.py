"""From stored events to the answer: dates as midnights, DatoOptag from the forloeb, youths and events in the
contract's order (5.1).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from udb.clock import midnight
from udb.forloeb import Forloeb, all_forloeb
from udb.haendelse import (
    BESKAEFTIGELSE,
    JOBCENTER,
    KONTAKTTID,
    OPTAGET,
    PAALAEG,
    SOCIAL_YDELSE,
    UDDANNELSE,
    Haendelse,
)
from udb.hentning.access import a4_shield
from udb.hentning.answer import (
    BeskaeftigelsesHaendelse,
    HaendelserUng,
    JobcenterHaendelse,
    KontaktTilbudstid,
    SocialYdelse,
    Uddannelse,
    UddannelsesHaendelse,
    Uddannelsespaalaeg,
)
from udb.hentning.level import level
from udb.kodesaet import COSA, FORBEREDENDE, KOMMUNE_AKTIVITETER, STADS, Kodesaet
from udb.store.beviser import beviser_by_person
from udb.store.events import events_by_person
from udb.store.tables import abonnement


@dataclass(frozen=True, slots=True)
class Youth:
    """Whose events are given: the person's id, current CPR number and 25th birthday, and whether the caller is the
    home kommune.
    """

    id: int
    cprnr: str
    turns_25: date
    home: bool


@dataclass(frozen=True, slots=True)
class Given:
    """One event that is given, and whose it is."""

    youth: Youth
    event: Haendelse


def present(connection: Connection, given: Sequence[Given], codes: Kodesaet, today: date) -> tuple[HaendelserUng, ...]:
    """The youths of a page, in order of their first event in it."""
    events: dict[Youth, list[Haendelse]] = {}
    for item in given:
        events.setdefault(item.youth, []).append(item.event)
    return youths(connection, events, codes, today)


class ChangedMeanwhileError(Exception):
    """A picked event was cancelled, repeated or given to another person before its youth's history was read."""


def youths(
    connection: Connection, given: Mapping[Youth, Sequence[Haendelse]], codes: Kodesaet, today: date
) -> tuple[HaendelserUng, ...]:
    """One HaendelserUng a youth, with level, flag and the given events.

    Raises ChangedMeanwhileError when the given events are not those of the history any more: on PostgreSQL each
    statement sees what was committed before it.
    """
    persons = [youth.id for youth in given]
    histories = events_by_person(connection, persons)
    for youth, events in given.items():
        if not set(histories[youth.id]).issuperset(events):
            raise ChangedMeanwhileError
    flagged = select(abonnement.c.person_id).where(abonnement.c.person_id.in_(persons))
    under_order = set(connection.execute(flagged).scalars())
    beviser = beviser_by_person(connection, [youth.id for youth in given if youth.home])
    levels = {person: level(histories[person], known.beviser, codes, today) for person, known in beviser.items()}
    return tuple(
        _told(
            youth,
            events,
            histories[youth.id],
            levels.get(youth.id),
            a4_shield(youth.turns_25, today),
            under_order=youth.id in under_order,
        )
        for youth, events in given.items()
    )


def _told(
    youth: Youth,
    given: Sequence[Haendelse],
    history: Sequence[Haendelse],
    niveau: str | None,
    shield: date | None,
    *,
    under_order: bool,
) -> HaendelserUng:
    hidden = {event.nummer for event in history if shield is not None and event.haendelse_dato < shield}
    home = {event.nummer: forloeb for forloeb in all_forloeb(history) for event in forloeb.events}

    def dato_optag(event: Haendelse) -> date | None:
        return _dato_optag(event, home.get(event.nummer), shield)

    return HaendelserUng(
        cprnr=youth.cprnr,
        afsluttet_uddannelses_niveau=niveau,
        ung_har_uddannelsespaalaeg=under_order if youth.home else None,
        haendelse_uddannelses_forloeb=tuple(
            education_event(event, dato_optag(event), hidden) for event in _ordered(given, UDDANNELSE)
        ),
        haendelse_jobcenter_forloeb=tuple(
            _jobcenter_event(event, dato_optag(event)) for event in _ordered(given, JOBCENTER)
        ),
        haendelse_beskaeftigelses_forloeb=tuple(_employment(event) for event in _ordered(given, BESKAEFTIGELSE)),
        haendelse_social_ydelse=tuple(_benefit(event) for event in _ordered(given, SOCIAL_YDELSE)),
        haendelse_uddannelsespaalaeg=tuple(_order(event) for event in _ordered(given, PAALAEG)),
        haendelse_kontakt_tilbudstid=tuple(_contact_time(event, hidden) for event in _ordered(given, KONTAKTTID)),
    )


def _dato_optag(event: Haendelse, forloeb: Forloeb | None, shield: date | None) -> date | None:
    """Told of an afbrud or gennemført whose forløb has one (contract 5.1)."""
    found = forloeb.dato_optag if forloeb is not None and event.status != OPTAGET else None
    return None if found is None or (shield is not None and found < shield) else found


def _jobcenter_event(event: Haendelse, dato_optag: date | None) -> JobcenterHaendelse:
    return JobcenterHaendelse(
        dato_optag=midnight(dato_optag) if dato_optag else None,
        haendelse_nummer=event.nummer,
        annulleret_haendelse_nummer=event.annulleret_haendelse_nummer,
        forloeb_id=event.forloeb_id,
        haendelse_dato=midnight(event.haendelse_dato),
        status=event.status,
        afbrudsarsags_kode=event.afbrudsarsags_kode,
        aktivitetsgruppe_kode=event.kode,
        kilde_leverandoer=event.kilde_leverandoer,
        annullering=event.annullering,
        registreringstid=event.registreringstid,
    )


def _employment(event: Haendelse) -> BeskaeftigelsesHaendelse:
    return BeskaeftigelsesHaendelse(
        haendelse_nummer=event.nummer,
        haendelse_dato=midnight(event.haendelse_dato),
        status_beskaeftigelse=event.status_beskaeftigelse,
        kilde_leverandoer=event.kilde_leverandoer,
        beskaeftigelsesgrad=event.beskaeftigelsesgrad,
    )


def _benefit(event: Haendelse) -> SocialYdelse:
    return SocialYdelse(
        haendelse_nummer=event.nummer,
        haendelse_dato=midnight(event.haendelse_dato),
        modtager_social_ydelse=event.modtager_social_ydelse,
        kilde_leverandoer=event.kilde_leverandoer,
    )


def _order(event: Haendelse) -> Uddannelsespaalaeg:
    return Uddannelsespaalaeg(
        haendelse_nummer=event.nummer,
        haendelse_dato=midnight(event.haendelse_dato),
        har_uddannelsespaalaeg=event.har_uddannelsespaalaeg,
        kilde_leverandoer=event.kilde_leverandoer,
    )


def _contact_time(event: Haendelse, hidden: Collection[str]) -> KontaktTilbudstid:
    return KontaktTilbudstid(
        haendelse_nummer=event.nummer,
        annulleret_haendelse_nummer=event.annulleret_haendelse_nummer,
        type=event.type,
        haendelse_dato=event.haendelse_tid,
        afbrud_haendelse_nummer=_unless_hidden(event.afbrud_haendelse_nummer, hidden),
        kilde_leverandoer=event.kilde_leverandoer,
        annullering=event.annullering,
    )


def _unless_hidden(nummer: str | None, hidden: Collection[str]) -> str | None:
    return None if nummer in hidden else nummer


def _ordered(given: Iterable[Haendelse], art: str) -> list[Haendelse]:
    """The events of one kind, by HaendelseDato as it is told, then number (contract 5.1)."""
    return sorted(
        (event for event in given if event.art == art),
        key=lambda event: (event.haendelse_tid or midnight(event.haendelse_dato), event.nummer),
    )


def education_event(event: Haendelse, dato_optag: date | None, hidden: Collection[str]) -> UddannelsesHaendelse:
    """One education event; ``hidden``: the numbers it must not name."""

    def code(kodesaet: str) -> str | None:
        return event.kode if event.kodesaet == kodesaet else None

    return UddannelsesHaendelse(
        dato_optag=midnight(dato_optag) if dato_optag else None,
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
        praktiksted=event.praktiksted if event.vis_praktiksted else None,
        skoleperiode=event.skoleperiode,
        egu_uddannelsesniveau=event.egu_uddannelsesniveau,
        stads_kode=code(STADS),
        kommune_aktivitets_kode=code(KOMMUNE_AKTIVITETER),
        ifoelge_kommunen=event.ifoelge_kommunen,
        vedroerer_haendelse_nummer=_unless_hidden(event.vedroerer_haendelse_nummer, hidden),
        gennemfoert_hf=event.gennemfoert_hf,
        registreringstid=event.registreringstid,
        frafaldstruet_markering=event.frafaldstruet_markering,
    )
