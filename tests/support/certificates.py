"""An authority of the tests' own, made once per process: making keys is slow."""

import base64
import ssl
import tempfile
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import Engine

from udb.callers import certificates, x509
from udb.domain.clock import system_time
from udb.sandbox import ca
from udb.store.engine import writing

YEAR: Final = 365


class Issued:
    """A certificate and its key."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.key_file = file.with_suffix(".key")
        self.der = ssl.PEM_cert_to_DER_cert(file.read_text())

    @property
    def fingerprint(self) -> str:
        return x509.fingerprint(self.der)

    @property
    def header(self) -> dict[str, str]:
        """Return the header in which a proxy passes it on."""
        return {"Client-Cert": f":{base64.b64encode(self.der).decode()}:"}


@cache
def folder() -> Path:
    """Return where the authority is."""
    # Held by the module for as long as the process lives.
    made = tempfile.TemporaryDirectory(prefix="udb-ca-")
    _KEPT.append(made)
    ca.make(Path(made.name))
    return Path(made.name)


_ISSUED: Final[dict[str, Issued]] = {}
_KEPT: Final[list[tempfile.TemporaryDirectory[str]]] = []


def issued(name: str, days: int = YEAR, begins: datetime | None = None) -> Issued:
    """Return the certificate of that name: made at the first call, with that call's arguments."""
    if name not in _ISSUED:
        _ISSUED[name] = Issued(ca.issue_organisation(folder(), name, "Afprøvning ApS", days, begins=begins))
    return _ISSUED[name]


@cache
def of_another_authority() -> Issued:
    """Return a certificate that another authority than the tests' issued."""
    made = tempfile.TemporaryDirectory(prefix="udb-ca-")
    _KEPT.append(made)
    ca.make(Path(made.name))
    return Issued(ca.issue_organisation(Path(made.name), "En fremmed", "Andetsteds ApS", YEAR))


@cache
def for_service() -> Issued:
    """Return the certificate of the service on this machine."""
    return Issued(ca.issue_server(folder(), ["localhost", "127.0.0.1"], YEAR))


def register(engine: Engine, system_id: str, certificate: Issued) -> Issued:
    """Let a system call with a certificate."""
    with writing(engine) as connection:
        certificates.register(connection, system_id, x509.read(certificate.der))
    return certificate


def unusual(name: str) -> Issued:
    """Return a certificate by its defect: ``udloebet``, ``kommende``, ``svag``; any other is in order."""
    now = system_time()
    if name == "svag":
        with pytest.MonkeyPatch.context() as patch:
            real = rsa.generate_private_key
            patch.setattr(rsa, "generate_private_key", lambda **_: real(public_exponent=65537, key_size=1024))
            return issued(name)
    lives = {"udloebet": (1, now - timedelta(days=3)), "kommende": (9, now + timedelta(days=3))}
    return issued(name, *lives.get(name, (YEAR, None)))
