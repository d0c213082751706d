"""``udb import eindkomst``: SKAT's income lines, a month or corrections, and what follows from them (sources 1)."""

from dataclasses import replace
from datetime import date
from typing import IO

from sqlalchemy import Connection, Engine

from udb.beskaeftigelse import lines
from udb.beskaeftigelse.compare import compare_all
from udb.beskaeftigelse.lines import KEY, NUMBER
from udb.beskaeftigelse.run import calculate
from udb.beskaeftigelse.serie import months_from
from udb.clock import month_end
from udb.errors import UdbRefused, WrongUse
from udb.kilder.csvfil import Line, RefusedLine
from udb.kilder.eindkomstfil import MONTH_KIND, Reading, month_name
from udb.kilder.fil import read_file
from udb.kilder.resultat import MOST_REFUSED, FileRefused, ImportResult, Progress, silent
from udb.kodesaet import Kodesaet
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import allow_memory
from udb.store.locks import one_import_at_a_time


def import_eindkomst(
    engine: Engine, stream: IO[bytes], *, maaned: str | None, progress: Progress = silent
) -> ImportResult:
    """Load the whole of a month (``maaned``, as ``2026-07``) or corrections of delivered months (None), and calculate.

    Lines of numbers that the register does not know, or of somebody who is not 15-24 in the month, are counted and left
    out. The loading is all or nothing; the calculation runs in batches, and what an earlier run left is calculated
    first. Raises WrongUse when ``maaned`` is no month; FileRefused; UdbRefused when the month has not ended or has no
    hourly rate. Then nothing of the file is there.
    """
    whole = None if maaned is None else _last_day(maaned)
    events = calculate(engine)
    with lines.staging(engine) as connection:
        with connection.begin():
            allow_memory(connection)
            if whole is not None and whole >= state.now(connection).date():
                raise UdbRefused(f"Måneden {maaned} er ikke slut, så en fil kan ikke være hele måneden.")
            codes = load_codes(connection)
            read = Reading(connection, stream, whole, codes, progress).stage()
            _refuse_repeated(connection, stream, read)
        connection.execution_options(udb_write=True)
        with connection.begin():
            allow_memory(connection)
            one_import_at_a_time(connection)
            result = _load_whole(connection, whole, read, codes) if whole else _load_corrections(connection, read)
    size = stream.seek(0, 2)
    events += calculate(engine, lambda done, total: progress("beregner", size * done // max(total, 1)))
    return replace(result, events=events)


def _last_day(maaned: str) -> date:
    if not MONTH_KIND.accepts(maaned) or maaned.startswith("0000"):
        raise WrongUse(f"Måneden skal være {MONTH_KIND.expected}, fx 2026-07.")
    return month_end(date.fromisoformat(f"{maaned}-01"))


def _refuse_repeated(connection: Connection, stream: IO[bytes], read: int) -> None:
    """Raises FileRefused when a key stands on more than one line."""
    repeated = lines.repeated(connection, MOST_REFUSED)
    if not repeated:
        return
    first: dict[tuple[str, ...], int] = {}
    refused: list[RefusedLine] = []
    for line in read_file(stream, (*KEY, lines.AMOUNT)):
        assert isinstance(line, Line), "the first reading found every line right"
        key = tuple(line.values[name] for name in KEY)
        if key in first:
            reason = (
                f"Samme ung, måned, indberetter og indtægtsart står i linje {first[key]}. Behold kun den ene linje."
            )
            refused.append(RefusedLine(line.number, NUMBER, reason))
        elif key in repeated:
            first[key] = line.number
        if len(refused) == MOST_REFUSED:
            break
    raise FileRefused(read, refused)


def _load_whole(connection: Connection, day: date, read: int, codes: Kodesaet) -> ImportResult:
    """Make the lines all there is of a month; whoever it or a later month says another thing of waits."""
    name = month_name(day)
    is_again = day in lines.delivered(connection)
    changed, unchanged = lines.compare(connection, name, day) if is_again else (0, 0)
    if is_again:
        lines.remove_month(connection, day)
    stored = lines.store(connection, name, day)
    lines.note_delivered(connection, day)
    compare_all(connection, months_from(connection, day, codes))
    return _counts(read, stored, changed, unchanged)


def _load_corrections(connection: Connection, read: int) -> ImportResult:
    """Replace the lines that are there and add the others; let their youths wait, each from its first month."""
    stored = changed = unchanged = 0
    for name in lines.months(connection):
        day = _last_day(name)
        other, same = lines.compare(connection, name, day)
        lines.remove_replaced(connection, name, day)
        stored += lines.store(connection, name, day)
        lines.let_wait(connection, name, day)
        changed, unchanged = changed + other, unchanged + same
    return _counts(read, stored, changed, unchanged)


def _counts(read: int, stored: int, changed: int, unchanged: int) -> ImportResult:
    return ImportResult(read, stored - changed - unchanged, changed, unchanged, skipped=read - stored)
