"""A small time-stamp authority (RFC 3161): a CA, a certificate, and an HTTP server that signs what it is sent."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "1.2.3.4.1"
SHA256 = {"algorithm": "sha256"}


class Tsa:
    """An authority with keys of its own. ``now``: the time that it signs."""

    def __init__(self) -> None:
        self.key, root_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.root = _certificate("Afprøvningens CA", root_key, "Afprøvningens CA", root_key, is_ca=True)
        self.certificate = _certificate(
            "Afprøvningens tidsstempler", self.key, "Afprøvningens CA", root_key, is_ca=False
        )
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.asked = 0

    def ca_file(self, folder: Path) -> Path:
        """Write the CA to a file."""
        file = folder / "tsa-ca.pem"
        file.write_bytes(self.root.public_bytes(Encoding.PEM))
        return file

    def answer(self, query: bytes) -> bytes:
        """Return the answer to a query, both DER."""
        self.asked += 1
        asked = tsp.TimeStampReq.load(query)
        info = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": self.asked,
            "gen_time": self.now().replace(microsecond=0),
            "nonce": asked["nonce"],
        }
        return self.signed(tsp.TSTInfo(info).dump())

    def signed(self, info: bytes) -> bytes:
        """Return an answer with that content."""
        own = asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER))
        own_id = tsp.ESSCertIDv2({"cert_hash": sha256(own.dump()).digest()})
        attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute({"type": "message_digest", "values": [sha256(info).digest()]}),
                cms.CMSAttribute(
                    {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [own_id]})]}
                ),
            ]
        )
        signer = {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
            "digest_algorithm": SHA256,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
        signed = {
            "version": "v3",
            "digest_algorithms": [SHA256],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
            "certificates": [own],
            "signer_infos": [signer],
        }
        token = {"content_type": "signed_data", "content": cms.SignedData(signed)}
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


@cache
def tsa() -> Tsa:
    """Return the authority of this process."""
    return Tsa()


@contextmanager
def serving(answer: Callable[[bytes], bytes | None]) -> Iterator[str]:
    """Answer queries over HTTP while the block runs; yield the address. None: the connection is closed instead."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            found = answer(self.rfile.read(int(self.headers["Content-Length"])))
            if found is None:
                self.connection.close()
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey, *, is_ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=365 * 20))
        .not_valid_after(now + timedelta(days=365 * 20))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if not is_ca:
        stamps = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(stamps, critical=True)
    return builder.sign(by, hashes.SHA256())
