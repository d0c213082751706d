"""The decision table of the two grants: judged in memory, by the slow second reading, and written out as its page."""

from collections import Counter
from datetime import date

import pytest

from tests.rules.memory import shipped_codes
from tests.tilskud import slow
from tests.tilskud.answers import INSTITUTIONS, Reported, events
from tests.tilskud.tabel import PAGE, Row, page, rows
from udb.domain import henvisning, udslusning
from udb.domain.tilskud import Judgement

CALLER = {"udslusning": "fgu", "henvisning": "gymnasium"}


def in_words(judgement: Judgement) -> str:
    """A judgement as the table writes it."""
    if judgement.refused is not None:
        return judgement.refused
    return judgement.grundlag.value if judgement.grundlag else "yes" if judgement.opfyldt else "no"


def judged_udslusning(history: tuple[Reported, ...], worked: dict[date, bool], today: date) -> str:
    codes, told = shipped_codes(), events(history)
    course = udslusning.latest_course(told, INSTITUTIONS["fgu"], codes)
    return in_words(udslusning.judge(course, told, worked, codes, today))


def judged_henvisning(history: tuple[Reported, ...], today: date) -> str:
    told = events(history)
    afbrud = henvisning.latest_afbrud(told, INSTITUTIONS["gymnasium"])
    return in_words(henvisning.judge(afbrud, told, shipped_codes(), today))


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
