"""AfsluttetUddannelsesNiveau: the highest education a youth's completed forloeb give (V 5.1; sources.md 2,
uddannelsesniveauer).
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from udb.haendelse import GENNEMFOERT, Haendelse
from udb.kodesaet import COSA, STADS, UDDANNELSESNIVEAUER, Kodesaet

HF_ARTS: Final = frozenset({"hf", "hf_enkeltfag"})
"""Kinds that complete a youth education only with GennemfoertHf true (rules.md, Completion)."""


def completes(event: Haendelse, codes: Kodesaet) -> str:
    """What a standing gennemfoert completes, by its code's ``fuldfoerer``; empty when nothing (rules.md,
    Completion).
    """
    if not event.standing or event.status != GENNEMFOERT or event.kodesaet not in {COSA, STADS} or event.kode is None:
        return ""
    variant = str(event.kode_version) if event.kodesaet == COSA else None
    row = codes.describing(event.kodesaet, event.kode, event.haendelse_dato, variant)
    if row is None or (row.text("art") in HF_ARTS and not event.gennemfoert_hf):
        return ""
    return row.text("fuldfoerer")


def level(events: Iterable[Haendelse], codes: Kodesaet, today: date) -> str:
    """The level's text: the highest in rank that some completion gives, else the lowest there is."""
    reached = {completes(event, codes) for event in events}
    rows = {kode: codes.describing(UDDANNELSESNIVEAUER, kode, today) for kode in codes.codes(UDDANNELSESNIVEAUER)}
    ranked = sorted((int(row.text("rang")), kode, row.tekst) for kode, row in rows.items() if row is not None)
    given = [entry for entry in ranked if entry[1] in reached]
    return (given[-1] if given else ranked[0])[2]
