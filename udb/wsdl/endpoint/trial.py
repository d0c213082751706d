"""Whether a report is a trial: judged and not stored.

A trial is requested by the query parameter ``kun-validering=1`` or by the SOAP header ``KunValidering``. No signature
covers the address, so a proxy that ends TLS could turn a signed report into a trial. Where signatures are required,
only the header counts; ``udb.wsdl.signature.signed_info`` refuses one that the signature does not cover.
"""

from collections.abc import Sequence
from typing import Final

from lxml import etree

from udb.domain.services import PAYLOAD_NAMESPACE, UNKNOWN_SERVICE_NAMESPACE, Service
from udb.settings import Settings
from udb.wsdl import faults
from udb.wsdl.endpoint.http import VALIDATE_ONLY
from udb.wsdl.faults import ServiceFault
from udb.wsdl.soap import TRIAL, TRIAL_NAME, Version

_VALUES: Final = {"true": True, "1": True, "false": False, "0": False}
_OURS: Final = (PAYLOAD_NAMESPACE, UNKNOWN_SERVICE_NAMESPACE.removesuffix("v1"))
"""The beginnings of the contract's namespaces."""


def refuse_at_fetch(service: Service, *, asked: bool) -> None:
    """Raise ServiceFault if a trial is requested (``asked``) of a service that takes no reports."""
    if asked and not service.reports:
        details = f"{VALIDATE_ONLY} og headeren {TRIAL_NAME} hører til indberetninger, ikke til hentninger."
        raise ServiceFault(faults.TRANSPORT, details)


def is_trial(
    headers: Sequence[etree._Element], version: Version, service: Service, settings: Settings, *, in_query: bool
) -> bool:
    """Return whether a call is a trial. ``headers``: its SOAP headers; ``in_query``: its address requests a trial.

    Raises ServiceFault wherever a trial might be meant and not understood: it would be stored as a report.
    """
    in_header = _in_header(headers, version)
    refuse_at_fetch(service, asked=in_header is True)
    if not in_query:
        return in_header is True
    if in_header is False:
        details = f"Adressen beder om en prøve med {VALIDATE_ONLY}, og headeren {TRIAL_NAME} siger false. Ret det ene."
        raise ServiceFault(faults.TRANSPORT, details)
    if in_header is None and (settings.kraever_signatur or not settings.sandbox):
        details = (
            f"{VALIDATE_ONLY} i adressen er ikke nok her, for ingen signatur dækker adressen. Send headeren "
            f"{TRIAL_NAME} ({PAYLOAD_NAMESPACE}) med true, og lad signaturen dække den."
        )
        raise ServiceFault(faults.TRANSPORT, details)
    return True


def _in_header(headers: Sequence[etree._Element], version: Version) -> bool | None:
    """Return the value of the header; None without one."""
    found = [header for header in headers if header.tag == TRIAL]
    if any(_is_misspelt(header) for header in headers):
        details = f"En header ligner {TRIAL_NAME} uden at være den. Den hedder {TRIAL_NAME} i {PAYLOAD_NAMESPACE}."
        raise ServiceFault(faults.TRANSPORT, details)
    if not found:
        return None
    header = found[0]
    place = f"Linje {header.sourceline}: {TRIAL_NAME}"
    if len(found) > 1:
        raise ServiceFault(faults.NOT_VALID, f"{place}: headeren må være der én gang.")
    if header.get(version.tag(version.role_attribute), "").strip() not in version.roles:
        raise ServiceFault(faults.NOT_VALID, f"{place}: headeren skal være til tjenesten selv, uden actor eller role.")
    value = _VALUES.get((header.text or "").strip()) if len(header) == 0 else None
    if value is None:
        raise ServiceFault(faults.NOT_VALID, f"{place}: værdien skal være true eller false.")
    return value


def _is_misspelt(header: etree._Element) -> bool:
    """Return whether a header may be meant to be this one: by its name anywhere, or any other one of the contract's."""
    if header.tag == TRIAL:
        return False
    name = etree.QName(header)
    folded = "".join(sign for sign in name.localname.casefold() if sign.isalnum())
    return folded == TRIAL_NAME.casefold() or (name.namespace or "").startswith(_OURS)
