"""IndberetningKontaktperson (contract 4.3)."""

from typing import Any

from udb.domain.services import KONTAKTPERSON, SERVICES
from udb.wsdl.endpoint.operation import indberetning, operation, perform, soap_service
from udb.wsdl.models.other_reports import IndberetningKontaktpersonType
from udb.wsdl.models.receipts import IndberetningKontaktpersonSvarType

SERVICE = SERVICES[KONTAKTPERSON]


@operation(SERVICE, SERVICE.name, IndberetningKontaktpersonType, IndberetningKontaktpersonSvarType)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
