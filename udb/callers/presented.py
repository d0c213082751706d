"""The certificate a caller presented: in TLS to gunicorn itself, or to a proxy that hands it on (RFC 9440)."""

import base64
import binascii
from collections.abc import Collection, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, Final

from udb.domain.errors import NotAuthenticated

Network = IPv4Network | IPv6Network

HEADER: Final = "HTTP_CLIENT_CERT"
_SOCKET: Final = "gunicorn.socket"
_MARK: Final = ":"
"""The colon around a byte sequence of a structured field (RFC 9651, 3.3.5)."""


def presented(environ: Mapping[str, Any], proxies: Collection[Network]) -> bytes | None:
    """Return the certificate (DER) of a request's caller, None without one.

    A request from one of ``proxies`` counts by its header alone, since the proxy's own TLS certificate is not the
    caller's. From any other address the header is ignored, since the caller can make it up. Raises NotAuthenticated for
    a malformed header.
    """
    if _is_from(environ, proxies):
        header = environ.get(HEADER)
        return None if header is None else _decoded(str(header))
    shown = getattr(environ.get(_SOCKET), "getpeercert", None)
    return (shown(binary_form=True) or None) if shown else None


def _is_from(environ: Mapping[str, Any], proxies: Collection[Network]) -> bool:
    try:
        address = ip_address(str(environ.get("REMOTE_ADDR") or ""))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in network for network in proxies)


def _decoded(header: str) -> bytes:
    value = header.strip()
    inner = value[1:-1]
    try:
        if len(value) < len(_MARK) * 2 or value != f"{_MARK}{inner}{_MARK}":
            raise ValueError
        return base64.b64decode(inner, validate=True)
    except (ValueError, binascii.Error):
        details = "Proxyen har ikke sendt certifikatet som RFC 9440 foreskriver: Client-Cert: :base64 af DER:"
        raise NotAuthenticated(credentials_sent=True, details=details) from None
