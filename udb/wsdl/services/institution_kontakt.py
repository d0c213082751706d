"""IndberetInstitutionKontakt (contract 4.3)."""

from typing import Any

from udb.domain.services import INSTITUTION_KONTAKT, SERVICES
from udb.wsdl.endpoint.operation import indberetning, operation, perform, soap_service
from udb.wsdl.models.other_reports import IndberetInstitutionKontaktType
from udb.wsdl.models.receipts import IndberetInstitutionKontaktSvarType

SERVICE = SERVICES[INSTITUTION_KONTAKT]


@operation(SERVICE, SERVICE.name, IndberetInstitutionKontaktType, IndberetInstitutionKontaktSvarType)
def report(ctx: Any, request: Any) -> Any:
    """One report to its receipt."""
    return perform(ctx, request, indberetning(SERVICE, request.message.payload))


FUNCTIONS = soap_service(SERVICE, report=report)
