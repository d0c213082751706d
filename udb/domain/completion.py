"""Compute what a gennemført completes (rules.md, Completion), from the event and the code sets alone."""

from typing import Final

from udb.domain.haendelse import GENNEMFOERT, Haendelse
from udb.domain.kodesaet import COSA, HF_ARTS, STADS, Kodesaet

VOCATIONAL: Final = frozenset({"erhvervskompetencegivende", "videregaaende"})
"""The values of ``fuldfoerer`` that are erhvervskompetencegivende (sources.md 2)."""


def completes(event: Haendelse, codes: Kodesaet) -> str | None:
    """Return what a valid gennemført completes, by its code's ``fuldfoerer``; None for any other event or code."""
    if not event.standing or event.status != GENNEMFOERT or event.kodesaet not in {COSA, STADS} or event.kode is None:
        return None
    variant = str(event.kode_version) if event.kodesaet == COSA else None
    row = codes.describing(event.kodesaet, event.kode, event.haendelse_dato, variant)
    if row is None or (row.text("art") in HF_ARTS and not event.gennemfoert_hf):
        return None
    return row.text("fuldfoerer") or None
