"""The file ``haendelser``: each standing event of the period.

Cancelled and repeated ones do not stand, and a cancellation is none.
"""

from collections.abc import Mapping
from typing import Any, Final

from udb.domain.clock import danish_date
from udb.domain.forloeb import Forloeb
from udb.statistics.extract.moment import Moment
from udb.statistics.extract.youths import Found

NAME: Final = "haendelser"
COLUMNS: Final = (
    *("haendelse_nummer", "id", "forloeb_nr", "art", "status", "dato", "registreret", "forsinkelse_dage", "system"),
    "raad",
)
MARK: Final = "markering"
"""The kind of a kommune's mark on another's event (IfoelgeKommunen)."""


def rows(found: Found, moment: Moment, courses: Mapping[str, Forloeb]) -> list[tuple[Any, ...]]:
    """Return the rows of a youth, by number. ``courses``: those of the period, by number."""
    home = {event.nummer: number for number, course in courses.items() for event in (*course.events, *course.marks)}
    made = []
    for event in found.counted:
        if not moment.request.covers(event.haendelse_dato):
            continue
        registered = danish_date(event.registreringstid)
        made.append(
            (
                event.nummer,
                found.id,
                home.get(event.nummer),
                event.art if event.ifoelge_kommunen is None else f"{MARK} {event.ifoelge_kommunen}",
                event.status,
                event.haendelse_dato,
                registered,
                (registered - event.haendelse_dato).days,
                found.systems.get(event.nummer),
                " ".join(found.advice.get(event.nummer, ())),
            )
        )
    return made
