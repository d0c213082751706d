"""The answer of HentHaendelser as values (contract 5.1).

Attribute names are those of ``udb.domain.elementer``; None is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from udb.domain.contacts import InstitutionKontakt, Kontakt, KontaktJobOgUddannelsesonsker, UngKontakt
from udb.domain.receipt import Fejl
from udb.hentning.page_row import PageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class HaendelserUng:
    """One youth: its visible fields, contacts and events, each event under the kind whose elements it has."""

    cprnr: str
    afsluttet_uddannelses_niveau: str | None = None
    ung_har_uddannelsespaalaeg: bool | None = None
    haendelse_uddannelses_forloeb: Sequence[PageRow] = ()
    haendelse_jobcenter_forloeb: Sequence[PageRow] = ()
    haendelse_beskaeftigelses_forloeb: Sequence[PageRow] = ()
    haendelse_social_ydelse: Sequence[PageRow] = ()
    haendelse_uddannelsespaalaeg: Sequence[PageRow] = ()
    haendelse_kontakt_tilbudstid: Sequence[PageRow] = ()
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
