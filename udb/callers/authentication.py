"""Authentication of the calling system: by certificate, and in the sandbox by HTTP Basic too (contract 7)."""

import base64
import binascii
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine

from udb.callers import certificates, systems, x509
from udb.callers.certificates import Registered
from udb.callers.presented import Network, presented
from udb.domain.call import Caller
from udb.domain.clock import system_time, time_in_words
from udb.domain.errors import NotAuthenticated

_LONGEST_HEADER: Final = 1000


def authenticate(
    database: Connection | Engine, environ: Mapping[str, Any], *, sandbox: bool, proxies: Collection[Network]
) -> Caller:
    """Return the calling system, from a WSGI environ, by one query. Raises NotAuthenticated."""
    key = environ.get("HTTP_AUTHORIZATION")
    if sandbox and key:
        return Caller(_by_key(database, key))
    der = presented(environ, proxies)
    if der is not None:
        return _by_certificate(database, der)
    raise NotAuthenticated(
        credentials_sent=bool(key),
        details=None if sandbox else "Systemer godkendes her med klientcertifikat (mTLS), ikke med nøgle.",
        sandbox=sandbox,
        without_certificate=True,
    )


def _by_key(database: Connection | Engine, header: str) -> str:
    """Return the id of the calling system, from the ``Authorization`` header."""
    system_id, key = _credentials(header)
    if not systems.verify(database, system_id, key):
        raise NotAuthenticated(credentials_sent=True)
    return system_id


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic" or len(header) > _LONGEST_HEADER:
        raise NotAuthenticated(credentials_sent=True)
    try:
        # A NUL would end the text for the database.
        decoded = base64.b64decode(encoded.strip(), validate=True).decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    except (binascii.Error, ValueError):
        raise NotAuthenticated(credentials_sent=True) from None
    system_id, colon, key = decoded.partition(":")
    if not colon:
        raise NotAuthenticated(credentials_sent=True)
    return system_id, key


def _by_certificate(database: Connection | Engine, der: bytes) -> Caller:
    fingerprint = x509.fingerprint(der)
    found = certificates.find(database, fingerprint)
    refused = refusal(found, system_time())
    if found is None or refused is not None:
        raise NotAuthenticated(credentials_sent=True, details=f"{refused} Certifikatets fingeraftryk: {fingerprint}.")
    return Caller(found.system_id, fingerprint)


def refusal(found: Registered | None, now: datetime) -> str | None:
    """Return why a certificate may not be used at ``now``, in Danish; None: it may."""
    if found is None:
        return "Certifikatet er ikke registreret til noget system. Send det til Ungedatabasens drift."
    if found.system_blocked:
        return "Systemet er spærret."
    if found.blocked is not None:
        return "Certifikatet er spærret. Brug et andet af systemets certifikater."
    if now < found.valid_from:
        return f"Certifikatet gælder først fra {time_in_words(found.valid_from)}."
    if now > found.valid_to:
        return f"Certifikatet udløb {time_in_words(found.valid_to)}. Brug systemets nye certifikat."
    return None
