"""IndberetningUngdomsuddannelse (contract 4.2)."""

from typing import Any

from udb.domain.services import SERVICES, UNGDOMSUDDANNELSE
from udb.wsdl.endpoint.operation import indberetning, operation, perform, soap_service
from udb.wsdl.models.receipts import IndberetningUngdomsuddannelseSvarType
from udb.wsdl.models.reports import IndberetningUngdomsuddannelseType

SERVICE = SERVICES[UNGDOMSUDDANNELSE]


@operation(SERVICE, SERVICE.name, IndberetningUngdomsuddannelseType, IndberetningUngdomsuddannelseSvarType)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
