"""The conformance suite for senders: a right one passes every task, each of the others fails its own."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.conformance import strangers
from tests.conformance.senders import BAD, CERTIFICATE, WRONG_CODE, Sender, TriesFirst, changing
from tests.conformance.target import InProcess, service
from tests.support import certificates
from udb.conformance.report import html
from udb.conformance.sender import judge, workbook
from udb.conformance.sender.workbook import SIGNED, Assignment, Handed, Task, tasks
from udb.conformance.shared import places, preflight, proxy, watch
from udb.conformance.shared.outcome import Outcome, Verdict
from udb.conformance.shared.scenario import shared
from udb.conformance.shared.stage import Caller, Stage
from udb.domain.errors import WrongUse
from udb.domain.services import REPORTS
from udb.sandbox.callers import EVERYTHING

BY_ID = {task.id: task for task in tasks()}


@pytest.fixture(scope="module")
def served(one_sandbox: Engine) -> Iterator[str]:
    """The address of the sandbox."""
    with capture_logs(), strangers.served(service(one_sandbox)) as url:
        yield url


@pytest.fixture(scope="module", autouse=True)
def certificate(one_sandbox: Engine) -> None:
    certificates.register(one_sandbox, EVERYTHING, certificates.issued(CERTIFICATE))


@pytest.fixture
def stage(one_sandbox: Engine) -> Stage:
    return preflight.look(InProcess(service(one_sandbox)), places.read(), None).stage


def worked(stage: Stage, served: str, chosen: Sequence[Task], kind: type[Sender]) -> list[Outcome]:
    """Return the outcomes of a sender's work on some tasks."""
    assignments = workbook.assign(stage, chosen)
    watched = proxy.Proxy(served, judge.planned(assignments, stage))
    with proxy.running(watched) as address:
        kind(address, stage.callers[""]).work(assignments)

    def outcomes() -> list[Outcome]:
        return [judge.judged(one, watched.passed, places.read()) for one in assignments]

    return watch.until_well(watched, outcomes, 0)


def test_a_good_sender_passes_every_task(stage: Stage, served: str) -> None:
    outcomes = worked(stage, served, tasks(), Sender)
    assert {outcome.scenario.id: outcome.wrong for outcome in outcomes if outcome.wrong} == {}
    assert len(outcomes) == len(tasks()) >= 40


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


def test_a_task_without_a_message_says_that_it_may_not_be_done(stage: Stage) -> None:
    (one,) = workbook.assign(stage, [BY_ID["afsender-afvist"]])
    (said,) = judge.judged(one, [], places.read()).wrong
    assert "Opgaven er ikke gjort" in said


def test_every_task_names_its_youth_its_institution_and_what_to_do(stage: Stage) -> None:
    found: list[Assignment] = workbook.assign(stage, tasks())
    page = html.workbook(found, Handed("http://sandkasse.example", None, 60), Caller("sandbox", "en-noegle"))
    for one in found:
        assert one.cprnr in one.text
        assert "{" not in one.text
        assert one.text.replace("»", "") in page
        assert one.task.advice
    for said in ("http://sandkasse.example", "sandbox", "en-noegle", "er det den 16. november 2026", "60 minutter"):
        assert said in page
    assert "certifikat</dt>" not in page.lower()
    assert len({one.cprnr for one in found}) == len(found)


def test_every_service_that_takes_reports_has_tasks_and_so_have_signed_calls() -> None:
    assert {service for task in tasks() for service in task.services} == REPORTS | {SIGNED}


def test_tasks_are_chosen_by_id_and_by_service() -> None:
    kontakt = workbook.choose((), ("IndberetInstitutionKontakt", "IndberetningOnsker"))
    assert [task.id for task in kontakt] == ["afsender-institutionskontakt", "afsender-oensker"]
    assert [task.id for task in workbook.choose(("afsender-fgu", "afsender-egu"), ())] == [
        "afsender-fgu",
        "afsender-egu",
    ]
    assert workbook.choose((), ()) == list(tasks())
    with pytest.raises(WrongUse, match=r"about FGU\. The services: IndberetningUngdomsuddannelse, "):
        workbook.choose((), ("FGU",))
    with pytest.raises(WrongUse, match="begins with afsender-fgu and is about IndberetningOnsker"):
        workbook.choose(("afsender-fgu",), ("IndberetningOnsker",))


@pytest.mark.parametrize("said", ["2026-08-09T24:00:00", "2026-08-10T00:00:00.0000000+02:00", "2026-08-09T22:00:00Z"])
def test_a_day_may_be_written_in_every_way_that_the_schema_allows(stage: Stage, served: str, said: str) -> None:
    (outcome,) = worked(stage, served, [BY_ID["afsender-optag"]], changing(lambda m, _: m | {"HaendelseDato": said}))
    assert outcome.wrong == []


def test_trials_count_neither_for_nor_against_a_sender(stage: Stage, served: str) -> None:
    outcomes = worked(stage, served, [BY_ID["afsender-afbrud"], BY_ID["afsender-oensker"]], TriesFirst)
    assert [outcome.wrong for outcome in outcomes] == [[], []]


def test_the_tasks_name_the_codes_of_their_kinds_of_report(stage: Stage) -> None:
    texts = {one.task.id: one.text for one in workbook.assign(stage, workbook.choose(("afsender-",), ()))}
    for kind, code, tasks_of in (
        ("STADS", "STADSKode", ("afsender-stads", "afsender-annullering-stads")),
        ("AKTIVITET", "ForberedendeAktivitetsKode", ("afsender-aktivitet", "afsender-afvist-aktivitet")),
        ("KOMMUNEAKTIVITET", "KommuneAktivitetsKode", ("afsender-kommuneaktivitet",)),
        ("JOBAKTIVITET", "AktivitetsgruppeKode", ("afsender-jobcenter", "afsender-annullering-jobcenter")),
    ):
        assert [one for one in tasks_of if shared().reports[kind][code] not in texts[one]] == []
