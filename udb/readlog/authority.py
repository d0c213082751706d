"""An anchor that is a time-stamp authority (RFC 3161): it signs a block's hash together with the time.

Its answers are kept in the database. Who owns the database can take one away, and can make none.
"""

import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Final

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from udb.domain.clock import system_time
from udb.domain.errors import AnchorUnavailable, FileUnusable
from udb.readlog.anchor import Anchored
from udb.readlog.verdict import CLOCKS_DIFFER, Seal
from udb.store.engine import writing
from udb.store.tables.log import read_log_anchor, read_log_block

SECONDS: Final = 10
"""How long an answer may take in all."""
LARGEST: Final = 64 * 1024
_QUERY: Final = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
_ROWS: Final = (
    select(read_log_anchor.c.blok, read_log_anchor.c.svar, read_log_block.c.hash)
    .select_from(read_log_anchor.outerjoin(read_log_block, read_log_block.c.nummer == read_log_anchor.c.blok))
    .order_by(read_log_anchor.c.blok)
)


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority at an address. ``roots``, ``others``: the certificates that lead to its own."""

    url: str
    roots: tuple[Certificate, ...]
    others: tuple[Certificate, ...]

    def latest(self, connection: Connection) -> Seal | None:
        """Return the last block that has an answer; its hash is empty when the answer is not one to it."""
        query = _ROWS.order_by(None).order_by(read_log_anchor.c.blok.desc()).limit(1)
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        found = self._anchored(row.blok, row.svar, row.hash)
        return Seal(found.nummer, found.hash)

    def add(self, engine: Engine, blocks: Sequence[Seal]) -> None:
        """Ask for a signature of the last block: its hash holds those of the blocks before."""
        seal = blocks[-1]
        request = TimestampRequestBuilder().data(seal.hash.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
        sent = _ask(self.url, request.as_bytes())
        try:
            answer = decode_timestamp_response(sent)
            self._verify(answer, seal.hash, request.nonce)
            if abs(_time_of(answer) - system_time()) > CLOCKS_DIFFER:
                raise AnchorUnavailable(
                    f"The time-stamp authority's clock, {_time_of(answer).isoformat()}, is not this machine's."
                )
        except (ValueError, VerificationError) as error:
            raise AnchorUnavailable(
                f"The time-stamp authority gave an answer that does not hold ({type(error).__name__}): see "
                "UDB_LAESELOG_ANKER and UDB_LAESELOG_ANKER_CA."
            ) from error
        # Another worker may have asked too.
        with suppress(IntegrityError), writing(engine) as connection:
            connection.execute(insert(read_log_anchor).values(blok=seal.nummer, svar=sent))

    def end(self) -> int:
        """Return no mark: the answers are in the database, which is compared as of one moment."""
        return 0

    def kept(self, connection: Connection, end: int) -> Iterator[Anchored | str]:
        """Yield what the authority signed, each signature verified."""
        for row in connection.execute(_ROWS):
            yield self._anchored(row.blok, row.svar, row.hash)

    def _anchored(self, nummer: int, sent: bytes, found: str | None) -> Anchored:
        """Return the anchor; its hash is that of the block when the signature is one of it, else empty."""
        try:
            answer = decode_timestamp_response(sent)
            self._verify(answer, found or "", None)
        except (ValueError, VerificationError):
            return Anchored(nummer, "", None)
        return Anchored(nummer, found or "", _time_of(answer))

    def _verify(self, answer: TimeStampResponse, signed: str, nonce: int | None) -> None:
        builder = VerifierBuilder(roots=list(self.roots), intermediates=list(self.others), nonce=nonce)
        builder.build().verify_message(answer, signed.encode())


def authority(url: str, file: Path) -> Authority:
    """Return the authority at an address. ``file``: its CA and what lies between (PEM). Raises FileUnusable."""
    try:
        certificates = load_pem_x509_certificates(file.read_bytes())
    except OSError as error:
        raise FileUnusable(f"UDB_LAESELOG_ANKER_CA: {file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise FileUnusable(f"UDB_LAESELOG_ANKER_CA: {file} holds no certificates (PEM).") from error
    roots = tuple(one for one in certificates if one.issuer == one.subject)
    if not roots:
        raise FileUnusable(f"UDB_LAESELOG_ANKER_CA: {file} holds no CA that signed itself.")
    return Authority(url, roots, tuple(one for one in certificates if one not in roots))


def _time_of(answer: TimeStampResponse) -> datetime:
    found: datetime = answer.tst_info.gen_time
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _ask(url: str, query: bytes) -> bytes:
    """Send a query and return the answer, within SECONDS however slowly it comes."""
    until = time.monotonic() + SECONDS
    found = b""
    try:
        request = urllib.request.Request(url, query, _QUERY)  # noqa: S310 - the settings allow http and https alone
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310 - as above
            while chunk := response.read1(LARGEST):
                found += chunk
                if len(found) > LARGEST or time.monotonic() > until:
                    raise AnchorUnavailable("The time-stamp authority's answer is too long or too slow.")
    except (OSError, HTTPException, ValueError) as error:
        raise AnchorUnavailable(f"The time-stamp authority does not answer ({type(error).__name__}).") from error
    return found
