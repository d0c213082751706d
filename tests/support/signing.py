"""Signed requests that other programs made: zeep's, and requests made with the XML Security Library (xmlsec) in the
forms that other stacks send, kept as templates in ``tests/signed``.
"""

import textwrap
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import xmlsec
from lxml import etree
from zeep import ns
from zeep.wsse.signature import BinarySignature
from zeep.wsse.utils import WSU, get_security_header

from tests.support.certificates import Issued
from udb.domain.clock import system_time
from udb.paths import ROOT
from udb.wsdl.signature import names
from udb.wsdl.soap import SOAP12, Version

FORMS: Final = ("dotnet", "wcf", "wss4j", "wss4j-default")
Change = Callable[[etree._Element], None]


def nothing(_envelope: etree._Element) -> None:
    """Change nothing."""


def instant(moment: datetime) -> str:
    """Return a time as a Timestamp has it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def unsigned(
    form: str,
    body: str,
    certificate: Issued,
    version: Version = SOAP12,
    *,
    created: datetime | None = None,
    life: timedelta = timedelta(minutes=5),
    sha1: bool = False,
) -> etree._Element:
    """Return a form filled in; its digests and signature are empty."""
    created = created or system_time()
    token = "".join(certificate.file.read_text().splitlines()[1:-1])
    values = {
        "soap": version.namespace,
        "created": instant(created),
        "expires": instant(created + life),
        "token": token,
        "token_lines": "\n".join(textwrap.wrap(token, 76)),
        "signature_method": names.RSA_SHA1 if sha1 else names.RSA_SHA256,
        "digest_method": names.SHA1 if sha1 else names.SHA256,
        "body": body,
    }
    text = (ROOT / "tests" / "signed" / f"{form}.xml").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return etree.fromstring(text.encode())


def seal(envelope: etree._Element, certificate: Issued) -> etree._Element:
    """Fill in digests and signature, for the current content."""
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(str(certificate.key_file), xmlsec.constants.KeyDataFormatPem)
    for element in envelope.iter(etree.Element):
        if f"{{{names.WSU}}}Id" in element.attrib:
            context.register_id(element, "Id", names.WSU)
    (signature,) = envelope.iter(names.SIGNATURE)
    context.sign(signature)
    return envelope


def signed(
    form: str,
    body: str,
    certificate: Issued,
    version: Version = SOAP12,
    *,
    before: Change = nothing,
    after: Change = nothing,
    **more: Any,
) -> bytes:
    """Return a signed request; ``before`` changes it before the signing and ``after`` after it."""
    envelope = unsigned(form, body, certificate, version, **more)
    before(envelope)
    seal(envelope, certificate)
    after(envelope)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


class ZeepSignature(BinarySignature):  # type: ignore[misc]  # zeep has no types
    """zeep's own signature, with the timestamp that zeep leaves to its user."""

    def __init__(self, certificate: Issued) -> None:
        super().__init__(
            str(certificate.key_file),
            str(certificate.file),
            signature_method=xmlsec.constants.TransformRsaSha256,
            digest_method=xmlsec.constants.TransformSha256,
        )

    def apply(self, envelope: etree._Element, headers: Any) -> Any:
        created = system_time()
        timestamp = WSU.Timestamp(WSU.Created(instant(created)), WSU.Expires(instant(created + timedelta(minutes=5))))
        get_security_header(envelope).append(timestamp)
        return super().apply(envelope, headers)

    def verify(self, envelope: etree._Element) -> etree._Element:
        """Accept every answer: answers are not signed."""
        assert envelope.find(f".//{{{ns.DS}}}Signature") is None
        return envelope
