"""Check the certificate of a signed request: its encoding, the signature's reference to it, its owner and validity."""

import base64
import binascii
from typing import Final

from udb.callers import x509
from udb.callers.x509 import SHORTEST_KEY
from udb.domain.text import Text
from udb.wsdl.signature import names
from udb.wsdl.signature.examined import Examined
from udb.wsdl.signature.reasons import NOTHING, Broken, Reason, same

_ID: Final = f"{{{names.WSU}}}Id"


def read_token(examined: Examined) -> Text:
    """Step: read the token, which must be exactly one certificate."""
    token = examined.token
    if token.get("ValueType") != names.X509V3:
        raise Broken(Reason.TOKEN_TYPE)
    if token.get("EncodingType", names.BASE64) != names.BASE64:
        raise Broken(Reason.TOKEN_ENCODING)
    try:
        examined.der = base64.b64decode("".join((token.text or "").split()), validate=True)
        examined.certificate = x509.read(examined.der)
    except (binascii.Error, ValueError):
        raise Broken(Reason.TOKEN_UNREADABLE) from None
    if len(token) or examined.certificate.fingerprint != x509.fingerprint(examined.der):
        raise Broken(Reason.TOKEN_UNREADABLE)
    return _fingerprint(examined)


def _fingerprint(examined: Examined) -> Text:
    fingerprint = examined.certificate.fingerprint
    return Text(f"fingeraftryk {fingerprint}", f"fingerprint {fingerprint}")


def check_key_info(examined: Examined) -> Text:
    """Step: check that the signature's KeyInfo refers to that token and to nothing else."""
    key_info = examined.signature[-1]
    if [child.tag for child in key_info] != [names.TOKEN_REFERENCE]:
        raise Broken(Reason.KEY_INFO)
    if [child.tag for child in key_info[0]] != [names.DIRECT_REFERENCE]:
        raise Broken(Reason.KEY_INFO)
    if key_info[0][0].get("URI") != f"#{examined.token.get(_ID)}":
        raise Broken(Reason.KEY_INFO_ELSEWHERE)
    return NOTHING


def check_certificate(examined: Examined) -> Text:
    """Step: check that the certificate is registered to the calling system, and not blocked."""
    found = examined.policy.known(examined.certificate.fingerprint)
    registered = _fingerprint(examined)
    if found is None or found.system_id != examined.policy.system_id:
        raise Broken(Reason.CERTIFICATE_UNKNOWN, registered)
    if found.blocked is not None:
        raise Broken(Reason.CERTIFICATE_BLOCKED, registered)
    return registered


def check_validity(examined: Examined) -> Text:
    """Step: check that the certificate is valid now, and its key long enough."""
    certificate, now = examined.certificate, examined.policy.now
    first, last = f"{certificate.valid_from:%Y-%m-%d %H:%M}", f"{certificate.valid_to:%Y-%m-%d %H:%M} UTC"
    valid = Text(f"{first} til {last}", f"{first} to {last}")
    if now < certificate.valid_from:
        raise Broken(Reason.CERTIFICATE_EARLY, valid)
    if now > certificate.valid_to:
        raise Broken(Reason.CERTIFICATE_OVER, valid)
    if certificate.key_bits < SHORTEST_KEY:
        raise Broken(Reason.KEY_WEAK, same(f"{certificate.key_bits} bits RSA"))
    return valid
