"""Admission tests: who is to take one is reported with an optag, and is not admitted to an education (V 1.1)."""

from typing import Final

from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import COSA, Kodesaet

OPTAGELSESPROEVE: Final = "optagelsesproeve"
"""The kind (column ``art``) of a test's formål and of its causes."""


def is_test(event: Haendelse, codes: Kodesaet) -> bool:
    """Return whether an event is about an admission test."""
    if event.kodesaet != COSA or event.kode is None:
        return False
    row = codes.describing(COSA, event.kode, event.haendelse_dato, str(event.kode_version))
    return row is not None and row.text("art") == OPTAGELSESPROEVE
