"""HTTPS in gunicorn: the service's certificate, and the CAs whose certificates callers may present (contract 7)."""

import select
import ssl
import time
from collections.abc import Callable
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
        "ssl_context": _once(lambda: context(settings)),
    }


def context(settings: Settings) -> ssl.SSLContext:
    """Return the TLS context: TLS 1.2 or later. Raises WrongUse for unusable files.

    A caller's certificate is optional in the handshake: Ping and the contract need none, and any other call without one
    is answered with a fault instead of a broken connection.
    """
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.sslsocket_class = _in_time(settings.modtagetid)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(str(settings.tls_certifikat), str(settings.tls_noegle))
        if settings.tls_klient_ca is not None:
            made.load_verify_locations(str(settings.tls_klient_ca))
            made.verify_mode = ssl.CERT_OPTIONAL
    except OSError as error:
        raise WrongUse(f"A file for HTTPS cannot be used: {error.strerror or error}") from None
    return made


def _in_time(seconds: float) -> type[ssl.SSLSocket]:
    """Return a socket class whose handshake ends within so many seconds; else it could keep a thread for ever."""

    class InTime(ssl.SSLSocket):
        def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's own
            end = time.monotonic() + seconds
            before = self.gettimeout()
            self.settimeout(0)
            while True:
                left = max(0.0, end - time.monotonic())
                try:
                    super().do_handshake(block)
                    break
                except ssl.SSLWantReadError:
                    is_ready = select.select([self], [], [], left)[0]
                except ssl.SSLWantWriteError:
                    is_ready = select.select([], [self], [], left)[1]
                if not is_ready:
                    # gunicorn treats this error as a connection that the caller has closed.
                    raise ssl.SSLError(ssl.SSL_ERROR_EOF, "no handshake in time")
            self.settimeout(before)

    return InTime


def _once(make: Callable[[], ssl.SSLContext]) -> Callable[[Any, Any], ssl.SSLContext]:
    """Return gunicorn's ``ssl_context`` hook; it makes the context once instead of for every connection."""
    made: list[ssl.SSLContext] = []

    def given(_conf: Any, _factory: Any) -> ssl.SSLContext:
        if not made:
            made.append(make())
        return made[0]

    return given
