"""The services' operations, including Ping, as spyne functions that pass each call to its use case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from spyne import ServiceBase, rpc
from spyne.service import ServiceMeta

from udb.access.constant_time import beginning, wait_for_step
from udb.context import Context
from udb.domain.call import Call, Caller, Delivery, nothing
from udb.domain.elementer import (
    ABONNEMENT,
    AKTIVITET,
    ATTRIBUTE,
    JOB_ONSKER,
    KONTAKTPERSON,
    UDDANNELSE,
    UDDANNELSES_ONSKER,
)
from udb.domain.errors import NoDataaftale
from udb.domain.haendelse import Indberetning
from udb.domain.services import SERVICES, Service
from udb.wsdl import record
from udb.wsdl.endpoint import receipts
from udb.wsdl.models import envelope
from udb.wsdl.services import OPERATIONS, Operation
from udb.wsdl.soap import Version

_GROUPS: Final = frozenset(ATTRIBUTE[group] for group in (UDDANNELSE, AKTIVITET, ABONNEMENT, KONTAKTPERSON))
_WISHES: Final = frozenset({ATTRIBUTE[JOB_ONSKER], ATTRIBUTE[UDDANNELSES_ONSKER]})

UNKNOWN_CALLER: Final = Caller("")
"""The caller before authentication."""


UseCase = Callable[[Context, Call, Any], Any]
"""Take the context, the call and its payload; return the answer's payload, or a ``udb.domain.call.Delivery`` around it.

The payload is a ``udb.domain.haendelse.Indberetning`` for reports, and for every other operation an object with the
request's elements as attributes, named as in ``udb.domain.elementer``. The answer is any object with its elements as
attributes of those names; None leaves an element out. A use case may raise ``udb.domain.errors.NoDataaftale`` and
``DatabaseUnavailable``.
"""


@dataclass(frozen=True, slots=True)
class Soap:
    """The parts that all calls of the SOAP layer share. ``sign_answer`` None: answers are not signed."""

    context: Context
    operations: Mapping[str, UseCase]
    sign_answer: Callable[[bytes, Version], bytes] | None = None


@dataclass(slots=True)
class Session:
    """The state of one call, from its first byte to the last byte of its answer."""

    soap: Soap
    service: Service
    correlation_id: str
    caller: Caller = UNKNOWN_CALLER
    operation: str = ""
    validate_only: bool = False
    noted: Mapping[str, Any] = field(default_factory=dict)
    """What the log line of the call says beside its status."""
    delivered: Callable[[], None] = nothing
    broken: Callable[[], None] = nothing

    @property
    def context(self) -> Context:
        """The worker's database, code sets and settings."""
        return self.soap.context


@dataclass(frozen=True, slots=True)
class SpyneContext:
    """The first argument of an operation's function: the one attribute of spyne's context that is used."""

    udc: Session


@dataclass(frozen=True, slots=True)
class _Message:
    payload: Any


@dataclass(frozen=True, slots=True)
class _Response:
    identifier: Any
    correlation_id: str
    message: _Message


@dataclass(frozen=True, slots=True)
class _PingResponse:
    status: str


def _soap_service(service: Service) -> Any:
    """Return the spyne service with its operations from the table, and Ping."""
    operations = {row.name: _function(service, row) for row in OPERATIONS if row.service == service.name}
    return ServiceMeta(service.name, (ServiceBase,), {**operations, "ping": _ping(service)})


def _function(service: Service, row: Operation) -> Any:
    """Return the spyne function of an operation; it takes and returns the elements around the payload too."""

    def carry_out(ctx: Any, request: Any) -> Any:
        payload = request.message.payload
        return _perform(ctx, request, _indberetning(service, payload) if service.reports else payload)

    # spyne distinguishes a service's functions by their names.
    carry_out.__name__ = row.name
    request = envelope.request(service, row.name, row.request)
    return _bare(service, row.name, envelope.response(service, row.name, row.answer), request)(carry_out)


def _perform(ctx: Any, request: Any, payload: Any) -> Any:
    """Pass a call to its use case and wrap the answer. A refusal for lack of a dataaftale waits for the next step."""
    session: Session = ctx.udc
    use_case = session.soap.operations[session.operation]
    record.note(institution_nummer=payload.institution_nummer)
    call = Call(
        correlation_id=session.correlation_id,
        system_id=session.caller.system_id,
        certificate=session.caller.certificate,
        service=session.service.name,
        operation=session.operation,
        institution_nummer=payload.institution_nummer,
        transaction_id=request.identifier.system_transaction_id,
        validate_only=session.validate_only,
    )
    began = beginning()
    try:
        answer = use_case(session.context, call, payload)
    except NoDataaftale:
        wait_for_step(began)
        raise
    if session.service.reports:
        session.noted = receipts.noted(session.context, call, answer)
    if isinstance(answer, Delivery):
        session.delivered, session.broken = answer.delivered, answer.broken
        answer = answer.payload
    return _Response(request.identifier, session.correlation_id, _Message(answer))


def _indberetning(service: Service, payload: Any) -> Indberetning:
    """Return a report as a plain value: groups of elements are flattened, and a list of wishes becomes their texts.

    The elements of an absent group keep their default values.
    """
    values = _flat(payload)
    for wishes in _WISHES & values.keys():
        values[wishes] = tuple(getattr(wish, wishes) for wish in values[wishes])
    return Indberetning(service=service.name, **values)


def _flat(group: Any) -> dict[str, Any]:
    values = dict(vars(group))
    for name in _GROUPS & values.keys():
        inner = values.pop(name)
        values |= _flat(inner) if inner is not None else {}
    return values


def _ping(service: Service) -> Any:
    def ping(ctx: Any) -> _PingResponse:
        return _PingResponse("up" if ctx.udc.context.ping() else "down")

    return _bare(service, envelope.PING, envelope.ping_response(service))(ping)


def _bare(service: Service, name: str, returns: Any, *takes: Any) -> Callable[[Any], Any]:
    decorated: Callable[[Any], Any] = rpc(
        *takes,
        _returns=returns,
        _body_style="bare",
        _in_message_name=f"{{{service.namespace}}}{name}Request",
        _out_message_name=f"{{{service.namespace}}}{name}Response",
    )
    return decorated


FUNCTIONS: Final[Mapping[str, Any]] = {name: _soap_service(service) for name, service in SERVICES.items()}
"""The spyne service of each service, by name."""
