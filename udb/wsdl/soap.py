"""The two SOAP versions: their differences on the wire, and the envelope around an answer."""

from dataclasses import dataclass
from typing import Final

from udb.domain.services import PAYLOAD_NAMESPACE

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
WRAPPER_PREFIX: Final = "ipl"
PAYLOAD_PREFIX: Final = "v1"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SECURITY: Final = f"{{{WSSE}}}Security"
"""The header of WS-Security."""
TRIAL_NAME: Final = "KunValidering"
TRIAL: Final = f"{{{PAYLOAD_NAMESPACE}}}{TRIAL_NAME}"
"""The header that makes a report a trial."""


@dataclass(frozen=True, slots=True)
class Version:
    """One SOAP version."""

    number: str
    namespace: str
    media_type: str
    role_attribute: str
    roles: frozenset[str]
    """The roles of a header that is meant for this service; the empty string is a header without a role."""

    @property
    def content_type(self) -> str:
        """The Content-Type of an answer."""
        return f"{self.media_type}; charset=utf-8"

    def tag(self, name: str) -> str:
        """Return the name that lxml uses for an element or attribute of the envelope: ``{namespace}name``."""
        return f"{{{self.namespace}}}{name}"


SOAP11: Final = Version(
    "1.1",
    "http://schemas.xmlsoap.org/soap/envelope/",
    "text/xml",
    "actor",
    frozenset({"", "http://schemas.xmlsoap.org/soap/actor/next"}),
)
_ROLE12 = "http://www.w3.org/2003/05/soap-envelope/role"
SOAP12: Final = Version(
    "1.2",
    "http://www.w3.org/2003/05/soap-envelope",
    "application/soap+xml",
    "role",
    frozenset({"", f"{_ROLE12}/next", f"{_ROLE12}/ultimateReceiver"}),
)
VERSIONS: Final = (SOAP11, SOAP12)


def opening(version: Version, namespace: str) -> str:
    """Return the text before the response element; ``namespace`` is the service's."""
    return (
        f'{DECLARATION}<soap:Envelope xmlns:soap="{version.namespace}" xmlns:{WRAPPER_PREFIX}="{namespace}"'
        f' xmlns:{PAYLOAD_PREFIX}="{PAYLOAD_NAMESPACE}"><soap:Body>'
    )


CLOSING: Final = "</soap:Body></soap:Envelope>"
