"""The reports as an auditor reads them: who was tested, with what, certified for which services, and why not."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread

import pytest
from lxml import html
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.conformance import strangers
from tests.conformance.senders import IgnoresTheRefusal, Sender
from tests.conformance.target import InProcess, service
from udb import __version__
from udb.conformance import session
from udb.conformance.fetcher.situations import SITUATIONS
from udb.conformance.report import certificate, krav, terminal
from udb.conformance.report import data as report_data
from udb.conformance.report import html as report_html
from udb.conformance.report.causes import by_cause
from udb.conformance.sender.workbook import Assignment, Handed
from udb.conformance.service.run import run
from udb.conformance.shared import outcome, places
from udb.conformance.shared.outcome import Caller, Outcome, PartOutcome, Run
from udb.conformance.shared.scenario import scenarios
from udb.conformance.shared.stage import Caller as Key
from udb.conformance.shared.stage import Stage
from udb.conformance.shared.transport import Reply, Request

FGU = "IndberetningForberedendeGrundUddannelse"
SITUATION = SITUATIONS[0].scenario


@pytest.fixture
def served(one_sandbox: Engine) -> Iterator[str]:
    """The address of a sandbox."""
    with capture_logs(), strangers.served(service(one_sandbox)) as url:
        yield url


def worked(
    monkeypatch: pytest.MonkeyPatch, url: str, kind: type[Sender], seconds: float = 30, *, only: Sequence[str] = ()
) -> Run:
    """Return the run of a sender that does the tasks of FGU."""
    working: list[Thread] = []
    hand_out = session._hand_out

    def begin(stage: Stage, assignments: Sequence[Assignment], handed: Handed, folder: Path | None) -> None:
        hand_out(stage, assignments, handed, folder)
        Sender(handed.address, Key("sandbox", "forkert")).work(assignments[:1])
        working.append(Thread(target=kind(handed.address, stage.callers[""]).work, args=(assignments,)))
        working[0].start()

    monkeypatch.setattr(session, "say", lambda _text: None)
    monkeypatch.setattr(session, "_hand_out", begin)
    try:
        return session.of_sender(
            url,
            places.read(),
            bind="127.0.0.1:0",
            only=only,
            services=(FGU,),
            folder=None,
            seconds=seconds,
            quiet=0.5,
        )
    finally:
        working[0].join(30)


def test_a_senders_report_names_system_suite_and_what_it_is_certified_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], served: str
) -> None:
    result = worked(monkeypatch, served, Sender)
    assert result.passed
    assert result.callers == (Caller("sandbox", "UDB konformitet", ("Skolen",)),)
    page = html.document_fromstring(report_html.page(result))
    assert page.findtext("head/title") == "Afprøvning af en afsender: UDB konformitet"
    text = " ".join(page.text_content().split())
    assert "UDB konformitet (system sandbox, KildeLeverandoer Skolen)" in text
    assert f"UDB {__version__}, udgave {certificate.edition()}" in text
    assert f"✓ {FGU}: certificeret, 5 af 5 bestået" in text
    assert "2 kald uden rigtig nøgle (UDB009101) er ikke bedømt." in text
    assert page.xpath("//script | //img | //link | //*[@src]") == []
    written = json.loads(report_data.as_json(result))
    assert written["systemer"] == [{"id": "sandbox", "SystemName": "UDB konformitet", "KildeLeverandoer": ["Skolen"]}]
    assert written["suite"] == {"version": __version__, "udgave": certificate.edition()}
    assert written["certificeret"] == [{"tjeneste": FGU, "certificeret": True, "opgaver": 5, "bestaaet": 5}]
    assert {one["nummer"]: one["krav"] for one in written["krav"]}["F082"] == "FGU: indberet optaget"
    terminal.show(result, None)
    assert f"Certified for {FGU}: 5 of 5 tasks passed" in capsys.readouterr().out


def test_who_fails_a_task_or_leaves_one_out_is_not_certified(monkeypatch: pytest.MonkeyPatch, served: str) -> None:
    failed = worked(monkeypatch, served, IgnoresTheRefusal, seconds=4)
    assert [(one.service, one.is_certified, one.passed, one.of) for one in certificate.certificates(failed)] == [
        (FGU, False, 4, 5)
    ]
    monkeypatch.undo()
    few = worked(monkeypatch, served, Sender, only=("afsender-fgu",))
    assert few.passed
    assert [one.said for one in certificate.certificates(few)] == ["ikke certificeret, 1 af 5 bestået"]


def test_a_fetchers_report_is_about_the_kommunes_service() -> None:
    done = Run("http://x", outcomes=[Outcome(one.scenario) for one in SITUATIONS], of=outcome.Tested.FETCHER)
    assert [(one.service, one.said) for one in certificate.certificates(done)] == [
        ("DataTilKommune", "certificeret, 7 af 7 bestået")
    ]
    assert "Afprøvning af en henter" in report_html.page(done)


def test_failures_of_one_cause_are_shown_together_and_told_once() -> None:
    def failed(*wrong: str) -> Outcome:
        return Outcome(SITUATION, (PartOutcome("en", wrong, ()),))

    found = by_cause(
        [
            failed("Trin 1: Svaret er HTML."),
            failed("Trin 2: UDB-12345678901234567890123 er lavere."),
            failed("Trin 3: UDB-00000000000000000000000 er lavere.", "Trin 4: Svaret er HTML."),
            failed("Trin 9: UDB-00000000000000000000001 er lavere."),
        ]
    )
    assert [(cause, len(outcomes)) for cause, outcomes in found] == [("… er lavere.", 3), ("Svaret er HTML.", 1)]


def test_what_passed_is_folded_and_what_failed_is_not(target: InProcess) -> None:
    class Broken(InProcess):
        def send(self, request_: Request) -> Reply:
            is_fetch = b"HentHaendelserRequest" in request_.body
            return Reply(200, {"content-type": "text/html"}, b"<html>") if is_fetch else super().send(request_)

    chosen = [one for one in scenarios() if one.id.startswith(("hentning", "kontrakt-ping", "regel-5001"))]
    result = run(Broken(target.app), "http://x", chosen, places=places.read())
    page = html.document_fromstring(report_html.page(result))
    assert page.findtext("head/title") == "Afprøvning af tjenesten: http://x"
    causes = page.xpath("//section[@class='cause']/h3")
    assert [one.text for one in causes] == ["Svaret er HTML (HTTP 200, text/html)."]
    folded = {one.get("id") for one in page.xpath("//details//article")}
    assert {"kontrakt-ping", "regel-5001-rigtig", "F062"} <= folded
    failing = next(one.scenario for one in result.outcomes if one.wrong)
    assert failing.id not in folded
    assert failing.krav[0] not in folded
    ids = [one.get("id") for one in page.xpath("//*[@id]")]
    assert len(ids) == len(set(ids))
    assert {link.get("href")[1:] for link in page.xpath("//a")} <= set(ids)


def test_every_requirement_is_said_in_danish() -> None:
    assert [row.nummer for row in krav.rows() if not row.text.da] == []
    # Names of elements alone are the same in both.
    assert [row.nummer for row in krav.rows() if row.text.da == row.text.en] == ["F168"]
    assert next(row for row in krav.rows() if row.nummer == "F022").text.da == "Kun unge med bopæl i Danmark"
