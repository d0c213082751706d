"""IndberetningOnsker (contract 4.3)."""

from typing import Any

from udb.domain.services import ONSKER, SERVICES
from udb.wsdl.endpoint.operation import indberetning, operation, perform, soap_service
from udb.wsdl.models.other_reports import IndberetningOnskerType
from udb.wsdl.models.receipts import IndberetningOnskerSvarType

SERVICE = SERVICES[ONSKER]


@operation(SERVICE, SERVICE.name, IndberetningOnskerType, IndberetningOnskerSvarType)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
