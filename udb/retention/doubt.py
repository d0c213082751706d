"""Judge the lines of a deletion log before a restore carries them out.

The file lies outside the database, and any program that may write to it could name anybody. So a line is believed when
it follows the line before it and deletes nothing that retention itself would keep: by the restored registers and by
this program's settings. All others need the operator's word (access.md, Retention).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from udb.domain.clock import danish_date, system_time
from udb.domain.errors import UdbRefused
from udb.retention import read_log, received, used_keys, youths
from udb.retention.deletion_log import Line
from udb.store import state
from udb.store.tables import state as table

SHOWN: Final = 10
"""How many doubtful lines a refusal names."""


@dataclass(frozen=True, slots=True)
class Periods:
    """How long retention keeps what it deletes: the settings of these names."""

    opbevaring_aar: int
    noegler_dage: int
    laeselog_aar: int


@dataclass(frozen=True, slots=True)
class Word:
    """The operator's word on lines that did not verify: ranges of the numbers ``carried_out`` and ``left_out``."""

    carried_out: Sequence[range] = ()
    left_out: Sequence[range] = ()

    def carries_out(self, number: int) -> bool:
        """Return whether a line is carried out."""
        return any(number in one for one in self.carried_out)

    def leaves_out(self, number: int) -> bool:
        """Return whether a line is left out."""
        return any(number in one for one in self.left_out)


def believed(
    connection: Connection, lines: Iterable[Line], periods: Periods, highest: int, word: Word
) -> list[dict[str, Any]]:
    """Return what to carry out.

    ``highest``: outside a sandbox, the highest number that a line can have seen. Raises UdbRefused when a line did not
    verify and there is no word on it, and when one that did is to be left out.
    """
    now, is_sandbox = system_time(), _is_sandbox(connection)
    entries: list[dict[str, Any]] = []
    undecided: dict[int, str] = {}
    for line in lines:
        why = _doubt(connection, line, periods, now, None if is_sandbox else highest)
        if word.leaves_out(line.number):
            if why is None:
                raise UdbRefused(f"Line {line.number} of the deletion log verifies, so it is not left out.")
        elif line.entry is not None and (why is None or word.carries_out(line.number)):
            entries.append(line.entry)
        else:
            undecided[line.number] = str(why)
    if undecided:
        raise UdbRefused(_named(undecided))
    return entries


def _named(undecided: Mapping[int, str]) -> str:
    shown = [f"Line {number}: {why}." for number, why in list(undecided.items())[:SHOWN]]
    more = [f"And {len(undecided) - SHOWN} more."] * (len(undecided) > SHOWN)
    head = "The deletion log has lines that did not verify, so nothing was restored."
    foot = "Compare them with what was deleted, then say of each: --carry-out LINE or --leave-out LINE"
    return "\n".join([head, *shown, *more, foot])


def _doubt(connection: Connection, line: Line, periods: Periods, now: datetime, highest: int | None) -> str | None:
    """Return why a line does not verify, None when it does. ``highest``: None in a sandbox."""
    entry = line.entry
    if entry is None:
        return "it cannot be read, so it can only be left out"
    if not line.follows:
        return "it does not hold the hash of the line before it: a line was added, changed, moved or taken away"
    number = entry.get("nummer")
    if not isinstance(number, str) or _NUMBER.fullmatch(number) is None:
        return "its number is none"
    if highest is not None and int(number) > highest:
        return "its number is ahead of the clock"
    try:
        return _kept_by_retention(connection, entry, periods, now, is_sandbox=highest is None)
    except (ValueError, TypeError, KeyError, OverflowError):
        return f"its values are not those of the kind {entry.get('art')!r}"


_NUMBER: Final = re.compile(r"\d{1,23}", re.ASCII)


def _kept_by_retention(
    connection: Connection, entry: Mapping[str, Any], periods: Periods, now: datetime, *, is_sandbox: bool
) -> str | None:
    if entry.get("art") == youths.UNGE:
        today = danish_date(now)
        day = date.fromisoformat(entry["dag"]) if "dag" in entry else today
        if not is_sandbox:
            # A day of the future would make anybody old enough.
            day = min(day, today)
        found = youths.not_due(connection, _ids(entry["personer"]), day, periods.opbevaring_aar)
        return f"{len(found)} of its youths are not due for deletion" if found else None
    if entry.get("art") == used_keys.NOEGLER:
        keeps = now - timedelta(days=periods.noegler_dage)
        is_young = _instant(entry["foer"]) > keeps
        return f"it deletes call keys that are not {periods.noegler_dage} days old" if is_young else None
    if entry.get("art") == received.MODTAGELSER:
        # By the domain's clock, which a sandbox's may have had at any day.
        is_young = _instant(entry["foer"]) > received.oldest_kept(danish_date(now)) and not is_sandbox
        return f"it deletes reports that are not {received.YEARS} years old" if is_young else None
    if entry.get("art") == read_log.LAESELOG:
        if type(entry["aar"]) is not int or not 1 <= entry["aar"] < _MOST:
            raise TypeError
        for block in read_log.present(connection, _ids(entry["blokke"])):
            if not read_log.is_due(connection, block, now, periods.laeselog_aar):
                return f"block {block} of the read log is not due for removal, or not what was sealed"
        return None
    return f"this program does not know its kind {entry.get('art')!r}: use the program that wrote it"


def _instant(said: str) -> datetime:
    """Return an instant in UTC, as the database will compare it: the first and the last days have hours that are in no
    year there.
    """
    found = datetime.fromisoformat(said)
    if found.tzinfo is None:
        raise ValueError
    return found.astimezone(UTC)


def _ids(found: Any) -> list[int]:
    if not isinstance(found, list) or not all(type(one) is int and 0 <= one < _MOST for one in found):
        raise TypeError
    return found


_MOST: Final = 2**31


def _is_sandbox(connection: Connection) -> bool:
    """Return whether the domain clock of the restored database could be set."""
    query = select(table.c.name).where(table.c.name.in_(state.SETS_THE_CLOCK))
    return connection.execute(query).first() is not None
