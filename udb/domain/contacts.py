"""Contacts and wishes of a youth as values (contract 5.1). Attribute names are those of ``udb.domain.elementer``."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Kontakt:
    """A contact person; ``kontakt_registreringstid`` is the midnight of the day of registration."""

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
    """The contact person and wishes that one kommune has registered."""

    kommune_institution_nummer: str
    kommune_kontakt: Kontakt | None
    job_onsker: tuple[JobOnske, ...]
    uddannelses_onsker: tuple[UddannelsesOnske, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YouthContacts:
    """All contacts and wishes that are registered about a youth."""

    kontakt_job_og_uddannelsesonsker: tuple[KontaktJobOgUddannelsesonsker, ...] = ()
    jobcenter_kontakt: Kontakt | None = None
    institution_kontakt: tuple[InstitutionKontakt, ...] = ()
    ung_kontakt: UngKontakt | None = None
