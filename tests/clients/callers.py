"""Two SOAP clients that were not written here, each generated from the contract as the service serves it.

Both return plain values without the absent elements, so that one test can read them.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, Final, Protocol
from uuid import uuid4

import requests
import zeep
import zeep.exceptions
import zeep.helpers
from zeep.transports import Transport

from tests.support.certificates import Issued
from tests.support.endpoint import SOAP_12
from tests.support.programs import NODE
from tests.support.service import PATIENCE
from tests.support.world import KEY, SYSTEM
from udb.domain.services import SERVICES

NODE_CLIENT: Final = Path(__file__).with_name("soapclient.mjs")
DETAIL: Final = "ServiceFaultDetailer"


class Fault(Exception):
    """The service answered with a fault; ``detail``: its typed detail."""

    def __init__(self, detail: Any) -> None:
        super().__init__(str(detail))
        self.detail = detail


class Caller(Protocol):
    """A client of one SOAP version."""

    def invoke(self, service: str, operation: str, body: Any) -> Any:
        """Call an operation; return the answer's body. Raises Fault."""


def call(caller: Caller, service: str, operation: str, payload: Mapping[str, Any]) -> Any:
    """Call an operation in its envelope; return the payload of the answer. Raises Fault."""
    identifier = {"SystemName": "afprøver", "SystemTransactionID": str(uuid4())}
    answer = caller.invoke(service, operation, {"Identifier": identifier, "Message": {operation: payload}})
    assert answer["Identifier"] == identifier
    assert len(answer["CorrelationID"]) == 36
    return answer["Message"][f"{operation}Svar"]


class Zeep:
    """zeep, from Python."""

    def __init__(self, address: str, soap: str, wsse: Any = None) -> None:
        """Set up the client. ``wsse``: what signs every call."""
        session = requests.Session()
        # The environment may name a proxy, which cannot reach this machine's ports.
        session.trust_env = False
        session.auth = (SYSTEM, KEY)
        self._transport = Transport(session=session, timeout=PATIENCE, operation_timeout=PATIENCE)
        self._address = address
        self._soap = soap
        self._wsse = wsse
        self._clients: dict[str, zeep.Client] = {}

    def invoke(self, service: str, operation: str, body: Any) -> Any:
        """See Caller."""
        if service not in self._clients:
            self._clients[service] = zeep.Client(
                f"{self._address}{SERVICES[service].path}?wsdl", transport=self._transport, wsse=self._wsse
            )
        client = self._clients[service]
        try:
            answer = client.bind(f"{service}Service", f"{service}{self._soap}")[operation](**body)
        except zeep.exceptions.Fault as fault:
            typed = client.get_element(f"{{{SERVICES[service].namespace}}}{DETAIL}")
            raise Fault(_plain(typed.parse(fault.detail[0], client.wsdl.types))) from None
        return _plain(answer)


def _plain(value: Any) -> Any:
    return _present(zeep.helpers.serialize_object(value, dict))


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _present(item) for name, item in value.items() if item is not None and item != []}
    return [_present(item) for item in value] if isinstance(value, list) else value


class Node:
    """The npm package ``soap``, in a node process."""

    def __init__(self, process: "subprocess.Popen[str]", address: str, soap: str) -> None:
        self.trial = False
        """Whether a header requests a trial."""
        self._process = process
        self._address = address
        self._soap12 = soap == SOAP_12

    def invoke(self, service: str, operation: str, body: Any) -> Any:
        """See Caller."""
        wsdl = f"{self._address}{SERVICES[service].path}?wsdl"
        call = {"wsdl": wsdl, "soap12": self._soap12, "operation": operation, "input": body, "trial": self.trial}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the client ended with the error above"
        answer = json.loads(line)
        if "fault" in answer:
            assert answer["status"] in {400, 500} if self._soap12 else answer["status"] == 500
            fault = answer["fault"]
            raise Fault((fault["Detail"] if self._soap12 else fault["detail"])[DETAIL])
        return answer["result"]


@contextmanager
def node(modules: Path, address: str, soap: str, certificate: Issued | None = None) -> Iterator[Node]:
    """Yield a node client with the packages in ``modules``; with a certificate it signs every call."""
    signing = [] if certificate is None else [str(certificate.key_file), str(certificate.file)]
    command = [NODE, str(modules / NODE_CLIENT.name), SYSTEM, KEY, *signing]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        # Ends a read that would wait for ever.
        guard = Timer(PATIENCE, process.kill)
        guard.start()
        try:
            yield Node(process, address, soap)
        finally:
            guard.cancel()
            process.kill()
