"""DataTilInstitution (contract 5.2)."""

from typing import Any

from udb.domain.services import DATA_TIL_INSTITUTION, SERVICES
from udb.wsdl.endpoint.operation import operation, perform, soap_service
from udb.wsdl.models import fetch as f

SERVICE = SERVICES[DATA_TIL_INSTITUTION]


@operation(SERVICE, "HentUddannelsespaalaeg", f.HentUddannelsespaalaegType, f.HentUddannelsespaalaegSvarType)
def uddannelsespaalaeg(ctx: Any, request: Any) -> Any:
    """Whether a youth has an uddannelsespålæg."""
    return perform(ctx, request, request.message.payload)


@operation(SERVICE, "HentUdslusningstilskud", f.HentUdslusningstilskudType, f.HentUdslusningstilskudSvarType)
def udslusningstilskud(ctx: Any, request: Any) -> Any:
    """Whether a youth fulfils the conditions of the udslusningstilskud."""
    return perform(ctx, request, request.message.payload)


@operation(SERVICE, "HentMarkeringer", f.HentMarkeringerType, f.HentMarkeringerSvarType)
def markeringer(ctx: Any, request: Any) -> Any:
    """The kommunes' marks on the institution's youths."""
    return perform(ctx, request, request.message.payload)


FUNCTIONS = soap_service(
    SERVICE, uddannelsespaalaeg=uddannelsespaalaeg, udslusningstilskud=udslusningstilskud, markeringer=markeringer
)
