"""``udb import eindkomst``: SKAT's income lines, a month or corrections, and what follows from them (sources 1)."""

from dataclasses import replace
from datetime import date
from typing import IO

from sqlalchemy import Connection, Engine, true

from udb.beskaeftigelse import lines, month_diff
from udb.beskaeftigelse.lines import CORRECTIONS, FORMER, KEY, NUMBER
from udb.beskaeftigelse.month_result import settle, work_out
from udb.beskaeftigelse.run import calculate
from udb.beskaeftigelse.serie import go_on, months_from
from udb.beskaeftigelse.temp_tables import remove, renew
from udb.domain.errors import UdbRefused, WrongUse
from udb.domain.kodesaet import Kodesaet
from udb.domain.text import Text
from udb.imports.csv_file import Line, RefusedLine
from udb.imports.eindkomst_file import MONTH_KIND, Reading
from udb.imports.file import read_file
from udb.imports.result import CALCULATING, MOST_REFUSED, FileRefused, ImportResult, Progress, silent
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import allow_memory, analyze, writing
from udb.store.locks import one_import_at_a_time
from udb.store.tables.indkomst import indkomst


def import_eindkomst(
    engine: Engine, stream: IO[bytes], *, maaned: str | None, progress: Progress = silent
) -> ImportResult:
    """Load a whole month (``maaned``, as ``2026-07``) or corrections of delivered months (None), and calculate.

    Lines of numbers that the register does not know, or of persons who are not 15-24 in the month, are counted and left
    out. The loading is all or nothing; the calculation runs in batches, and what an earlier run left is calculated
    first. Raises WrongUse when ``maaned`` is not a month; FileRefused; UdbRefused when the month has not ended or has
    no hourly rate. Then nothing of the file is stored.
    """
    whole = None if maaned is None else _last_day(maaned)
    events = calculate(engine)
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        allow_memory(connection)
        if whole is not None and whole >= state.now(connection).date():
            raise UdbRefused(
                Text(
                    f"Måneden {maaned} er ikke slut, så filen kan ikke dække hele måneden.",
                    f"The month {maaned} has not ended, so no file can be the whole of it.",
                )
            )
        go_on(connection)
        codes = load_codes(connection)
        if whole is not None:
            result = _load_whole(connection, stream, whole, codes, progress)
        else:
            result = _load_corrections(connection, stream, codes, progress)
    size = stream.seek(0, 2)
    events += calculate(engine, lambda done, total: progress(CALCULATING, size * done // max(total, 1)))
    return replace(result, events=events)


def _last_day(maaned: str) -> date:
    if not MONTH_KIND.accepts(maaned) or maaned.startswith("0000"):
        raise WrongUse(
            Text(
                f"Måneden skal være {MONTH_KIND.expected.da}, fx 2026-07.",
                f"{maaned} is not a month: write YYYY-MM, as 2026-07.",
            )
        )
    return lines.last_day(maaned)


def _refuse_repeated(stream: IO[bytes], read: int, repeated: set[tuple[str, ...]]) -> None:
    """Raise FileRefused when there are keys that occur on more than one line."""
    if not repeated:
        return
    first: dict[tuple[str, ...], int] = {}
    refused: list[RefusedLine] = []
    for line in read_file(stream, (*KEY, lines.AMOUNT)):
        assert isinstance(line, Line), "the first reading found every line right"
        key = tuple(line.values[name] for name in KEY)
        if key in first:
            reason = Text(
                f"Samme ung, måned, indberetter og indtægtsart står i linje {first[key]}. Behold kun den ene linje.",
                f"Line {first[key]} has the same youth, month, employer and indtægtsart. Keep only one of the lines.",
            )
            refused.append(RefusedLine(line.number, NUMBER, reason))
        elif key in repeated:
            first[key] = line.number
        if len(refused) == MOST_REFUSED:
            break
    raise FileRefused(read, refused)


def _load_whole(
    connection: Connection, stream: IO[bytes], day: date, codes: Kodesaet, progress: Progress
) -> ImportResult:
    """Replace the month with the file's lines; recalculate everyone whose result changes in this or a later month."""
    is_again = day in lines.delivered(connection)
    if is_again:
        lines.set_aside(connection, day)
    read = Reading(connection, indkomst, stream, day, codes, progress).stage()
    analyze(connection, indkomst, lines.MONTH, NUMBER)
    lines.note_delivered(connection, day)
    months = months_from(connection, day, codes)
    month_diff.find(connection, months[0])
    _refuse_repeated(stream, read, month_diff.repeated(connection, day, MOST_REFUSED))
    skipped = month_diff.settle_numbers(connection, day)
    changed, unchanged = lines.compare(connection, indkomst, FORMER, day) if is_again else (0, 0)
    settle(connection, months, codes, again=is_again)
    remove(connection, FORMER)
    return _counts(read, read - skipped, changed, unchanged)


def _load_corrections(connection: Connection, stream: IO[bytes], codes: Kodesaet, progress: Progress) -> ImportResult:
    """Replace the existing lines and add the others; recalculate their youths, each from its first month."""
    renew(connection, CORRECTIONS)
    read = Reading(connection, CORRECTIONS, stream, None, codes, progress).stage()
    analyze(connection, CORRECTIONS)
    _refuse_repeated(stream, read, lines.repeated(connection, CORRECTIONS, MOST_REFUSED, true()))
    stored = changed = unchanged = 0
    for day in lines.months(connection):
        other, same = lines.compare(connection, CORRECTIONS, indkomst, day)
        stored += lines.correct(connection, day)
        lines.let_wait(connection, day)
        changed, unchanged = changed + other, unchanged + same
    work_out(connection, codes)
    remove(connection, CORRECTIONS)
    return _counts(read, stored, changed, unchanged)


def _counts(read: int, stored: int, changed: int, unchanged: int) -> ImportResult:
    return ImportResult(read, stored - changed - unchanged, changed, unchanged, skipped=read - stored)
