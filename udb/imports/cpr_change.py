"""Changes of CPR number (V 1.4): chains are followed to their end, and one person keeps everything."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from udb.domain.bopael import Address
from udb.domain.cpr import birth_date, birthdays
from udb.domain.text import Text
from udb.imports.csv_file import RefusedLine
from udb.imports.file import batches
from udb.imports.merge import merge_persons
from udb.imports.result import FileRefused, Tally
from udb.store import bopael, state
from udb.store.locks import lock_persons
from udb.store.tables import cprnummer, person

NEW_NUMBER: Final = "nyt_cprnr"
STATUS: Final = "status"
KOMMUNE: Final = "kommunekode"
_NEW_UNKNOWN: Final = Text(
    "Det nye nummer findes hverken i filen eller i registret.",
    "Neither the file nor the register has the new number.",
)
_CIRCLE: Final = Text(
    "Skiftene går i ring: nummeret bliver til sidst erstattet af sig selv.",
    "In the end the number is replaced by itself.",
)
_REPLACED: Final = Text(
    "Nummeret er allerede erstattet af et andet nummer. Meld skiftet fra det nummer, der gælder nu.",
    "The number is already replaced by another. Report the change from the current number.",
)


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a file that says a number was replaced by ``new``."""

    new: str
    line: int


@dataclass(frozen=True, slots=True)
class Holder:
    """The person who has or had a number, and that person's current number."""

    person_id: int
    current: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """Every replaced number of a file with the end of its chain, and the holders of the numbers in the register."""

    ends: Mapping[str, str]
    holders: Mapping[str, Holder]


def resolve(
    connection: Connection, changes: Mapping[str, Change], *, in_file: Callable[[str], bool], read: int
) -> Resolved:
    """Follow every change to its end, through the file and the register.

    Raises FileRefused when a new number is in neither, a chain closes a circle, or a number was already replaced by
    another.
    """
    holders = _holders(connection, {*changes, *(change.new for change in changes.values())})
    ends: dict[str, str] = {}
    refused: list[RefusedLine] = []
    for old, change in changes.items():
        reason: Text | None = None
        end = _end(old, changes, holders)
        before = holders.get(old)
        if change.new not in holders and not in_file(change.new):
            reason = _NEW_UNKNOWN
        elif end is None:
            reason = _CIRCLE
        elif before is not None and before.current != old and _end(before.current, changes, holders) != end:
            reason = _REPLACED
        if reason is not None:
            refused.append(RefusedLine(change.line, NEW_NUMBER, reason))
        elif end is not None:
            ends[old] = end
    if refused:
        raise FileRefused(read, refused)
    return Resolved(ends, holders)


def _end(number: str, changes: Mapping[str, Change], holders: Mapping[str, Holder]) -> str | None:
    """Return the number at the end of a chain; None for a circle."""
    passed: set[str] = set()
    while number not in passed:
        passed.add(number)
        if number in changes:
            number = changes[number].new
        elif number in holders and holders[number].current != number:
            number = holders[number].current
        else:
            return number
    return None


def _holders(connection: Connection, numbers: Iterable[str]) -> dict[str, Holder]:
    found: dict[str, Holder] = {}
    for batch in batches(numbers):
        query = select(cprnummer.c.cprnr, person.c.id, person.c.cprnr).join_from(cprnummer, person)
        for number, person_id, current in connection.execute(query.where(cprnummer.c.cprnr.in_(batch))):
            found[number] = Holder(person_id, current)
    return found


def join_known(connection: Connection, resolved: Resolved, tally: Tally, *, invented_allowed: bool) -> set[int]:
    """Assign every replaced number that the register knows to the person at the end of its chain.

    Returns these persons' ids. Call it before the file's other lines are stored.
    """
    joined: set[int] = set()
    for old, end in resolved.ends.items():
        before, after = resolved.holders.get(old), resolved.holders.get(end)
        if before is None:
            continue
        if after is not None and before.person_id == after.person_id:
            tally.unchanged += 1
            continue
        stays, goes = _join(connection, old, end, invented_allowed=invented_allowed)
        joined = joined - {goes} | {stays}
        tally.changed += 1
    return joined


def add_unknown(connection: Connection, resolved: Resolved, tally: Tally) -> None:
    """Add the replaced numbers that the register did not know to the persons at the ends of their chains.

    Call it after the file's other lines are stored.
    """
    unknown = [old for old in resolved.ends if old not in resolved.holders]
    for batch in batches(unknown):
        holders = _holders(connection, {resolved.ends[old] for old in batch})
        rows = [{"cprnr": old, "person_id": holders[resolved.ends[old]].person_id} for old in batch]
        connection.execute(insert(cprnummer), rows)
    tally.added += len(unknown)


def _join(connection: Connection, old: str, end: str, *, invented_allowed: bool) -> tuple[int, int]:
    """Make one person of the holders of two numbers; return the id that stays and the one that goes.

    The person known longest stays, so that its log remains true.
    """
    holders = _holders(connection, (old, end))
    mine = holders[old].person_id
    other = holders[end].person_id if end in holders else mine
    lock_persons(connection, (mine, other))
    born = birth_date(end, invented_allowed=invented_allowed)
    assert born is not None, "the first reading refused numbers without a date"
    stays, goes = min(mine, other), max(mine, other)
    values = {"cprnr": end, **asdict(birthdays(born))}
    if end not in holders:
        connection.execute(insert(cprnummer).values(cprnr=end, person_id=stays))
    elif stays != goes:
        values = {**_address(connection, other), **values}
        merge_persons(connection, goes, stays)
        home = Address(values[STATUS], values[KOMMUNE])
        bopael.record(connection, [bopael.Statement(stays, home)], state.now(connection))
    connection.execute(update(person).where(person.c.id == stays).values(**values))
    return stays, goes


def _address(connection: Connection, person_id: int) -> dict[str, Any]:
    names = ("navn", STATUS, KOMMUNE, "mail", "telefon", "kontakt_registreret", "beskyttet")
    columns = [person.c[name] for name in names]
    return dict(connection.execute(select(*columns).where(person.c.id == person_id)).mappings().one())
