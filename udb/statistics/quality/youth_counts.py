"""How many contacts are stale or missing, and how many courses lack an end or a renewed risk, by kommune and school.

A job of the kommuner's lists counts them while it works the lists out, by what the home kommune's look-up shows
(docs/spec/quality.md). No count names a youth.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from udb.statistics.quality import kept
from udb.statistics.quality.contact_years import Art
from udb.statistics.quality.timeliness import month_of

_NAME: Final = "unge"


@dataclass(slots=True)
class ContactCount:
    """Contacts of a kind: those that hold, the stale ones of these, and of so many youths that should have one the
    number without. ``mangler`` and ``af`` are None where no rule says who should have one.
    """

    gaeldende: int = 0
    foraeldede: int = 0
    mangler: int | None = 0
    af: int | None = 0


@dataclass(slots=True)
class CourseCount:
    """Open courses, those that lack an end, those with a risk mark, and those whose mark is not renewed."""

    aabne: int = 0
    mangler_afslutning: int = 0
    risiko: int = 0
    ikke_fornyet: int = 0


def _kinds() -> dict[Art, ContactCount]:
    found = {art: ContactCount() for art in Art}
    found[Art.EGEN] = ContactCount(mangler=None, af=None)
    return found


@dataclass(slots=True)
class Counts:
    """The counts of a kommune. ``unge``: residents of 15 to 29; ``uden_kui``: those without a contact of the kommune,
    whatever their situation, as the list has them; ``foraeldede_i_maalgruppe``: of the KUI target group those whose
    contact is stale.
    """

    unge: int = 0
    uden_kui: int = 0
    foraeldede_i_maalgruppe: int = 0
    kontakter: dict[Art, ContactCount] = field(default_factory=_kinds)
    forloeb: CourseCount = field(default_factory=CourseCount)


@dataclass(slots=True)
class Tally:
    """The counts under way: by kommune, and by main institution."""

    kommuner: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    skoler: dict[str, CourseCount] = field(default_factory=lambda: defaultdict(CourseCount))


@dataclass(frozen=True, slots=True)
class Youths:
    """The kept counts. ``foer``: those of stale and missing contacts (KUI) at the end of the month before, by kommune;
    empty when none were kept then.
    """

    kommuner: Mapping[str, Counts]
    skoler: Mapping[str, CourseCount]
    foer: Mapping[str, tuple[int, int]]
    beregnet: datetime


def keep_counts(connection: Connection, tally: Tally, now: datetime) -> None:
    """Keep the counts; the last ones of the month before stay beside them. ``now``: the domain's."""
    before = kept.raw(connection, _NAME)
    content = {
        "maaned": month_of(now.date()),
        "kommuner": {kode: asdict(one) for kode, one in tally.kommuner.items()},
        "skoler": {nummer: asdict(one) for nummer, one in tally.skoler.items()},
        "foer": _before(before.content if before is not None else None, month_of(now.date())),
    }
    kept.keep(connection, _NAME, content, now)


def youth_counts(connection: Connection) -> Youths | None:
    """Return the kept counts; None when none are worked out yet."""
    found = kept.kept(connection, _NAME, _made)
    return Youths(*found.content, found.beregnet) if found is not None else None


def _made(content: Any) -> tuple[dict[str, Counts], dict[str, CourseCount], dict[str, tuple[int, int]]]:
    return (
        {kode: _counts(row) for kode, row in content["kommuner"].items()},
        {nummer: CourseCount(**row) for nummer, row in content["skoler"].items()},
        {kode: (row[0], row[1]) for kode, row in content["foer"]["kommuner"].items()},
    )


def added(counts: Iterable[CourseCount]) -> CourseCount:
    """Return the sum of some counts."""
    found = CourseCount()
    for one in counts:
        for name in (of.name for of in fields(CourseCount)):
            setattr(found, name, getattr(found, name) + getattr(one, name))
    return found


def _counts(row: Mapping[str, Any]) -> Counts:
    return Counts(
        row["unge"],
        row["uden_kui"],
        row.get("foraeldede_i_maalgruppe", 0),
        {art: ContactCount(**row["kontakter"][art]) for art in Art},
        CourseCount(**row["forloeb"]),
    )


def _before(content: Any, month: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {"maaned": "", "kommuner": {}}
    if content is None or content["maaned"] > month:
        return nothing
    if content["maaned"] == month:
        found: dict[str, Any] = content["foer"]
        return found
    kui = {kode: row["kontakter"][Art.KUI] for kode, row in content["kommuner"].items()}
    return {
        "maaned": content["maaned"],
        "kommuner": {kode: [row["foraeldede"], row["mangler"]] for kode, row in kui.items()},
    }
