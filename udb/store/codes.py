"""The code sets of the database as one snapshot, read again when their edition has changed."""

from sqlalchemy import Connection, select

from udb.kodesaet import Kodesaet, Row
from udb.store import state
from udb.store.tables import kodesaet


def load_codes(connection: Connection) -> Kodesaet:
    """All code sets and their edition."""
    edition = state.read(connection, state.CODE_EDITION) or 0
    rows = (
        (
            found.saet,
            Row(found.kode, found.variant, found.tekst, found.gyldig_fra, found.gyldig_til, found.egenskaber),
        )
        for found in connection.execute(select(kodesaet))
    )
    return Kodesaet(edition, rows)


class CodeCache:
    """The snapshot a process works with."""

    def __init__(self) -> None:
        """Empty until first asked."""
        self._codes: Kodesaet | None = None

    def get(self, connection: Connection, edition: int) -> Kodesaet:
        """The code sets of ``edition``, which the caller has just read from the database."""
        codes = self._codes
        if codes is None or codes.edition != edition:
            # Two threads may both read; either result is right.
            codes = self._codes = load_codes(connection)
        return codes
