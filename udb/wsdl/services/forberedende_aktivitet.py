"""IndberetningForberedendeAktivitet (contract 4.2)."""

from typing import Any

from udb.domain.services import FORBEREDENDE_AKTIVITET, SERVICES
from udb.wsdl.endpoint.operation import indberetning, operation, perform, soap_service
from udb.wsdl.models.receipts import IndberetningForberedendeAktivitetSvarType
from udb.wsdl.models.reports import IndberetningForberedendeAktivitetType

SERVICE = SERVICES[FORBEREDENDE_AKTIVITET]


@operation(SERVICE, SERVICE.name, IndberetningForberedendeAktivitetType, IndberetningForberedendeAktivitetSvarType)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
