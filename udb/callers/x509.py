"""Certificates as files and as bytes: the fields that the service uses (contract 7)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from udb.domain.errors import WrongUse

SHORTEST_KEY: Final = 2048
"""Bits of an RSA key."""
LONGEST: Final = 16 * 1024
"""Bytes of a certificate; those of real organisations have about two thousand."""
_PEM: Final = b"-----BEGIN"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The fields of a certificate. ``fingerprint``: SHA-256 of its DER bytes, hexadecimal."""

    fingerprint: str
    subject: str
    valid_from: datetime
    valid_to: datetime
    key_bits: int
    """Bits of its RSA key; 0 for another kind of key."""


class Unreadable(ValueError):
    """The bytes are no X.509 certificate."""


def fingerprint(der: bytes) -> str:
    """Return the fingerprint that identifies a certificate (SHA-256, hexadecimal)."""
    return hashlib.sha256(der).hexdigest()


def load(data: bytes) -> x509.Certificate:
    """Return a certificate from PEM (the first in it) or DER. Raises Unreadable."""
    if len(data) > LONGEST:
        raise Unreadable
    try:
        return x509.load_pem_x509_certificate(data) if _PEM in data else x509.load_der_x509_certificate(data)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise Unreadable from None


def read(data: bytes) -> Certificate:
    """Return the fields of a certificate, PEM or DER. Raises Unreadable."""
    found = load(data)
    try:
        key = found.public_key()
    except (ValueError, UnsupportedAlgorithm):
        key = None
    try:
        return Certificate(
            fingerprint=fingerprint(found.public_bytes(Encoding.DER)),
            subject=found.subject.rfc4514_string(),
            valid_from=found.not_valid_before_utc,
            valid_to=found.not_valid_after_utc,
            key_bits=key.key_size if isinstance(key, RSAPublicKey) else 0,
        )
    except (ValueError, TypeError):
        # The library raises ValueError for a subject's lengths and TypeError for its kinds of string.
        raise Unreadable from None


def read_usable(data: bytes) -> Certificate:
    """Read a certificate that is to be registered. Raises WrongUse for one that no caller can sign with."""
    try:
        found = read(data)
    except Unreadable:
        raise WrongUse("The file is not an X.509 certificate in PEM or DER.") from None
    if found.key_bits < SHORTEST_KEY:
        raise WrongUse(f"The certificate has no RSA key of at least {SHORTEST_KEY} bits.")
    return found
