"""IndberetningUngdomsuddannelse (contract 4.2)."""

from typing import Any

from udb.services import SERVICES, UNGDOMSUDDANNELSE
from udb.wsdl.models.receipts import IndberetningUngdomsuddannelseSvarType
from udb.wsdl.models.reports import IndberetningUngdomsuddannelseType
from udb.wsdl.operation import indberetning, operation, perform, soap_service

SERVICE = SERVICES[UNGDOMSUDDANNELSE]


@operation(SERVICE, SERVICE.name, IndberetningUngdomsuddannelseType, IndberetningUngdomsuddannelseSvarType)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
