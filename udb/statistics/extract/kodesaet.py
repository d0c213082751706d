"""The file ``kodesaet``: each row of the code sets that is valid on a day of the period."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from udb.statistics.extract.request import Request
from udb.store.tables import kodesaet

NAME: Final = "kodesaet"
COLUMNS: Final = ("set", "kode", "variant", "tekst", "fra", "til", "eksempel")
CODE: Final = "kode"


def rows(connection: Connection, request: Request) -> Iterator[tuple[Any, ...]]:
    """Yield the rows, by set, code, variant and first day. ``eksempel``: the code itself is invented."""
    one = kodesaet.c
    holds = (one.gyldig_fra <= request.day, or_(one.gyldig_til.is_(None), one.gyldig_til >= request.first))
    columns = (one.saet, one.kode, one.variant, one.tekst, one.gyldig_fra, one.gyldig_til, one.kilde, one.opfundet)
    found = connection.execute(select(*columns).where(*holds)).all()
    for row in sorted(found, key=lambda row: (row.saet, row.kode, row.variant, row.gyldig_fra)):
        yield (*row[:6], row.kilde == "" or CODE in row.opfundet.split())
