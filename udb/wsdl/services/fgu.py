"""IndberetningForberedendeGrundUddannelse (contract 4.2)."""

from typing import Any

from udb.domain.services import FGU, SERVICES
from udb.wsdl.endpoint.operation import indberetning, operation, perform, soap_service
from udb.wsdl.models.receipts import IndberetningForberedendeGrundUddannelseSvarType
from udb.wsdl.models.reports import IndberetningForberedendeGrundUddannelseType

SERVICE = SERVICES[FGU]


@operation(
    SERVICE, SERVICE.name, IndberetningForberedendeGrundUddannelseType, IndberetningForberedendeGrundUddannelseSvarType
)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
