"""Invented counts of data quality, kept as the jobs keep them, for tests of what others see of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any, Final

from sqlalchemy import Engine

from udb.statistics.quality import kept
from udb.statistics.quality.contact_years import Art, Maal
from udb.statistics.quality.youth_counts import ContactCount, Counts, CourseCount, Tally, keep_counts
from udb.store import state
from udb.store.engine import reading, writing

YEARS: Final = (2023, 2024, 2025, 2026)
KUI_OF: Final[Mapping[str, tuple[int, int, int, int]]] = {
    "101": (40, 3, 20, 50),
    "751": (43, 4, 2, 41),
    "147": (55, 20, 9, 60),
    "461": (200, 60, 70, 250),
    "851": (90, 30, 25, 99),
}
"""By kommune: contacts that hold, stale ones, youths that lack one, and those that should have one."""


def counts_of(numbers: Sequence[int], random: Random) -> Counts:
    """Return a kommune's counts with these of its own contact, and others drawn."""
    held, stale, lacks, of = numbers
    inside = max(0, stale - (held - (of - lacks)))
    counts = Counts(unge=of * 2, uden_kui=lacks + random.randint(5, 60), foraeldede_i_maalgruppe=inside)
    counts.kontakter[Art.KUI] = ContactCount(held, stale, lacks, of)
    orders, at_school = random.randint(6, 40), random.randint(0, 6)
    centre, school = random.randint(0, orders), random.randint(0, at_school)
    counts.kontakter[Art.JOBCENTER] = ContactCount(orders, random.randint(0, orders), centre, orders)
    counts.kontakter[Art.INSTITUTION] = ContactCount(at_school, random.randint(0, at_school), school, at_school)
    counts.kontakter[Art.EGEN] = ContactCount(held, random.randint(0, min(8, held)), None, None)
    open_, marked = random.randint(10, 80), random.randint(0, 9)
    counts.forloeb = CourseCount(open_, random.randint(0, 10), marked, random.randint(0, marked))
    return counts


def drawn(number: int, kommuner: int) -> dict[str, Counts]:
    """Return the counts of so many kommuner, large and small, the same for the same number."""
    random = Random(number)
    found = {}
    for index in range(kommuner):
        of = random.choice((8, 30, 300))
        lacks = random.randint(0, of)
        has = of - lacks
        held = has + random.randint(0, 6)
        found[f"{101 + index}"] = counts_of((held, random.randint(0, held), lacks, of), random)
    return found


def _years(rows: Mapping[str, Mapping[Maal, Sequence[int]]]) -> dict[str, Any]:
    country = {maal: [sum(row[maal][at] for row in rows.values()) for at in range(len(YEARS))] for maal in Maal}
    nothing = {str(year): [0] * 12 for year in YEARS}
    return {
        "aar": list(YEARS),
        "nedre_graense": [],
        "raekker": {kode: {**row, "maaneder": nothing} for kode, row in {**rows, "": country}.items()},
    }


def contact_rows(random: Random, kommuner: Sequence[str]) -> dict[Art, dict[str, Any]]:
    """Return drawn contacts by kind, kommune and year, as they are kept; of own contacts a youth has one."""
    found = {}
    for art in Art:
        rows: dict[str, dict[Maal, Sequence[int]]] = {}
        for kode in kommuner:
            registered = [random.choice((0, 2, 3, 12, 40)) for _ in YEARS]
            youths = registered if art is Art.EGEN else [random.randint(count // 2, count) for count in registered]
            held = [random.choice((0, 1, 4, 9, 30)) for _ in YEARS]
            if art is Art.EGEN:
                held = [sum(registered[: at + 1]) for at in range(len(YEARS))]
            rows[kode] = {Maal.REGISTRERET: registered, Maal.UNGE: youths, Maal.GAELDENDE: held}
        found[art] = _years(rows)
    return found


def keep_all(engine: Engine, kommuner: Mapping[str, Counts], number: int = 1, now: datetime | None = None) -> None:
    """Keep counts of kommuner, and drawn contacts of theirs; ``now``: the domain's, unless it is given."""
    with reading(engine) as connection:
        now = now or state.now(connection)
    with writing(engine) as connection:
        keep_counts(connection, Tally(dict(kommuner), {}), now)
        kept.keep(connection, "kontakter", contact_rows(Random(number), sorted(kommuner)), now)
