"""AfsluttetUddannelsesNiveau: the highest education that a youth's completed forloeb and diplomas give (V 5.1;
sources.md 2).
"""

from collections.abc import Iterable
from datetime import date

from udb.bevis import Bevis, gives
from udb.haendelse import Haendelse
from udb.kodesaet import UDDANNELSESNIVEAUER, Kodesaet


def level(events: Iterable[Haendelse], beviser: Iterable[Bevis], codes: Kodesaet, today: date) -> str:
    """The level's text: the highest in rank that some completion or diploma gives, else the lowest there is."""
    reached = {event.fuldfoerer for event in events} | {gives(bevis, codes) for bevis in beviser}
    rows = {kode: codes.describing(UDDANNELSESNIVEAUER, kode, today) for kode in codes.codes(UDDANNELSESNIVEAUER)}
    ranked = sorted((int(row.text("rang")), kode, row.tekst) for kode, row in rows.items() if row is not None)
    given = [entry for entry in ranked if entry[1] in reached]
    return (given[-1] if given else ranked[0])[2]
