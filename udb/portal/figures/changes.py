"""Changes of source system, marked in the lines over months (docs/spec/system_change.md)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from udb.domain.clock import add_months, month_end, month_in_words
from udb.portal.figures.place import Place
from udb.portal.figures.screen import MOST_MONTHS
from udb.portal.line_picture import Point
from udb.statistics.frozen import Run
from udb.statistics.system_change.marks import marks_of_kommune


def system_changes(connection: Connection, here: Place, run: Run, points: Sequence[Point]) -> Mapping[str, str]:
    """Return the words of the kommune's changes by the label of their month; to its own user and STIL alone."""
    if here.kode is None or not here.may_see_exactly:
        return {}
    found = marks_of_kommune(connection, here.kode, add_months(run.dag, -MOST_MONTHS), month_end(run.dag))
    labels = {point.label for point in points}
    return {label: mark.tekst for mark in found if (label := month_in_words(mark.dag)) in labels}
