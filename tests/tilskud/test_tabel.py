"""The decision table of the two grants: judged in memory, by the slow second reading, and written out as its page."""

from collections import Counter

import pytest

from tests.tilskud import slow
from tests.tilskud.answers import judged_henvisning, judged_udslusning
from tests.tilskud.tabel import PAGE, Row, page, rows

CALLER = {"udslusning": "fgu", "henvisning": "gymnasium"}


@pytest.mark.parametrize("row", rows(), ids=str)
def test_a_row_in_memory_and_by_the_slow_reading(row: Row) -> None:
    if row.grant == "udslusning":
        both = (
            judged_udslusning(row.history, row.worked, row.asked),
            slow.udslusning(row.history, "fgu", row.worked, row.asked),
        )
    else:
        both = (judged_henvisning(row.history, row.asked), slow.henvisning(row.history, "gymnasium", row.asked))
    assert both == (row.answer, row.answer)


def test_every_answer_has_rows() -> None:
    answers = {grant: Counter(row.answer for row in rows() if row.grant == grant) for grant in CALLER}
    assert set(answers["udslusning"]) == {"8101", "8102", "8103", "8104", "Uddannelse", "Beskaeftigelse", "no"}
    assert set(answers["henvisning"]) == {"8201", "8202", "8204", "yes", "no"}
    assert all(count > 1 for counts in answers.values() for count in counts.values())


def test_the_page_is_made_from_the_table_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make docs"
