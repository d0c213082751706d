"""What an extract checks of itself while it is made; the manifest has the answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection

from udb.statistics.extract import unge, who
from udb.statistics.extract.moment import Moment

OK: Final = "ok"
DIFFERS: Final = "afvigelse"
_AT: Final = {name: place for place, name in enumerate(unge.COLUMNS)}


@dataclass(slots=True)
class Seen:
    """What the rows that were written add up to. ``parts``: of P, the first of F, U, B18 that holds, or the rest."""

    by_kommune: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    events: int = 0
    without_person: int = 0
    without_forloeb: int = 0

    def add(self, youths: Sequence[Sequence[Any]], courses: Sequence[Sequence[Any]], events: Sequence[Any]) -> None:
        """Count the rows of a batch: of ``unge``, ``forloeb`` and ``haendelser``."""
        for row in youths:
            if row[_AT["i_P"]]:
                self.by_kommune[row[_AT["kommunekode"]] or ""] += 1
                part = next((name for name in ("F", "U", "B18", "restgruppe") if row[_AT[name]]), "ingen")
                self.parts[part] += 1
        ids, numbers = {row[0] for row in youths}, {row[1] for row in courses}
        self.without_person += sum(row[0] not in ids for row in courses)
        self.without_forloeb += sum(row[2] is not None and row[2] not in numbers for row in events)
        self.events += len(events)


def answers(connection: Connection, moment: Moment, seen: Seen) -> dict[str, dict[str, Any]]:
    """Return each check with its answer and counts. The snapshot is counted again, by statements of its own."""
    population = who.population(connection, moment.request)
    standing = who.standing_events(connection, moment.request)
    whole, rest = sum(population.values()), sum(seen.parts.values()) - seen.parts["ingen"]
    differing = sorted(
        kommune
        for kommune in population.keys() | seen.by_kommune.keys()
        if population.get(kommune, 0) != seen.by_kommune[kommune]
    )
    missing = moment.missing_months
    return {
        "unge_efter_kommune": _answer(not differing, P=whole, unge=seen.by_kommune.total(), kommuner=differing),
        "dele_af_P": _answer(rest == whole, P=whole, **seen.parts),
        "forloeb_uden_person": _answer(not seen.without_person, antal=seen.without_person),
        "haendelser_uden_deres_forloeb": _answer(not seen.without_forloeb, antal=seen.without_forloeb),
        "haendelser": _answer(standing == seen.events, gaeldende=standing, skrevet=seen.events),
        "maaneder": _answer(not missing and not moment.unsettled, mangler=missing, under_beregning=moment.unsettled),
    }


def _answer(holds: object, **counts: Any) -> dict[str, Any]:
    return {"svar": OK if holds else DIFFERS, **counts}


def differing(checks: dict[str, dict[str, Any]]) -> list[str]:
    """Return the names of the checks that do not hold."""
    return [name for name, answer in checks.items() if answer["svar"] != OK]
