"""Target: any bytes as a certificate, and any header as the header in which a proxy passes it on (RFC 9440)."""

import base64
from ipaddress import ip_network
from typing import Final

from cryptography import x509 as library
from cryptography.hazmat.primitives.serialization import Encoding

from tests.fuzz.bounds import bounded
from tests.support.certificates import for_service, issued, unusual
from udb.callers import x509
from udb.callers.presented import HEADER, presented
from udb.domain.errors import NotAuthenticated, WrongUse

PROXY: Final = "192.0.2.1"
PROXIES: Final = (ip_network(f"{PROXY}/32"),)


def seeds() -> dict[str, bytes]:
    """Return by name: certificates in each form, and headers that are none."""
    found = {}
    for certificate in (issued("fuzz-til-headeren"), unusual("svag"), for_service()):
        name = certificate.file.stem
        found |= {
            f"{name}.der": certificate.der,
            f"{name}.pem": certificate.file.read_bytes(),
            f"{name}.header": certificate.header["Client-Cert"].encode(),
        }
    odd = ("", ":", "::", ":AAAA:", ":A:", ":æ:", " :AAAA: ", ":AAAA:;a=1", "AAAA", "-----BEGIN CERTIFICATE-----")
    return found | {f"odd-{number}": text.encode() for number, text in enumerate(odd)}


def run(data: bytes) -> None:
    """Read the input. Raises what the reader lets through besides its documented errors."""
    with bounded():
        _read(data)
        try:
            der = presented({"REMOTE_ADDR": PROXY, HEADER: data.decode("latin-1")}, PROXIES)
        except NotAuthenticated:
            return
        assert der is not None
        assert base64.b64encode(der) in data
        _read(der)
        assert presented({"REMOTE_ADDR": "192.0.2.2", HEADER: data.decode("latin-1")}, PROXIES) is None


def _read(data: bytes) -> None:
    try:
        found = x509.read(data)
    except x509.Unreadable:
        found = None
    try:
        usable = x509.read_usable(data)
    except WrongUse:
        assert found is None or found.key_bits < x509.SHORTEST_KEY
        return
    assert usable == found
    again = library.load_der_x509_certificate(x509.load(data).public_bytes(Encoding.DER))
    assert x509.read(again.public_bytes(Encoding.DER)) == found
