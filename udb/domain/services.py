"""The services and operations of the contract (sections 4 and 5)."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its name in the address, its operations besides Ping, and whether it takes reports."""

    name: str
    operations: tuple[str, ...]
    reports: bool

    @property
    def namespace(self) -> str:
        """The namespace of its wrapper elements (contract 1)."""
        return f"http://ipl.stil.dk/services/udb/{self.name.lower()}/v1"

    @property
    def path(self) -> str:
        """The path at which it is called."""
        return f"{BASE_PATH}/{self.name}/{VERSION}"


BASE_PATH: Final = "/services/UDB"
VERSION: Final = "v1"
PAYLOAD_NAMESPACE: Final = "http://udb.stil.dk/v1"
UNKNOWN_SERVICE_NAMESPACE: Final = "http://ipl.stil.dk/services/udb/v1"

UNGDOMSUDDANNELSE: Final = "IndberetningUngdomsuddannelse"
FGU: Final = "IndberetningForberedendeGrundUddannelse"
FORBEREDENDE_AKTIVITET: Final = "IndberetningForberedendeAktivitet"
VIDEREGAAENDE: Final = "IndberetningVideregaaendeUddannelse"
KOMMUNE_AKTIVITET: Final = "IndberetningKommuneAktivitet"
KONTAKT_TILBUDSTID: Final = "IndberetningKontaktTilbudstid"
KONTAKTPERSON: Final = "IndberetningKontaktperson"
ONSKER: Final = "IndberetningOnsker"
INSTITUTION_KONTAKT: Final = "IndberetInstitutionKontakt"
JOBCENTER: Final = "IndberetningJobcenter"
DATA_TIL_KOMMUNE: Final = "DataTilKommune"
DATA_TIL_INSTITUTION: Final = "DataTilInstitution"
STATUS_HENVISNING: Final = "HentStatusHenvisning"
DATA_TIL_DFDG: Final = "DataTilDFDG"

EDUCATION: Final = frozenset({UNGDOMSUDDANNELSE, FGU, FORBEREDENDE_AKTIVITET, VIDEREGAAENDE})
"""The four services whose reports are education events (contract 4.2)."""

COMMON_HEAD: Final = EDUCATION | {KOMMUNE_AKTIVITET}
"""The services whose messages begin with the common head of contract 4.2."""

WITH_STATUS: Final = COMMON_HEAD | {JOBCENTER}
"""The services whose reports have a Status."""

WITH_ANNULLERING: Final = WITH_STATUS | {KONTAKT_TILBUDSTID}
"""The services whose messages have ``Annullering``."""

KOMMUNE_REPORTS: Final = frozenset({KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID, KONTAKTPERSON, ONSKER})
"""The services over which kommuner report."""

CONTACTS: Final = frozenset({KONTAKTPERSON, INSTITUTION_KONTAKT})
"""The services whose reports name a contact person."""

_REPORTS = (
    UNGDOMSUDDANNELSE,
    FGU,
    FORBEREDENDE_AKTIVITET,
    VIDEREGAAENDE,
    KOMMUNE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    KONTAKTPERSON,
    ONSKER,
    INSTITUTION_KONTAKT,
    JOBCENTER,
)
REPORTS: Final = frozenset(_REPORTS)

SERVICES: Final[dict[str, Service]] = {
    service.name: service
    for service in (
        *(Service(name, (name,), reports=True) for name in _REPORTS),
        Service(DATA_TIL_KOMMUNE, ("HentHaendelser",), reports=False),
        Service(
            DATA_TIL_INSTITUTION, ("HentUddannelsespaalaeg", "HentUdslusningstilskud", "HentMarkeringer"), reports=False
        ),
        Service(STATUS_HENVISNING, ("HentStatusHenvisning",), reports=False),
        Service(DATA_TIL_DFDG, ("HentHaendelserDFDG",), reports=False),
    )
}

ALL_SERVICES: Final = "alle"
"""The name in a dataaftale that means every service."""
