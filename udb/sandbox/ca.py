"""A test certificate authority: organisation certificates like those of OCES, of no value outside tests.

The files of a folder: ``ca.pem`` (for those who must trust it), ``ca.key`` (keep it), and for each certificate
``NAME.pem``, ``NAME.key`` and ``NAME.p12``, which holds both for the toolkits that need them in one file.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from udb.domain.clock import system_time
from udb.domain.errors import FileUnusable

CA: Final = "ca"
SERVER: Final = "server"
P12_PASSWORD: Final = "udb"  # noqa: S105 - printed for the user of the file
"""Protects nothing: toolkits refuse a file without one."""
_CVR: Final = "99999993"
"""A CVR number that is not in use."""
_CA_DAYS: Final = 3650
_KEY_BITS: Final = 2048
_ALREADY: Final = timedelta(minutes=5)
"""How much earlier a certificate begins, since clocks differ."""


def make(folder: Path) -> bool:
    """Make the authority in a folder, unless it exists; return whether it was made. Raises UdbRefused."""
    if _file(folder, CA, "key").exists():
        return False
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnusable(f"The folder {folder} cannot be made: {error.strerror}.") from None
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    name = _name("Ungedatabasen, afprøvning", "CA til afprøvning")
    builder = (
        _builder(name, name, key, system_time(), _CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    _write(folder, CA, builder.sign(key, SHA256()), key)
    return True


def issue_server(folder: Path, hosts: Sequence[str], days: int) -> Path:
    """Issue a certificate for the service under these names and addresses; return its file. Raises UdbRefused."""
    names = x509.SubjectAlternativeName([_general(host) for host in hosts])
    return _issue(folder, SERVER, _name("Ungedatabasen", hosts[0]), days, names, ExtendedKeyUsageOID.SERVER_AUTH)


def issue_organisation(
    folder: Path, name: str, organisation: str, days: int, *, begins: datetime | None = None
) -> Path:
    """Issue an organisation certificate for the system ``name``; return its file. ``begins``: now by default.

    Raises UdbRefused when there is no authority.
    """
    subject = _name(organisation, name, f"UI:DK-O:G:{uuid.uuid4()}")
    return _issue(folder, name, subject, days, None, ExtendedKeyUsageOID.CLIENT_AUTH, begins)


def _issue(
    folder: Path,
    name: str,
    subject: x509.Name,
    days: int,
    names: x509.SubjectAlternativeName | None,
    purpose: x509.ObjectIdentifier,
    begins: datetime | None = None,
) -> Path:
    authority, authority_key = _authority(folder)
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    builder = (
        _builder(subject, authority.subject, key, begins or system_time(), days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
    )
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    made = builder.sign(authority_key, SHA256())
    _write(folder, name, made, key)
    _keep_secret(_file(folder, name, "p12"), _both(name, key, made, authority))
    return _file(folder, name, "pem")


def _both(name: str, key: rsa.RSAPrivateKey, made: x509.Certificate, authority: x509.Certificate) -> bytes:
    # Mono reads no newer algorithms than these, and Java, OpenSSL 3 and .NET read them too. They protect nothing here.
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(SHA1())  # noqa: S303 - the password is public
        .build(P12_PASSWORD.encode())
    )
    return pkcs12.serialize_key_and_certificates(name.encode(), key, made, [authority], encryption)


def _authority(folder: Path) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    try:
        certificate = x509.load_pem_x509_certificate(_file(folder, CA, "pem").read_bytes())
        key = load_pem_private_key(_file(folder, CA, "key").read_bytes(), None)
    except (OSError, ValueError):
        raise FileUnusable(f"There is no authority in {folder}. Make it: udb sandbox ca {folder}") from None
    assert isinstance(key, rsa.RSAPrivateKey), "made by this module"
    return certificate, key


def _name(organisation: str, common: str, serial: str | None = None) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "DK"),
        x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRDK-{_CVR}"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ]
    if serial is not None:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial))
    return x509.Name(parts)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, begins: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins - _ALREADY)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=not signs_certificates,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write(folder: Path, name: str, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> None:
    _keep_secret(_file(folder, name, "key"), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _file(folder, name, "pem").write_bytes(certificate.public_bytes(Encoding.PEM))


def _keep_secret(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_bytes(content)


def _file(folder: Path, name: str, kind: str) -> Path:
    return folder / f"{name}.{kind}"
