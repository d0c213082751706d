"""The facts that access needs about an event, where they depend on reports that are no longer in force."""

from tests.support.events import event, mark, number
from tests.support.world import KOMMUNE
from udb.domain.kodesaet import Kodesaet
from udb.domain.visibility import NOTHING, visibility

NO_CODES = Kodesaet(1, ())


def test_a_mark_is_filed_with_the_repetition_of_the_report_that_it_names() -> None:
    """The report was sent again under a new CPR number after the kommune had marked it."""
    marked = mark(2, about=1).but(institution_nummer=KOMMUNE, hovedinstitution=KOMMUNE)
    history = [event(1, gentaget=True), marked, event(3, plads=number(1), gentager=number(1))]
    seen = visibility(history, NO_CODES)
    assert seen[number(1)] == NOTHING
    assert seen[number(3)].aabent_hos == seen[number(2)].aabent_hos == event(1).hovedinstitution
