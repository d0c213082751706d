"""spyne's SOAP protocols with our own parts: hardened parsing, the schema as gatekeeper, the compiled codec."""

import logging
from collections.abc import Iterator
from typing import Any, Final

from spyne import Application
from spyne.protocol.soap import Soap11, Soap12

from udb.services import Service
from udb.wsdl import codec, faults, schema
from udb.wsdl.envelope import open_envelope
from udb.wsdl.faults import ServiceFault
from udb.wsdl.models.envelope import PING
from udb.wsdl.parse import parse
from udb.wsdl.soap import CLOSING, SOAP11, SOAP12, Version, opening
from udb.wsdl.translate import as_fault

PIECE: Final = 8 * 1024
"""About so many characters of an answer are made into bytes at a time: a short answer all at once."""


class _Hardened:
    """The parts, for either version. Whatever is wrong with a request is raised as ServiceFault.

    spyne calls these methods in the order in which they stand here. References (href), ``xsi:type`` and attachments are
    left out on purpose: document/literal has no use for them.
    """

    version: Version

    def __init__(self, service: Service) -> None:
        super().__init__()
        self.service = service

    def create_in_document(self, ctx: Any, charset: str | None = None) -> None:
        """Bytes to tree. ``charset``: that of Content-Type."""
        ctx.in_document = parse(b"".join(ctx.in_string), charset)

    def decompose_incoming_envelope(self, ctx: Any, _message: str = "") -> None:
        """Tree to headers and the one element of Body."""
        envelope = open_envelope(ctx.in_document, self.version)
        ctx.in_header_doc = list(envelope.headers)
        ctx.in_body_doc = envelope.payload
        ctx.method_request_string = envelope.payload.tag

    def get_call_handles(self, ctx: Any) -> list[Any]:
        """The operation whose request element this is, namespace included. Raises UDB009109."""
        found: list[Any] = self.app.interface.service_method_map.get(ctx.method_request_string, [])  # type: ignore[attr-defined]  # spyne has no types
        if not found:
            names = ", ".join(f"{name}Request" for name in (*self.service.operations, PING))
            details = f"{self.service.name} tager imod {names} i navnerummet {self.service.namespace}."
            raise ServiceFault(faults.NO_SUCH_OPERATION, details)
        return found

    def deserialize(self, ctx: Any, message: str) -> None:
        """Element to object, by way of the schema. Raises IPL000002."""
        found = schema.violations(self.service.name, ctx.in_body_doc)
        if found:
            raise ServiceFault(faults.NOT_VALID, "\n".join(found))
        try:
            ctx.in_object = codec.reader(ctx.descriptor.in_message)(ctx.in_body_doc)
        except codec.Unreadable as value:
            details = f"Linje {value.line}: {value.name}: værdien ligger uden for det, der kan gemmes."
            raise ServiceFault(faults.NOT_VALID, details) from None

    def serialize(self, ctx: Any, message: str) -> None:
        """Nothing: the answer goes from object straight to bytes."""

    def create_out_string(self, ctx: Any, _charset: str | None = None) -> None:
        """Object to pieces of bytes."""
        ctx.out_string = self._pieces(ctx.descriptor.out_message, ctx.out_object[0])

    def _pieces(self, model: Any, answer: Any) -> Iterator[bytes]:
        held, size = [opening(self.version, self.service.namespace)], 0
        for piece in codec.block_writer(model, f"{codec.WRAPPER_PREFIX}:{model.Attributes.sub_name}")(answer):
            held.append(piece)
            size += len(piece)
            if size > PIECE:
                yield "".join(held).encode()
                held, size = [], 0
        held.append(CLOSING)
        yield "".join(held).encode()


class HardenedSoap11(_Hardened, Soap11):
    """SOAP 1.1."""

    version = SOAP11


class HardenedSoap12(_Hardened, Soap12):
    """SOAP 1.2."""

    version = SOAP12


PROTOCOLS: Final = {SOAP11: HardenedSoap11, SOAP12: HardenedSoap12}


class UdbApplication(Application):
    """One service in one SOAP version."""

    def __init__(self, service: Service, version: Version, functions: Any) -> None:
        protocol = PROTOCOLS[version]
        super().__init__(
            [functions],
            tns=service.namespace,
            name=service.name,
            in_protocol=protocol(service),
            out_protocol=protocol(service),
        )

    def call_wrapper(self, ctx: Any) -> Any:
        """Call the operation; an exception leaves as fault here, since spyne would put one of its own in its place."""
        try:
            return super().call_wrapper(ctx)
        except Exception as error:  # noqa: BLE001 - the last resort of every operation
            raise as_fault(error) from None


def silence_spyne() -> None:
    """Stop spyne's own loggers: they write whole requests and faults."""
    logger = logging.getLogger("spyne")
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
