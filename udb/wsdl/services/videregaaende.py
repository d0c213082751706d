"""IndberetningVideregaaendeUddannelse (contract 4.2)."""

from typing import Any

from udb.domain.services import SERVICES, VIDEREGAAENDE
from udb.wsdl.endpoint.operation import indberetning, operation, perform, soap_service
from udb.wsdl.models.receipts import IndberetningVideregaaendeUddannelseSvarType
from udb.wsdl.models.reports import IndberetningVideregaaendeUddannelseType

SERVICE = SERVICES[VIDEREGAAENDE]


@operation(SERVICE, SERVICE.name, IndberetningVideregaaendeUddannelseType, IndberetningVideregaaendeUddannelseSvarType)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
