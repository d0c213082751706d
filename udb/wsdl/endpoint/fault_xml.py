"""Write a fault in either SOAP version, and choose its HTTP status."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from udb.domain.clock import system_time
from udb.domain.services import UNKNOWN_SERVICE_NAMESPACE, Service
from udb.wsdl.faults import ServiceFault, SoapCode
from udb.wsdl.models.envelope import FAULT_DETAIL, fault_detail
from udb.wsdl.soap import DECLARATION, SOAP11, SOAP12, WRAPPER_PREFIX, Version
from udb.wsdl.xml.codec import writer
from udb.wsdl.xml.lexical import write_text

SOURCE: Final = "UDB"
SOAP11_STATUS: Final = 500


@dataclass(frozen=True, slots=True)
class _SourceSystemError:
    source_system_name: str
    error_code: str
    details: str


@dataclass(frozen=True, slots=True)
class _Detail:
    correlation_id: str
    timestamp: datetime
    error_code: str
    error_message: str
    details: str | None
    source_system_error: _SourceSystemError | None


def status(version: Version, fault: ServiceFault) -> int:
    """Return the HTTP status of a fault; over SOAP 1.1 it is 500 unless the fault has a status of its own."""
    if fault.status is not None:
        return int(fault.status)
    # SOAP 1.1 toolkits ignore the fault of an answer with another status.
    return SOAP11_STATUS if version is SOAP11 else int(fault.kind.soap_code.status12)


def document(version: Version, service: Service | None, correlation_id: str, fault: ServiceFault) -> bytes:
    """Return the whole answer in UTF-8; ``service`` is None for an unknown address."""
    namespace = service.namespace if service else UNKNOWN_SERVICE_NAMESPACE
    detail = _detail(namespace, correlation_id, fault)
    body = _soap11(fault, detail) if version is SOAP11 else _soap12(fault, detail)
    return (
        f'{DECLARATION}<soap:Envelope xmlns:soap="{version.namespace}">{_header(version, fault)}'
        f"<soap:Body><soap:Fault>{body}</soap:Fault></soap:Body></soap:Envelope>"
    ).encode()


def _detail(namespace: str, correlation_id: str, fault: ServiceFault) -> str:
    kind = fault.kind
    source = _SourceSystemError(SOURCE, kind.error_code, fault.details or kind.text) if kind.from_udb else None
    detail = _Detail(correlation_id, system_time(), kind.error_code, kind.text, fault.details, source)
    name = f"{WRAPPER_PREFIX}:{FAULT_DETAIL}"
    written = writer(fault_detail(namespace), name)(detail)
    return written.replace(f"<{name}>", f'<{name} xmlns:{WRAPPER_PREFIX}="{namespace}">', 1)


def _soap11(fault: ServiceFault, detail: str) -> str:
    kind = fault.kind
    return (
        f"<faultcode>soap:{kind.soap_code.soap11}</faultcode>"
        f"<faultstring>{write_text(fault.reason)}</faultstring><detail>{detail}</detail>"
    )


def _soap12(fault: ServiceFault, detail: str) -> str:
    kind = fault.kind
    return (
        f"<soap:Code><soap:Value>soap:{kind.soap_code.soap12}</soap:Value></soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="da">{write_text(fault.reason)}</soap:Text></soap:Reason>'
        f"<soap:Detail>{detail}</soap:Detail>"
    )


def _header(version: Version, fault: ServiceFault) -> str:
    """Return the Header that SOAP 1.2 requires with some faults (part 1, 5.4.7 and 5.4.8), or an empty string.

    It lists the SOAP versions that the service supports, or the headers that it does not understand.
    """
    if version is not SOAP12:
        return ""
    blocks = ""
    if fault.kind.soap_code is SoapCode.VERSION_MISMATCH:
        envelopes = "".join(
            f'<soap:SupportedEnvelope qname="e:Envelope" xmlns:e="{supported.namespace}"/>'
            for supported in (SOAP12, SOAP11)
        )
        blocks = f"<soap:Upgrade>{envelopes}</soap:Upgrade>"
    for namespace, name in fault.not_understood:
        quoted = write_text(namespace).replace('"', "&quot;")
        blocks += f'<soap:NotUnderstood qname="n:{name}" xmlns:n="{quoted}"/>'
    return f"<soap:Header>{blocks}</soap:Header>" if blocks else ""
