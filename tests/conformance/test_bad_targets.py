"""A target that is down, slow, another service or gone midway: a clear message, and a list of what was and was not
tried.
"""

import json
import sys
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from lxml import etree, html
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.conformance import strangers
from tests.conformance.target import InProcess, service
from tests.support import certificates
from tests.support.endpoint import request
from udb import cli
from udb.conformance.report import certificate
from udb.conformance.report import data as report_data
from udb.conformance.report import html as report_html
from udb.conformance.service.run import NOTHING_RESET, STOPPED, run
from udb.conformance.shared import places
from udb.conformance.shared.outcome import Verdict
from udb.conformance.shared.preflight import NO_SANDBOX
from udb.conformance.shared.scenario import scenarios
from udb.conformance.shared.transport import HttpTransport, Reply, Request
from udb.domain.clock import time_in_words
from udb.domain.errors import TargetUnavailable, WrongUse
from udb.domain.text import Text

SILENT = Text("Intet svar inden for 0.2 sekunder", "No answer within 0.2 seconds")
NO_HTTP = Text("taler ikke HTTP", "does not speak HTTP")


def conformance(monkeypatch, capsys, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["udb", "conformance", "service", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (strangers.nobody(), Text("Ingen svarer på adressen", "Nothing answers at the address")),
        (strangers.silent(), SILENT),
        (strangers.dripping(), SILENT),
        (strangers.without_tls(), Text("taler ikke TLS", "does not speak TLS")),
        (strangers.answering(strangers.HTML), Text("HTML-side", "an HTML page")),
        (
            strangers.answering(strangers.ELSEWHERE),
            Text(
                "viderestilling (HTTP 301) til https://udb.example/services",
                "redirect (HTTP 301) to https://udb.example/services",
            ),
        ),
        (strangers.answering(strangers.JSON), Text("ikke med XML", "does not answer with XML")),
        (strangers.answering(strangers.OTHER_CONTRACT), Text("en anden kontrakt", "another contract")),
        (strangers.answering(strangers.HALF), NO_HTTP),
        (strangers.answering(strangers.NO_HTTP), NO_HTTP),
        (strangers.answering(strangers.NOTHING), Text("Forbindelsen blev afbrudt", "The connection was closed")),
    ],
    ids=[
        *("down", "slow", "a byte at a time", "no TLS", "HTML", "elsewhere", "JSON", "another contract"),
        *("half an answer", "no HTTP", "hangs up"),
    ],
)
def test_what_is_no_udb_gets_a_word_a_report_and_exit_code_3(
    monkeypatch, capsys, tmp_path: Path, target: AbstractContextManager[str], said: Text
) -> None:
    options = ("--timeout", "0.2", "--only", "kontrakt-ping", "--report", str(tmp_path))
    with target as url:
        code, out, err = conformance(monkeypatch, capsys, "--url", url, *options)
    assert (code, err.strip()) == (3, "")
    assert said.en in out
    assert "Nothing was run." in out
    assert "Traceback" not in out
    assert _junit(tmp_path) == {"skipped": ("0", 0), "error": ("1", 1)}
    assert said.da in html.document_fromstring((tmp_path / "rapport.html").read_text(encoding="utf-8")).text_content()


def test_a_certificate_nobody_trusts_is_said_to_be_that(monkeypatch, capsys) -> None:
    own = certificates.for_service()
    with strangers.with_certificate(own.file, own.key_file) as url:
        code, out, _ = conformance(monkeypatch, capsys, "--url", url)
    assert code == 3
    assert "certificate cannot be verified" in out
    assert "SSL_CERT_FILE" in out


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://x", "http://", "http://x:99999", "http://x/?a=b"])
def test_what_is_no_address_is_wrong_use(url: str) -> None:
    with pytest.raises(WrongUse):
        HttpTransport(url)


@pytest.mark.parametrize("key", ["uden-kolon", ":x", "x:"])
def test_what_is_no_key_is_wrong_use(target: InProcess, key: str) -> None:
    with pytest.raises(WrongUse):
        run(target, "here", scenarios()[:1], places=places.read(), key=key)


@pytest.mark.parametrize("key", ["sandbox:forkert", "ingen-af-dem:forkert"])
def test_a_key_the_target_does_not_know_is_wrong_use_and_no_fault_of_the_target(target: InProcess, key: str) -> None:
    with pytest.raises(WrongUse, match="UDB009101"):
        run(target, "here", scenarios()[:1], places=places.read(), key=key)


