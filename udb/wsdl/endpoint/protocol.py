"""A service's operations, built from its spyne functions: find, read, carry out and write each of them.

spyne holds only the model. Calls do not pass through spyne's contexts, events and protocol objects, because these cost
each call as much as the schema validation does: the schema checks a request, and the compiled codec reads and writes.
References (href), ``xsi:type`` and attachments are left out on purpose: document/literal does not need them.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from spyne import Application
from spyne.protocol.soap import Soap11

from udb.domain.services import Service
from udb.wsdl import faults
from udb.wsdl.endpoint.operation import SpyneContext
from udb.wsdl.faults import ServiceFault
from udb.wsdl.models.envelope import PING
from udb.wsdl.soap import CLOSING, WRAPPER_PREFIX, Version, opening
from udb.wsdl.xml import codec, schema

PIECE: Final = 8 * 1024
"""An answer is encoded in pieces of about this many characters; a shorter one is encoded at once."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a service. Errors of a request are raised as ServiceFault."""

    name: str
    service: Service
    carry_out: Callable[[SpyneContext, Any], Any]
    """Takes a request that ``read`` returned, and returns the answer."""
    _reads: codec.Reader
    _writes: codec.BlockWriter

    def read(self, message: etree._Element) -> Any:
        """Check an element against the schema and return it as an object. Raises ServiceFault IPL000002."""
        found = schema.violations(self.service.name, message)
        if found:
            raise ServiceFault(faults.NOT_VALID, "\n".join(found))
        try:
            return self._reads(message)
        except codec.Unreadable as value:
            details = f"Linje {value.line}: {value.name}: den danske dato ligger uden for kalenderen; ret tidspunktet."
            raise ServiceFault(faults.NOT_VALID, details) from None

    def write(self, answer: Any, version: Version) -> Iterator[bytes]:
        """Yield the bytes of an answer object, with its envelope, in pieces."""
        held, size = [opening(version, self.service.namespace)], 0
        for piece in self._writes(answer):
            held.append(piece)
            size += len(piece)
            if size > PIECE:
                yield "".join(held).encode()
                held, size = [], 0
        held.append(CLOSING)
        yield "".join(held).encode()


class Operations:
    """All operations of a service."""

    def __init__(self, service: Service, functions: Any) -> None:
        """``functions``: the service's entry in ``udb.wsdl.endpoint.operation.FUNCTIONS``."""
        self._service: Final = service
        protocols = {"in_protocol": Soap11(), "out_protocol": Soap11()}
        application = Application([functions], tns=service.namespace, name=service.name, **protocols)
        self.described: Final[dict[str, Any]] = {
            tag: described for tag, (described,) in application.interface.service_method_map.items()
        }
        """spyne's description of each operation, by the name of its request element, namespace included."""
        self._by_tag: Final = {tag: _operation(service, of) for tag, of in self.described.items()}

    def of(self, message: etree._Element) -> Operation:
        """Return the operation whose request this is. Raises ServiceFault UDB009109."""
        found = self._by_tag.get(str(message.tag))
        if found is None:
            service = self._service
            names = ", ".join(f"{name}Request" for name in (*service.operations, PING))
            details = f"{service.name} tager imod {names} i navnerummet {service.namespace}."
            raise ServiceFault(faults.NO_SUCH_OPERATION, details)
        return found


def _operation(service: Service, described: Any) -> Operation:
    name, function, answer = str(described.name).removesuffix("Request"), described.function, described.out_message
    element = f"{WRAPPER_PREFIX}:{answer.Attributes.sub_name}"
    return Operation(
        name=name,
        service=service,
        carry_out=(lambda ctx, _: function(ctx)) if name == PING else function,
        _reads=codec.reader(described.in_message),
        _writes=_whole(codec.writer(answer, element)) if service.reports else codec.block_writer(answer, element),
    )


def _whole(write: codec.Writer) -> codec.BlockWriter:
    """Return a block writer that writes the answer in one piece: a receipt is too short to gain from pieces."""
    return lambda answer: iter((write(answer),))


def silence_spyne() -> None:
    """Turn off spyne's own loggers: they write whole requests and faults."""
    logger = logging.getLogger("spyne")
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
