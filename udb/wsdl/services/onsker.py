"""IndberetningOnsker (contract 4.3)."""

from typing import Any

from udb.services import ONSKER, SERVICES
from udb.wsdl.models.other_reports import IndberetningOnskerType
from udb.wsdl.models.receipts import IndberetningOnskerSvarType
from udb.wsdl.operation import indberetning, operation, perform, soap_service

SERVICE = SERVICES[ONSKER]


@operation(SERVICE, SERVICE.name, IndberetningOnskerType, IndberetningOnskerSvarType)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