def test_places_without_a_number_for_every_name_are_wrong_use(tmp_path: Path) -> None:
    file = tmp_path / "steder.yaml"
    shipped = places.SHIPPED.read_text(encoding="utf-8")
    file.write_text(shipped, encoding="utf-8")
    assert places.read(file) == places.read()
    file.write_text(shipped.replace("  efterskole:", "  en_anden:").replace('  kommune: "101"', ""), encoding="utf-8")
    with pytest.raises(WrongUse, match="no number for efterskole, kommune:"):
        places.read(file)


def test_reports_that_cannot_be_written_are_told_before_anything_is_run(monkeypatch, capsys, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("")
    for folder in (tmp_path / "fil", tmp_path / "fil" / "under"):
        code, _, err = conformance(monkeypatch, capsys, "--url", "http://127.0.0.1:1", "--report", str(folder))
        assert code == 2
        assert err.startswith("--report")
        assert "Traceback" not in err


def test_a_wrong_file_of_places_or_name_of_a_scenario_is_wrong_use(monkeypatch, capsys, tmp_path: Path) -> None:
    for text in ("- et\n- to\n", "institutioner: {kommune: 281111}\n", "fremmed: {}\n", "{"):
        (tmp_path / "steder.yaml").write_text(text)
        code, _, err = conformance(monkeypatch, capsys, "--places", str(tmp_path / "steder.yaml"))
        assert (code, "is not a file of places" in err) == (2, True)
    assert conformance(monkeypatch, capsys, "--places", str(tmp_path / "ingen"))[0] == 2
    assert conformance(monkeypatch, capsys, "--only", "findes-ikke")[0] == 2


def test_without_a_sandbox_what_can_be_run_is_run_and_the_rest_says_why(sandbox: Engine, target: InProcess) -> None:
    class NoSandboxApi(InProcess):
        def send(self, request_: Request) -> Reply:
            return Reply(404, {}, b"") if request_.path.startswith("/sandbox") else super().send(request_)

    bare = NoSandboxApi(service(sandbox))
    result = run(bare, "here", scenarios(), places=places.read())
    tried = [outcome.scenario.id for outcome in result.outcomes if outcome.verdict is Verdict.PASSED]
    assert tried == ["kontrakt-filer", "kontrakt-ping", "kontrakt-ukendt-adresse"]
    assert result.count(Verdict.FAILED) == 0
    assert all(outcome.reason for outcome in result.outcomes if outcome.verdict is Verdict.NOT_RUN)
    assert NO_SANDBOX in result.without
    reset = run(bare, "here", scenarios()[:1], places=places.read(), reset=True)
    assert NOTHING_RESET in reset.without
    (everything,) = [system for system in _status(target)["systemer"] if system["id"] == "sandbox"]
    result = run(bare, "here", scenarios(), places=places.read(), key=f"sandbox:{everything['noegle']}")
    tried = [outcome.scenario.id for outcome in result.outcomes if outcome.verdict is Verdict.PASSED]
    assert {"kontrakt-skema", "kontrakt-godkendelse", "kontrakt-kvittering"} <= set(tried)
    assert result.count(Verdict.FAILED) == 0


HOST_SAYS = "Serveren svarer ikke på denne Host. Brug en, der står i UDB_VAERTER eller UDB_ADRESSE."


def test_a_refused_host_is_said_to_be_that_and_not_a_missing_sandbox(
    monkeypatch, capsys, sandbox: Engine, tmp_path: Path
) -> None:
    app = service(sandbox)

    def under_another_name(environ, start_response):
        return app({**environ, "HTTP_HOST": "udb-test:8080"}, start_response)

    with capture_logs(), strangers.serving(under_another_name) as url:
        code, out, _ = conformance(monkeypatch, capsys, "--url", url, "--report", str(tmp_path))
    assert code == 3
    assert "refuses the name by which it is called (HTTP 421)" in out
    assert HOST_SAYS in out
    assert "No sandbox" not in out
    page = html.document_fromstring((tmp_path / "rapport.html").read_text(encoding="utf-8")).text_content()
    assert f"Tjenesten afviser det navn, den kaldes under (HTTP 421): {HOST_SAYS}" in page


@pytest.mark.parametrize(("status", "ends"), [(403, True), (401, False)])
def test_what_a_refusing_sandbox_says_is_passed_on(target: InProcess, *, status: int, ends: bool) -> None:
    said = HOST_SAYS if ends else "Log ind først."

    class Refusing(InProcess):
        def send(self, request_: Request) -> Reply:
            body = json.dumps({"fejl": said}).encode()
            refused = Reply(status, {"content-type": "application/json"}, body)
            return refused if request_.path.startswith("/sandbox") else super().send(request_)

    result = run(Refusing(target.app), "here", scenarios()[:1], places=places.read())
    assert (result.ended is not None) is ends
    texts = [text.da for text in ([result.ended] if result.ended else result.without)]
    assert [text for text in texts if text.endswith(f"(HTTP {status}): {said}")] != []


def test_a_contract_that_is_refused_is_said_with_the_reason(target: InProcess) -> None:
    class UnderAnotherName(InProcess):
        def send(self, request_: Request) -> Reply:
            if request_.method == "GET" and request_.path.startswith("/services"):
                answer = request(self.app, "GET", f"http://udb-test:8080{request_.path}", b"", request_.headers)
                return Reply(answer.status, answer.headers, answer.body)
            return super().send(request_)

    chosen = [one for one in scenarios() if one.id == "kontrakt-filer"]
    result = run(UnderAnotherName(target.app), "here", chosen, places=places.read())
    assert "udleveres ikke (HTTP 4" in result.outcomes[0].wrong[0]
    assert "UDB009107" in result.outcomes[0].wrong[0]
    assert "UDB_VAERTER" in result.outcomes[0].wrong[0]


def test_what_could_not_be_run_is_a_failure_where_everything_must_be(
    monkeypatch, capsys, sandbox: Engine, tmp_path: Path
) -> None:
    whole = service(sandbox)

    def without_sandbox_api(environ, start_response):
        if environ["PATH_INFO"].startswith("/sandbox"):
            start_response("404 Not Found", [])
            return []
        return whole(environ, start_response)

    chosen = ("--report", str(tmp_path), "--only", "kontrakt-ping", "--only", "hentning-eksempel")
    with capture_logs(), strangers.served(without_sandbox_api) as url:
        usual = conformance(monkeypatch, capsys, "--url", url, *chosen)
        left_out = _junit(tmp_path)
        strict = conformance(monkeypatch, capsys, "--url", url, *chosen, "--require-all")
        # Scenarios that were not chosen do not count as missing.
        only_what_can = conformance(monkeypatch, capsys, "--url", url, "--only", "kontrakt-ping", "--require-all")

    code, out, _ = usual
    assert (code, "1 passed, 0 failed, 1 not run" in out) == (0, True)
    assert "1 scenario was not run. It takes a sandbox" in out
    assert left_out == {"skipped": ("1", 1), "error": ("0", 0)}

    code, out, _ = strict
    assert (code, "1 passed, 0 failed, 1 not run" in out) == (1, True)
    assert "--require-all" in out
    assert _junit(tmp_path) == {"skipped": ("0", 0), "error": ("1", 1)}
    written = json.loads((tmp_path / "rapport.json").read_text(encoding="utf-8"))
    assert (written["bestaaet"], written["kraev_alt"]) == (False, True)
    assert "Ikke alt kunne afprøves." in (tmp_path / "rapport.html").read_text(encoding="utf-8")

    assert (only_what_can[0], "1 passed" in only_what_can[1]) == (0, True)


def _junit(folder: Path) -> dict[str, tuple[str | None, int]]:
    """Return how many cases of either kind the report says were not run, and how many it has."""
    suite = etree.parse(folder / "rapport.xml").getroot()[0]
    return {
        kind: (suite.get(counted), len(suite.findall(f"testcase/{kind}")))
        for kind, counted in (("skipped", "skipped"), ("error", "errors"))
    }


def _status(target: InProcess) -> dict:
    return json.loads(target.send(Request("GET", "/sandbox/status", headers={"X-UDB-Sandbox": "1"})).body)


def test_a_target_that_goes_away_ends_the_run_with_what_was_tried(sandbox: Engine) -> None:
    class GoesAway(InProcess):
        calls = count()

        def send(self, request_: Request) -> Reply:
            # How often the sandbox is asked for free numbers depends on the runs before.
            if request_.path.startswith("/services") and next(self.calls) > 60:
                raise TargetUnavailable(SILENT)
            return super().send(request_)

    chosen = [scenario for scenario in scenarios() if scenario.id.startswith(("kontrakt", "forloeb"))]
    result = run(GoesAway(service(sandbox)), "here", chosen, places=places.read())
    assert result.ended == STOPPED
    assert len(result.outcomes) == len(chosen)
    assert not result.passed
    assert (result.count(Verdict.PASSED) > 0, result.count(Verdict.NOT_RUN) > 0) == (True, True)
    assert "Tjenesten svarer ikke længere." in report_html.page(result)


def test_the_command_tells_and_writes_what_it_found(monkeypatch, capsys, sandbox: Engine, tmp_path: Path) -> None:
    with capture_logs(), strangers.served(service(sandbox)) as url:
        given = ("--url", url, "--report", str(tmp_path), "--only", "forloeb-fgu", "--only", "regel-5001")
        code, out, _ = conformance(monkeypatch, capsys, *given)
        assert (code, "3 passed, 0 failed" in out) == (0, True)
        code, out, _ = conformance(monkeypatch, capsys, *given, "--json")
    assert code == 0
    written = json.loads(out)
    assert written["bestaaet"] is True
    assert [one["id"] for one in written["scenarier"]] == ["forloeb-fgu", "regel-5001-rigtig", "regel-5001-forkert"]
    f062 = next(one for one in written["krav"] if one["nummer"] == "F062")
    assert (f062["kilde"], f062["udfald"], f062["scenarier"]) == ("V 1.3", "bestået", ["regel-5001-forkert"])
    assert json.loads((tmp_path / "rapport.json").read_text(encoding="utf-8"))["antal"]["passed"] == 3
    junit = etree.parse(tmp_path / "rapport.xml").getroot()
    assert (junit.get("tests"), junit.get("failures"), len(junit.findall(".//testcase"))) == ("3", "0", 3)
    page = html.document_fromstring((tmp_path / "rapport.html").read_text(encoding="utf-8"))
    assert page.get_element_by_id("F062").text_content().split("\n")[1].startswith("✓ opfyldt F062 Intet optag efter")
    assert page.xpath("//*[@lang='en']") == []
    assert page.xpath("//dt[.='Afprøvet med']/following-sibling::dd[1]")[0].text == certificate.suite()
    untried = page.xpath("//h2[@id='uproevet']/following-sibling::ul[1]/li[a='F006']")
    assert [one.text_content().startswith("Kun afsenderen kan vide det") for one in untried] == [True]
    begun = json.loads((tmp_path / "rapport.json").read_text(encoding="utf-8"))["begyndt"]
    assert page.xpath("//dt[.='Tidspunkt']/following-sibling::dd[1]")[0].text == time_in_words(
        datetime.fromisoformat(begun)
    )
    assert page.xpath("//meta[@name='viewport']")
    assert page.xpath("//script | //img | //link | //*[@src]") == []
    assert {link.get("href")[1:] for link in page.xpath("//a")} <= {one.get("id") for one in page.xpath("//*[@id]")}
    assert "IndberetningForberedendeGrundUddannelseSvar" in page.get_element_by_id("forloeb-fgu").text_content()


def test_a_report_can_hold_whatever_an_answer_holds(target: InProcess) -> None:
    class Odd(InProcess):
        def send(self, request_: Request) -> Reply:
            reply = super().send(request_)
            odd = b"\x00\x1b[31m<script>alert(1)</script>\xff"
            return Reply(200, {"content-type": "x/y"}, odd) if b"HentHaendelserRequest" in request_.body else reply

    chosen = [scenario for scenario in scenarios() if scenario.id == "hentning-dato"]
    result = run(Odd(target.app), "here", chosen, places=places.read())
    assert result.count(Verdict.FAILED) == 1
    page = report_html.page(result)
    assert "<script" not in page
    assert "Sådan rettes det" in page
    # A failed scenario is shown word for word: with the envelope and the Content-Type that the readable form leaves
    # out.
    assert "Content-Type: x/y" in page
    assert "http://www.w3.org/2003/05/soap-envelope" in page
    assert etree.fromstring(report_data.as_junit(result)).find(".//failure") is not None
