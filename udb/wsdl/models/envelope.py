"""The wrapper elements of a service: request, response, Ping and the fault's detail (contract 2, 3)."""

from functools import cache
from typing import Any

from spyne import ComplexModel, DateTime, Unicode

from udb.domain import elementer as e
from udb.domain.services import PAYLOAD_NAMESPACE, Service
from udb.wsdl.models import simple as s
from udb.wsdl.models.base import Members, one, optional

PING = "Ping"
FAULT_DETAIL = "ServiceFaultDetailer"
PAYLOAD = "payload"
"""The attribute of ``Message`` that carries its one child."""


def request(service: Service, operation: str, payload: Any) -> Any:
    """Return the type of ``<Operation>Request``: Identifier, and Message with the payload."""
    message = _message(service, f"{operation}Request", operation, payload)
    return _wrapper(
        service, f"{operation}Request", (one(e.IDENTIFIER, _identifier(service, operation)), one(e.MESSAGE, message))
    )


def response(service: Service, operation: str, answer: Any) -> Any:
    """Return the type of ``<Operation>Response``: Identifier, CorrelationID, and Message with the answer."""
    return _wrapper(
        service,
        f"{operation}Response",
        (
            one(e.IDENTIFIER, _identifier(service, operation)),
            one(e.CORRELATION_ID, s.CorrelationIDType),
            one(e.MESSAGE, _message(service, f"{operation}Response", f"{operation}Svar", answer)),
        ),
    )


def ping_response(service: Service) -> Any:
    """Return the type of ``PingResponse``: the status, ``up`` or ``down``."""
    return _wrapper(service, f"{PING}Response", (one(e.STATUS, s.DriftStatusType),))


@cache
def fault_detail(namespace: str) -> Any:
    """Return the type of ``ServiceFaultDetailer`` in a namespace."""
    source = ComplexModel.produce(
        namespace=namespace,
        type_name=e.SOURCE_SYSTEM_ERROR,
        members=[one(e.SOURCE_SYSTEM_NAME, Unicode), one(e.ERROR_CODE, Unicode), one(e.DETAILS, Unicode)],
    )
    return ComplexModel.produce(
        namespace=namespace,
        type_name=FAULT_DETAIL,
        members=[
            one(e.CORRELATION_ID, s.CorrelationIDType),
            one(e.TIMESTAMP, DateTime),
            one(e.ERROR_CODE, s.ErrorCodeType),
            one(e.ERROR_MESSAGE, Unicode),
            optional(e.DETAILS, Unicode),
            optional(e.SOURCE_SYSTEM_ERROR, source),
        ],
    )


@cache
def _identifier(service: Service, operation: str) -> Any:
    return _wrapper(
        service,
        f"{operation}{e.IDENTIFIER}Type",
        (one(e.SYSTEM_NAME, s.SystemNameType), one(e.SYSTEM_TRANSACTION_ID, s.SystemTransactionIDType)),
    )


def _message(service: Service, wrapper: str, element: str, payload: Any) -> Any:
    child = payload.customize(min_occurs=1, max_occurs=1, nillable=False, sub_name=element, sub_ns=PAYLOAD_NAMESPACE)
    # Named as in the schema: of anonymous types under one element name KDSoap makes one class, and so loses answers.
    return _wrapper(service, f"{wrapper}{e.MESSAGE}Type", ((PAYLOAD, child),))


def _wrapper(service: Service, name: str, members: Members) -> Any:
    return ComplexModel.produce(namespace=service.namespace, type_name=name, members=members)
