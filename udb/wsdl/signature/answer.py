"""Sign answers, if an operator has set it up: Body and a Timestamp, in the form that requests must have."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol, cast
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.signer import XMLSigner

from udb.callers import x509
from udb.domain.clock import system_time
from udb.domain.errors import WrongUse
from udb.wsdl.signature import names
from udb.wsdl.signature.limits import LIFE_SECONDS
from udb.wsdl.soap import Version

SignAnswer = Callable[[bytes, Version], bytes]
"""Take a whole answer and its SOAP version, and return the answer signed."""

_ID: Final = f"{{{names.WSU}}}Id"
_NAMES: Final = {"wsse": names.WSSE, "wsu": names.WSU}


class AnswerSettings(Protocol):
    """The settings that signing answers needs."""

    @property
    def svar_noegle(self) -> Path | None:
        """The file of the RSA key, in PEM."""
        ...

    @property
    def svar_certifikat(self) -> Path | None:
        """The file of the key's certificate, in PEM."""
        ...


def load(settings: AnswerSettings) -> SignAnswer | None:
    """Return the function that signs answers; None: answers are not signed. Raises WrongUse for unusable files."""
    key_file, certificate_file = settings.svar_noegle, settings.svar_certifikat
    if key_file is None and certificate_file is None:
        return None
    if key_file is None or certificate_file is None:
        raise WrongUse("Signed answers need both UDB_SVAR_NOEGLE and UDB_SVAR_CERTIFIKAT.")
    try:
        key = load_pem_private_key(key_file.read_bytes(), None)
        certificate = x509.load(certificate_file.read_bytes())
    except (OSError, ValueError, TypeError):
        raise WrongUse("UDB_SVAR_NOEGLE or UDB_SVAR_CERTIFIKAT is not a key or certificate in PEM.") from None
    if not isinstance(key, RSAPrivateKey) or key.public_key() != certificate.public_key():
        raise WrongUse("UDB_SVAR_NOEGLE is not the RSA key of UDB_SVAR_CERTIFIKAT.")
    der = certificate.public_bytes(Encoding.DER)
    return lambda answer, version: _signed(answer, version, key, der)


def _signed(answer: bytes, version: Version, key: RSAPrivateKey, der: bytes) -> bytes:
    root = etree.fromstring(answer)
    header = root.find(version.tag("Header"))
    if header is None:
        header = etree.Element(version.tag("Header"))
        root.insert(0, header)
    security = etree.SubElement(header, names.SECURITY, nsmap=_NAMES)
    timestamp = _timestamp(security, system_time())
    token = etree.SubElement(security, names.TOKEN, ValueType=names.X509V3, EncodingType=names.BASE64)
    token.text = base64.b64encode(der).decode()
    signed = [_named(element) for element in (root[-1], timestamp)]
    signer = XMLSigner(
        method=SignatureConstructionMethod.detached,
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    made = signer.sign(cast("Any", root), key=key, reference_uri=signed, key_info=cast("Any", _key_info(_named(token))))
    security.append(cast("Any", made))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _timestamp(security: etree._Element, now: datetime) -> etree._Element:
    timestamp = etree.SubElement(security, names.TIMESTAMP)
    for tag, moment in ((names.CREATED, now), (names.EXPIRES, now + timedelta(seconds=LIFE_SECONDS))):
        written = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        etree.SubElement(timestamp, tag).text = written
    return timestamp


def _named(element: etree._Element) -> str:
    """Set a new Id on an element and return the reference to it."""
    name = f"id-{uuid4()}"
    element.set(_ID, name)
    return f"#{name}"


def _key_info(token: str) -> etree._Element:
    key_info = etree.Element(names.KEY_INFO, nsmap={"ds": names.DS, "wsse": names.WSSE})
    reference = etree.SubElement(key_info, names.TOKEN_REFERENCE)
    etree.SubElement(reference, names.DIRECT_REFERENCE, URI=token, ValueType=names.X509V3)
    return key_info
