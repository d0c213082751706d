"""The answer of HentHaendelser as values (contract 5.1). Attribute names are those of ``udb.elementer``; empty means
left out.
"""

from dataclasses import dataclass
from datetime import datetime

from udb.receipt import Fejl


@dataclass(frozen=True, slots=True)
class Uddannelse:
    """A CØSA formål with its version."""

    cosa_formaal: str
    cosa_formaal_version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UddannelsesHaendelse:
    """HaendelseUddannelsesForloeb."""

    dato_optag: datetime | None
    haendelse_nummer: str
    annulleret_haendelse_nummer: str | None
    forloeb_id: str | None
    institution_nummer: str
    haendelse_dato: datetime
    status: int | None
    afbrudsarsags_kode: str | None
    kilde_leverandoer: str
    elev_trin: int | None
    klasse_trin: int | None
    klasse_type: str | None
    klasse_navn: str | None
    annullering: bool
    forberedende_aktivitets_kode: str | None
    uddannelse: Uddannelse | None
    speciale: str | None
    praktiksted: str | None
    skoleperiode: str | None
    egu_uddannelsesniveau: bool | None
    stads_kode: str | None
    kommune_aktivitets_kode: str | None
    ifoelge_kommunen: str | None
    vedroerer_haendelse_nummer: str | None
    gennemfoert_hf: bool | None
    registreringstid: datetime
    frafaldstruet_markering: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HaendelserUng:
    """One youth and what is told of that youth. Kinds no service brings in yet are empty."""

    cprnr: str
    afsluttet_uddannelses_niveau: str | None = None
    ung_har_uddannelsespaalaeg: bool | None = None
    haendelse_uddannelses_forloeb: tuple[UddannelsesHaendelse, ...] = ()
    haendelse_jobcenter_forloeb: tuple[()] = ()
    haendelse_beskaeftigelses_forloeb: tuple[()] = ()
    haendelse_social_ydelse: tuple[()] = ()
    haendelse_uddannelsespaalaeg: tuple[()] = ()
    haendelse_kontakt_tilbudstid: tuple[()] = ()
    kontakt_job_og_uddannelsesonsker: tuple[()] = ()
    jobcenter_kontakt: None = None
    institution_kontakt: tuple[()] = ()
    ung_kontakt: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HaendelserSvar:
    """Either ``fejl`` and nothing else, or the data."""

    fejl: tuple[Fejl, ...] = ()
    findes_flere_haendelser: bool | None = None
    hoejeste_haendelse_nummer: str | None = None
    haendelser_ung: tuple[HaendelserUng, ...] = ()
