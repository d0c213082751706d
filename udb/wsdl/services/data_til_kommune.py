"""DataTilKommune (contract 5.1)."""

from typing import Any

from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES
from udb.wsdl.endpoint.operation import operation, perform, soap_service
from udb.wsdl.models.fetch import HaendelserSvarType, HentHaendelserType

SERVICE = SERVICES[DATA_TIL_KOMMUNE]


@operation(SERVICE, "HentHaendelser", HentHaendelserType, HaendelserSvarType)
def fetch(ctx: Any, request: Any) -> Any:
    """One request to its answer."""
    return perform(ctx, request, request.message.payload)


FUNCTIONS = soap_service(SERVICE, fetch=fetch)
