"""The conformance suite for senders: a right one passes every task, each of the others fails its own."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.conformance import strangers
from tests.conformance.senders import BAD, WRONG_CODE, Sender, changing
from tests.conformance.target import InProcess, service
from udb.conformance.report import html
from udb.conformance.sender import judge, workbook
from udb.conformance.sender.workbook import Assignment, Task, tasks
from udb.conformance.shared import places, preflight, proxy, watch
from udb.conformance.shared.outcome import Outcome, Verdict
from udb.conformance.shared.stage import Stage

BY_ID = {task.id: task for task in tasks()}


@pytest.fixture(scope="module")
def served(one_sandbox: Engine) -> Iterator[str]:
    """The address of the sandbox."""
    with capture_logs(), strangers.served(service(one_sandbox)) as url:
        yield url


@pytest.fixture
def stage(one_sandbox: Engine) -> Stage:
    return preflight.look(InProcess(service(one_sandbox)), places.read(), None).stage


def worked(stage: Stage, served: str, chosen: Sequence[Task], kind: type[Sender]) -> list[Outcome]:
    """Return the outcomes of a sender's work on some tasks."""
    assignments = workbook.assign(stage, chosen)
    watched = proxy.Proxy(served, judge.cutting(assignments))
    with proxy.running(watched) as address:
        kind(address, stage.callers[""]).work(assignments)

    def outcomes() -> list[Outcome]:
        return [judge.judged(one, watched.passed, places.read()) for one in assignments]

    return watch.until_well(watched, outcomes, 0)


def test_a_good_sender_passes_every_task(stage: Stage, served: str) -> None:
    outcomes = worked(stage, served, tasks(), Sender)
    assert {outcome.scenario.id: outcome.wrong for outcome in outcomes if outcome.wrong} == {}
    assert len(outcomes) == len(tasks()) >= 10


@pytest.mark.parametrize("name", BAD)
def test_each_bad_sender_fails_its_task(stage: Stage, served: str, name: str) -> None:
    kind, failing = BAD[name]
    (outcome,) = worked(stage, served, [BY_ID[failing]], kind)
    assert outcome.verdict is Verdict.FAILED
    assert outcome.wrong


def test_a_refusal_is_told_with_the_codes_that_refused_it(stage: Stage, served: str) -> None:
    """The afbrud of two weeks ago has the advice 3007 too."""
    kind = changing(lambda message, _: {name: one for name, one in message.items() if name != "AfbrudsarsagsKode"})
    (outcome,) = worked(stage, served, [BY_ID["afsender-afbrud"]], kind)
    assert outcome.wrong == ["IndberetningUngdomsuddannelse blev afvist: 4003.", "Der er modtaget 1 af 2 beskeder."]


def test_of_one_message_the_count_is_singular(stage: Stage, served: str) -> None:
    (outcome,) = worked(stage, served, [BY_ID["afsender-optag"]], changing(lambda message, _: message | WRONG_CODE))
    assert outcome.wrong == ["IndberetningUngdomsuddannelse blev afvist: 4001.", "Der er modtaget 0 af 1 besked."]


def test_every_task_names_its_youth_its_institution_and_what_to_do(stage: Stage) -> None:
    found: list[Assignment] = workbook.assign(stage, tasks())
    page = html.workbook(found, "http://sandkasse.example")
    for one in found:
        assert one.cprnr in one.text
        assert "{" not in one.text
        assert one.text.replace("»", "") in page
        assert one.task.advice
    assert "I sandkassen er det den 16. november 2026." in page
    assert len({one.cprnr for one in found}) == len(found)
