"""The contract's operations except Ping: the service of each, its request type and its answer type."""

from typing import Any, Final, NamedTuple

from udb.domain.services import (
    DATA_TIL_DFDG,
    DATA_TIL_INSTITUTION,
    DATA_TIL_KOMMUNE,
    FGU,
    FORBEREDENDE_AKTIVITET,
    INSTITUTION_KONTAKT,
    JOBCENTER,
    KOMMUNE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    KONTAKTPERSON,
    ONSKER,
    STATUS_HENVISNING,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)
from udb.wsdl.models import fetch as f
from udb.wsdl.models import other_reports as o
from udb.wsdl.models import receipts as r
from udb.wsdl.models import reports as i


class Operation(NamedTuple):
    """One row: an operation of a service, with the types of its payload and of its answer."""

    service: str
    name: str
    request: Any
    answer: Any


def _report(service: str, request: Any, answer: Any) -> Operation:
    """Return the row of a report service: its only operation has the service's name."""
    return Operation(service, service, request, answer)


OPERATIONS: Final = (
    # Contract 4.2.
    _report(UNGDOMSUDDANNELSE, i.IndberetningUngdomsuddannelseType, r.IndberetningUngdomsuddannelseSvarType),
    _report(FGU, i.IndberetningForberedendeGrundUddannelseType, r.IndberetningForberedendeGrundUddannelseSvarType),
    _report(
        FORBEREDENDE_AKTIVITET, i.IndberetningForberedendeAktivitetType, r.IndberetningForberedendeAktivitetSvarType
    ),
    _report(VIDEREGAAENDE, i.IndberetningVideregaaendeUddannelseType, r.IndberetningVideregaaendeUddannelseSvarType),
    _report(KOMMUNE_AKTIVITET, i.IndberetningKommuneAktivitetType, r.IndberetningKommuneAktivitetSvarType),
    # Contract 4.3.
    _report(KONTAKT_TILBUDSTID, o.IndberetningKontaktTilbudstidType, r.IndberetningKontaktTilbudstidSvarType),
    _report(KONTAKTPERSON, o.IndberetningKontaktpersonType, r.IndberetningKontaktpersonSvarType),
    _report(ONSKER, o.IndberetningOnskerType, r.IndberetningOnskerSvarType),
    _report(INSTITUTION_KONTAKT, o.IndberetInstitutionKontaktType, r.IndberetInstitutionKontaktSvarType),
    _report(JOBCENTER, o.IndberetningJobcenterType, r.IndberetningJobcenterSvarType),
    # Contract 5.1.
    Operation(DATA_TIL_KOMMUNE, "HentHaendelser", f.HentHaendelserType, f.HaendelserSvarType),
    Operation(DATA_TIL_DFDG, "HentHaendelserDFDG", f.HentHaendelserDFDGType, f.HaendelserSvarType),
    # Contract 5.2.
    Operation(
        DATA_TIL_INSTITUTION,
        "HentUddannelsespaalaeg",
        f.HentUddannelsespaalaegType,
        f.HentUddannelsespaalaegSvarType,
    ),
    Operation(
        DATA_TIL_INSTITUTION,
        "HentUdslusningstilskud",
        f.HentUdslusningstilskudType,
        f.HentUdslusningstilskudSvarType,
    ),
    Operation(DATA_TIL_INSTITUTION, "HentMarkeringer", f.HentMarkeringerType, f.HentMarkeringerSvarType),
    Operation(STATUS_HENVISNING, "HentStatusHenvisning", f.HentStatusHenvisningType, f.HentStatusHenvisningSvarType),
)
