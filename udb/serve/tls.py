"""HTTPS in gunicorn: the service's certificate, and the CAs whose certificates callers may present (contract 7)."""

import ssl
from typing import Any

from udb.domain.errors import WrongUse
from udb.settings import Settings


def options(settings: Settings) -> dict[str, Any]:
    """Return gunicorn's settings for HTTPS; empty without a certificate. Raises WrongUse for unusable files."""
    if settings.tls_certifikat is None and settings.tls_noegle is None:
        if settings.tls_klient_ca is not None:
            raise WrongUse("Callers' certificates can be asked for over HTTPS only: give UDB_TLS_CERTIFIKAT too.")
        return {}
    if settings.tls_certifikat is None or settings.tls_noegle is None:
        raise WrongUse("HTTPS needs both UDB_TLS_CERTIFIKAT and UDB_TLS_NOEGLE (--certfile and --keyfile).")
    context(settings)
    return {
        "certfile": str(settings.tls_certifikat),
        "keyfile": str(settings.tls_noegle),
        # Read once by each worker.
        "ssl_context": lambda _conf, _factory: context(settings),
    }


def context(settings: Settings) -> ssl.SSLContext:
    """Return the TLS context: TLS 1.2 or later. Raises WrongUse for unusable files.

    A caller's certificate is optional in the handshake: Ping and the contract need none, and any other call without one
    is answered with a fault instead of a broken connection.
    """
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(str(settings.tls_certifikat), str(settings.tls_noegle))
        if settings.tls_klient_ca is not None:
            made.load_verify_locations(str(settings.tls_klient_ca))
            made.verify_mode = ssl.CERT_OPTIONAL
    except OSError as error:
        raise WrongUse(f"A file for HTTPS cannot be used: {error.strerror or error}") from None
    return made
