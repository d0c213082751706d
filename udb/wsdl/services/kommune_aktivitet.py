"""IndberetningKommuneAktivitet (contract 4.2)."""

from typing import Any

from udb.domain.services import KOMMUNE_AKTIVITET, SERVICES
from udb.wsdl.endpoint.operation import indberetning, operation, perform, soap_service
from udb.wsdl.models.receipts import IndberetningKommuneAktivitetSvarType
from udb.wsdl.models.reports import IndberetningKommuneAktivitetType

SERVICE = SERVICES[KOMMUNE_AKTIVITET]


@operation(SERVICE, SERVICE.name, IndberetningKommuneAktivitetType, IndberetningKommuneAktivitetSvarType)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
