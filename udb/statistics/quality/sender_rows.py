"""The rows of ``udb senders`` as pages show them, with the day on which a verdict changed (docs/spec/quality.md)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from udb.domain.clock import danish_date
from udb.statistics.quality import kept
from udb.statistics.senders import Sender, senders, verdicts_before
from udb.statistics.verdict import WINDOW, Verdict

_NAME: Final = "afsendere"
_INSTANTS: Final = ("seneste_accepterede", "seneste_afviste")
_DAYS: Final = ("tilbage", "afloest_dato")


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that changed: what it was before, and the day on which the new one was first seen."""

    foer: Verdict
    dag: date


@dataclass(frozen=True, slots=True)
class SenderRows:
    """The kept rows. ``aendret``: the changes of the last 30 days, by institution and service.

    ``tavse_foer``: the pairs that were silent when the month began.
    """

    rows: Sequence[Sender]
    aendret: Mapping[tuple[str, str], Change]
    tavse_foer: Collection[tuple[str, str]]
    beregnet: datetime


def refresh_senders(connection: Connection, now: datetime) -> None:
    """Keep the rows of every sender. ``now``: the domain's."""
    today = now.date()
    rows = senders(connection, today)
    month_began = verdicts_before(connection, today.replace(day=1))
    silent = [list(key) for key, verdict in month_began.items() if verdict is Verdict.TAVS]
    changes = _changes(kept.raw(connection, _NAME), rows, today)
    content = {
        "raekker": [_as_json(one) for one in rows],
        "aendret": [[*key, one.foer, one.dag.isoformat()] for key, one in changes.items()],
        "tavse_foer": silent,
    }
    kept.keep(connection, _NAME, content, now)


def sender_rows(connection: Connection, of: Collection[str] | None) -> SenderRows | None:
    """Return the kept rows of some institutions, or of all (None); None when none are worked out yet."""
    found = kept.kept(connection, _NAME, _made)
    if found is None:
        return None
    rows, changes, silent = found.content
    if of is None:
        return SenderRows(rows, changes, silent, found.beregnet)
    return SenderRows(
        [one for one in rows if one.institution_nummer in of],
        {key: one for key, one in changes.items() if key[0] in of},
        frozenset(key for key in silent if key[0] in of),
        found.beregnet,
    )


_Key = tuple[str, str]


def _made(content: Any) -> tuple[Sequence[Sender], Mapping[_Key, Change], frozenset[_Key]]:
    silent = frozenset((row[0], row[1]) for row in content["tavse_foer"])
    return [_as_sender(one) for one in content["raekker"]], _known(content), silent


def _known(content: Any) -> dict[tuple[str, str], Change]:
    return {(row[0], row[1]): Change(Verdict(row[2]), date.fromisoformat(row[3])) for row in content["aendret"]}


def _changes(before: kept.Kept[Any] | None, rows: Collection[Sender], today: date) -> dict[tuple[str, str], Change]:
    """Return the changes to be shown: those that are new, and those of before that are not 30 days old."""
    if before is None:
        return {}
    was = {(one["institution_nummer"], one["service"]): Verdict(one["vurdering"]) for one in before.content["raekker"]}
    shown = {key: one for key, one in _known(before.content).items() if today - one.dag <= timedelta(days=WINDOW)}
    if danish_date(before.beregnet) > today:
        # The sandbox's clock was set back: what was seen is still to come.
        return {}
    for row in rows:
        key = row.institution_nummer, row.service
        former = was.get(key)
        if former is not None and former is not row.vurdering:
            shown[key] = Change(former, today)
    return shown


def _as_json(one: Sender) -> dict[str, Any]:
    values = asdict(one)
    for name in (*_INSTANTS, *_DAYS):
        values[name] = values[name].isoformat() if values[name] is not None else None
    return values


def _as_sender(row: Mapping[str, Any]) -> Sender:
    values = dict(row)
    for name in _INSTANTS:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    for name in _DAYS:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    return Sender(**values | {"vurdering": Verdict(values["vurdering"])})
