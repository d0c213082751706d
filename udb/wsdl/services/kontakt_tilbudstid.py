"""IndberetningKontaktTilbudstid (contract 4.3)."""

from typing import Any

from udb.domain.services import KONTAKT_TILBUDSTID, SERVICES
from udb.wsdl.endpoint.operation import indberetning, operation, perform, soap_service
from udb.wsdl.models.other_reports import IndberetningKontaktTilbudstidType
from udb.wsdl.models.receipts import IndberetningKontaktTilbudstidSvarType

SERVICE = SERVICES[KONTAKT_TILBUDSTID]


@operation(SERVICE, SERVICE.name, IndberetningKontaktTilbudstidType, IndberetningKontaktTilbudstidSvarType)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
