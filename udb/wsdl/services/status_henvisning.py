"""HentStatusHenvisning (contract 5.2)."""

from typing import Any

from udb.domain.services import SERVICES, STATUS_HENVISNING
from udb.wsdl.endpoint.operation import operation, perform, soap_service
from udb.wsdl.models.fetch import HentStatusHenvisningSvarType, HentStatusHenvisningType

SERVICE = SERVICES[STATUS_HENVISNING]


@operation(SERVICE, "HentStatusHenvisning", HentStatusHenvisningType, HentStatusHenvisningSvarType)
def fetch(ctx: Any, request: Any) -> Any:
    """One request to its answer."""
    return perform(ctx, request, request.message.payload)


FUNCTIONS = soap_service(SERVICE, fetch=fetch)
