"""What the rules of a coming day would refuse of what is stored, by sender and code (docs/spec/quality.md, Rule check).

Judging all that is stored takes hours in a whole country, so it is done by command, and the result is kept.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, select

from udb.recheck.recheck import Change, Summary
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor
from udb.statistics.quality import kept
from udb.store.engine import reading, writing
from udb.store.tables import haendelse

KEPT_AS: Final = "regler"
"""The name of the kept check."""
_AT_ONCE: Final = 500
_Sender = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Coming:
    """Reports that a sender has made and a rule would refuse. ``system_id`` None: not known which system sent them."""

    institution_nummer: str
    service: str
    system_id: str | None
    kode: str
    antal: int


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """A kept check. ``dag``: the day of the rules; ``bedoemt``: how many stored reports of all senders were judged."""

    rows: list[Coming]
    dag: date
    bedoemt: int
    beregnet: datetime


def next_day(today: date) -> date:
    """Return the first day on which a rule comes into force or ends; today when no change is known."""
    days = {rule.in_force_from for rule in BY_CODE.values()}
    days |= {rule.in_force_to for rule in BY_CODE.values() if rule.in_force_to is not None}
    return min((day for day in days if day > today), default=today)


class Collector:
    """Counts changes that would be refused, by sender, while they pass."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: list[Change] = []
        self._counts: Counter[tuple[_Sender, str]] = Counter()

    def add(self, change: Change) -> None:
        """Count one change."""
        if change.refused:
            self._waiting.append(change)
        if len(self._waiting) >= _AT_ONCE:
            self._settle()

    def passed(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Yield changes, each counted."""
        for change in changes:
            self.add(change)
            yield change

    def keep(self, summary: Summary, day: date, now: datetime) -> None:
        """Keep what was counted. ``day``: that of the rules; ``now``: the domain's."""
        self._settle()
        rows = [[*sender, code, count] for (sender, code), count in self._counts.items()]
        content = {"dag": day.isoformat(), "bedoemt": summary.events, "raekker": sorted(rows, key=str)}
        with writing(self._engine) as connection:
            kept.keep(connection, KEPT_AS, content, now)

    def _settle(self) -> None:
        numbers = [change.nummer for change in self._waiting]
        query = select(haendelse.c.nummer, haendelse.c.institution_nummer, haendelse.c.service, haendelse.c.system_id)
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(haendelse.c.nummer.in_(numbers)))
            senders: dict[str, _Sender] = {row[0]: (row[1], row[2], row[3]) for row in rows}
        for change in self._waiting:
            for code in set(change.now) - set(change.before):
                if change.nummer in senders and (code not in BY_CODE or BY_CODE[code].alvor is Alvor.HAARD):
                    self._counts[senders[change.nummer], code] += 1
        self._waiting = []


def rule_check(connection: Connection, of: Collection[str] | None) -> RuleCheck | None:
    """Return the kept check, of some institutions or of all (None); None when none was made."""
    found = kept.kept(connection, KEPT_AS, _made)
    if found is None:
        return None
    rows, day, judged = found.content
    return RuleCheck([one for one in rows if of is None or one.institution_nummer in of], day, judged, found.beregnet)


def _made(content: Any) -> tuple[list[Coming], date, int]:
    rows = [Coming(*row) for row in content["raekker"]]
    return rows, date.fromisoformat(content["dag"]), content["bedoemt"]
