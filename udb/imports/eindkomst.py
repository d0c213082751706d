"""``udb import eindkomst``: SKAT's income lines, a month or corrections, and what follows from them (sources 1)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import IO

from sqlalchemy import Connection, Engine, true

from udb.beskaeftigelse import lines, month_diff
from udb.beskaeftigelse.grad import satser
from udb.beskaeftigelse.lines import CORRECTIONS, FORMER, KEY, NUMBER
from udb.beskaeftigelse.month_result import settle, work_out
from udb.beskaeftigelse.run import calculate
from udb.beskaeftigelse.serie import go_on, months_from
from udb.beskaeftigelse.temp_tables import remove, renew
from udb.beskaeftigelse.wage import keep_rates
from udb.domain.errors import UdbRefused, WrongUse
from udb.domain.kodesaet import Kodesaet
from udb.domain.text import Text
from udb.imports.csv_file import Line, RefusedLine
from udb.imports.eindkomst_file import MONTH_KIND, Reading
from udb.imports.file import read_file
from udb.imports.result import CALCULATING, MOST_REFUSED, FileRefused, ImportResult, Progress, counted, silent
from udb.imports.share import NO_SHARE, Share, percent_of
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import allow_memory, analyze, writing
from udb.store.locks import one_import_at_a_time
from udb.store.tables.indkomst import indkomst


def import_eindkomst(
    engine: Engine,
    stream: IO[bytes],
    *,
    maaned: str | None,
    share: Share = NO_SHARE,
    skip_unknown: bool = False,
    progress: Progress = silent,
) -> ImportResult:
    """Load a whole month (``maaned``, as ``2026-07``) or corrections of delivered months (None), and calculate.

    Lines of numbers that the register does not know, or of persons who are not 15-24 in the month, are counted and left
    out. The loading is all or nothing; the calculation runs in batches, and what an earlier run left is calculated
    first. ``skip_unknown``: leave out lines whose kind of income the code set does not have; else they refuse the file.
    Raises WrongUse when ``maaned`` is not a month; FileRefused; UdbRefused when the month has not ended or has no
    hourly rate, or when the share of youths that it has fewer is too large. Then nothing of the file is stored.
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
            result = _load_whole(connection, stream, whole, codes, progress, share, skip_unknown=skip_unknown)
        else:
            result = _load_corrections(connection, stream, codes, progress, skip_unknown=skip_unknown)
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
    connection: Connection,
    stream: IO[bytes],
    day: date,
    codes: Kodesaet,
    progress: Progress,
    share: Share,
    *,
    skip_unknown: bool,
) -> ImportResult:
    """Replace the month with the file's lines; recalculate everyone whose result changes in this or a later month."""
    # Without a rate no month can be calculated: said before a long file is read.
    satser(codes, day)
    is_again = day in lines.delivered(connection)
    compared = _compared(connection, day) if share.is_on else {}
    if is_again:
        lines.set_aside(connection, day)
    file = Reading(connection, indkomst, stream, day, codes, progress, skip_unknown=skip_unknown)
    read = file.stage()
    analyze(connection, indkomst, lines.MONTH, NUMBER)
    lines.note_delivered(connection, day)
    months = months_from(connection, day, codes)
    keep_rates(connection, months[0])
    month_diff.find(connection, months[0])
    _refuse_repeated(stream, read, month_diff.repeated(connection, day, MOST_REFUSED))
    skipped = month_diff.settle_numbers(connection, day)
    _refuse_too_few(connection, day, compared, share)
    changed, unchanged = lines.compare(connection, indkomst, FORMER, day) if is_again else (0, 0)
    settle(connection, months, codes, again=is_again)
    remove(connection, FORMER)
    return _counts(read, read - file.unknown.total() - skipped, changed, unchanged, file.unknown)


def _compared(connection: Connection, day: date) -> dict[date, int]:
    """Return the months that a month is compared with, and how many youths have a line in each.

    These are the latest month before it, and the month itself when it is delivered again.
    """
    delivered = lines.delivered(connection)
    months = {day} & delivered | set(sorted(one for one in delivered if one < day)[-1:])
    return {month: lines.youths(connection, month) for month in sorted(months)}


def _refuse_too_few(connection: Connection, day: date, compared: Mapping[date, int], share: Share) -> None:
    """Raise UdbRefused when by more than the share fewer youths have a line than in a month of ``compared``."""
    if not compared:
        return
    now = lines.youths(connection, day)
    most = max(compared, key=lambda month: compared[month])
    before = compared[most]
    fewer = before - now
    if share.contains(fewer, before) or share.is_said(fewer):
        return
    percent = percent_of(fewer, before)
    month = lines.month_name(most)
    raise share.refusal(
        fewer,
        Text(
            f"{now} unge har en linje i den, mod {before} i {month}, så den har {fewer} færre ({percent.da})",
            f"{now} youths have a line in it and {before} in {month}, which is {fewer} fewer ({percent.en})",
        ),
    )


def _load_corrections(
    connection: Connection, stream: IO[bytes], codes: Kodesaet, progress: Progress, *, skip_unknown: bool
) -> ImportResult:
    """Replace the existing lines and add the others; recalculate their youths, each from its first month."""
    renew(connection, CORRECTIONS)
    file = Reading(connection, CORRECTIONS, stream, None, codes, progress, skip_unknown=skip_unknown)
    read = file.stage()
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
    return _counts(read, stored, changed, unchanged, file.unknown)


def _counts(read: int, stored: int, changed: int, unchanged: int, unknown: Counter[str]) -> ImportResult:
    return ImportResult(
        read,
        stored - changed - unchanged,
        changed,
        unchanged,
        skipped=read - unknown.total() - stored,
        unknown_codes=counted(unknown),
    )
