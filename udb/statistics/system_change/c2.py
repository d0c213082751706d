"""C2: a youth has two open forløb of one kind, the later opened by the new system (portal 3.31)."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from udb.domain.kodesaet import COSA, Kodesaet
from udb.statistics.system_change.result import Check, Finding, Result
from udb.statistics.system_change.sides import Side
from udb.statistics.system_change.stock import AROUND, Held, Stock


def c2(stock: Stock) -> Result:
    """Return the later ones of open forløb that a youth has twice: of codes of the same art."""
    open_now: dict[tuple[int, str, str], list[Held]] = {}
    for held in stock.held:
        if held.is_open_on(stock.today):
            open_now.setdefault((held.person_id, *kind_of(held, stock.codes)), []).append(held)
    return Result(
        check=Check.C2,
        findings=tuple(one for same in open_now.values() for one in _later(same)),
        computed=stock.today >= stock.day,
        ready=stock.until(AROUND),
    )


def kind_of(held: Held, codes: Kodesaet) -> tuple[str, str]:
    """Return the code set of a forløb, and the art of its code where the set has one."""
    event = held.forloeb.events[0]
    row = None
    if event.kodesaet == COSA:
        row = codes.describing(COSA, event.kode or "", event.haendelse_dato, str(event.kode_version))
    return held.forloeb.key.kodesaet, row.text("art") if row is not None else ""


def _later(same: Iterable[Held]) -> Iterator[Finding]:
    in_order = sorted(same, key=lambda held: held.forloeb.events[0].plads)
    for earlier, later in pairwise(in_order):
        opener = later.forloeb.first
        if opener is not None and later.side(opener) is Side.NEW:
            codes = f"{earlier.forloeb.key.kode} og {later.forloeb.key.kode}"
            yield Finding(f"To åbne forløb: {codes}", later.person_id, opener.nummer, opener.haendelse_dato)
