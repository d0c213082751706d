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
class JobcenterHaendelse:
    """HaendelseJobcenterForloeb."""

    dato_optag: datetime | None
    haendelse_nummer: str
    annulleret_haendelse_nummer: str | None
    forloeb_id: str | None
    haendelse_dato: datetime
    status: int | None
    afbrudsarsags_kode: str | None
    aktivitetsgruppe_kode: str | None
    kilde_leverandoer: str
    annullering: bool
    registreringstid: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BeskaeftigelsesHaendelse:
    """HaendelseBeskaeftigelsesForloeb."""

    haendelse_nummer: str
    haendelse_dato: datetime
    status_beskaeftigelse: str | None
    kilde_leverandoer: str
    beskaeftigelsesgrad: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialYdelse:
    """HaendelseSocialYdelse."""

    haendelse_nummer: str
    haendelse_dato: datetime
    modtager_social_ydelse: bool | None
    kilde_leverandoer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uddannelsespaalaeg:
    """HaendelseUddannelsespaalaeg."""

    haendelse_nummer: str
    haendelse_dato: datetime
    har_uddannelsespaalaeg: bool | None
    kilde_leverandoer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KontaktTilbudstid:
    """HaendelseKontaktTilbudstid; its date keeps the time of day (contract 4.3)."""

    haendelse_nummer: str
    annulleret_haendelse_nummer: str | None
    type: str | None
    haendelse_dato: datetime | None
    afbrud_haendelse_nummer: str | None
    kilde_leverandoer: str
    annullering: bool


@dataclass(frozen=True, slots=True)
class Kontakt:
    """A contact person with the midnight of the day of registration."""

    kontakt_navn: str
    kontakt_mail: str | None
    kontakt_telefon: str | None
    kontakt_registreringstid: datetime


@dataclass(frozen=True, slots=True)
class InstitutionKontakt:
    """An institution's contact person."""

    institution_nummer: str
    kontakt_navn: str
    kontakt_mail: str | None
    kontakt_telefon: str | None
    kontakt_registreringstid: datetime


@dataclass(frozen=True, slots=True)
class UngKontakt:
    """The youth's own mail and telephone, and where they come from."""

    kontakt_mail: str | None
    kontakt_telefon: str | None
    kontakt_kilde: str
    kontakt_registreringstid: datetime


@dataclass(frozen=True, slots=True)
class JobOnske:
    """A wish for a job."""

    job_onsker: str
    job_registreringstid: datetime


@dataclass(frozen=True, slots=True)
class UddannelsesOnske:
    """A wish for an education."""

    uddannelses_onsker: str
    uddannelse_registreringstid: datetime


@dataclass(frozen=True, slots=True)
class KontaktJobOgUddannelsesonsker:
    """What one kommune has registered."""

    kommune_institution_nummer: str
    kommune_kontakt: Kontakt | None
    job_onsker: tuple[JobOnske, ...]
    uddannelses_onsker: tuple[UddannelsesOnske, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HaendelserUng:
    """One youth and what is told of that youth."""

    cprnr: str
    afsluttet_uddannelses_niveau: str | None = None
    ung_har_uddannelsespaalaeg: bool | None = None
    haendelse_uddannelses_forloeb: tuple[UddannelsesHaendelse, ...] = ()
    haendelse_jobcenter_forloeb: tuple[JobcenterHaendelse, ...] = ()
    haendelse_beskaeftigelses_forloeb: tuple[BeskaeftigelsesHaendelse, ...] = ()
    haendelse_social_ydelse: tuple[SocialYdelse, ...] = ()
    haendelse_uddannelsespaalaeg: tuple[Uddannelsespaalaeg, ...] = ()
    haendelse_kontakt_tilbudstid: tuple[KontaktTilbudstid, ...] = ()
    kontakt_job_og_uddannelsesonsker: tuple[KontaktJobOgUddannelsesonsker, ...] = ()
    jobcenter_kontakt: Kontakt | None = None
    institution_kontakt: tuple[InstitutionKontakt, ...] = ()
    ung_kontakt: UngKontakt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HaendelserSvar:
    """Either ``fejl`` and nothing else, or the data."""

    fejl: tuple[Fejl, ...] = ()
    findes_flere_haendelser: bool | None = None
    hoejeste_haendelse_nummer: str | None = None
    haendelser_ung: tuple[HaendelserUng, ...] = ()
