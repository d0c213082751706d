"""``udb conformance sender`` and ``try``, run from start to end as their users run them."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.conformance import strangers
from tests.conformance.senders import Sender
from tests.conformance.target import service
from udb import cli
from udb.conformance import session
from udb.conformance.report import html as report_html
from udb.conformance.report.krav import judged
from udb.conformance.sender.workbook import Assignment, Handed
from udb.conformance.shared import places
from udb.conformance.shared.stage import Stage
from udb.domain.errors import WrongUse


@pytest.fixture
def served(one_sandbox: Engine) -> Iterator[str]:
    """The address of a sandbox."""
    with capture_logs(), strangers.served(service(one_sandbox)) as url:
        yield url


def test_a_sender_is_handed_its_tasks_watched_and_judged(
    monkeypatch: pytest.MonkeyPatch, served: str, tmp_path: Path
) -> None:
    said: list[str] = []
    working: list[Thread] = []
    hand_out = session._hand_out

    def begin(stage: Stage, assignments: Sequence[Assignment], handed: Handed, folder: Path | None) -> None:
        hand_out(stage, assignments, handed, folder)
        working.append(Thread(target=Sender(handed.address, stage.callers[""]).work, args=(assignments,)))
        working[0].start()

    monkeypatch.setattr(session, "say", said.append)
    monkeypatch.setattr(session, "_hand_out", begin)
    only = ("afsender-risiko", "afsender-annullering-fgu")
    run = session.of_sender(
        served, places.read(), bind="127.0.0.1:0", only=only, folder=tmp_path, seconds=30, quiet=0.3
    )
    working[0].join(30)
    assert (run.passed, [outcome.scenario.id for outcome in run.outcomes]) == (True, list(only))
    assert [line for line in said if line.startswith("✓")] == [
        "✓ afsender-risiko: Risiko for frafald",
        "✓ afsender-annullering-fgu: En fejl annulleres",
    ]
    assert "Opgaver til en afsender" in (tmp_path / session.WORKBOOK).read_text(encoding="utf-8")
    assert {one.krav.nummer for one in judged(run.outcomes, run.of)} == {
        number for outcome in run.outcomes for number in outcome.scenario.krav
    }
    assert "F047" in report_html.page(run)
    with pytest.raises(WrongUse):
        session.of_sender(served, places.read(), bind="127.0.0.1:0", only=("findes-ikke",), folder=None, seconds=1)


def test_the_trial_starts_a_sandbox_of_its_own_and_leaves_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    chosen = ("--only", "kontrakt-ping", "--only", "hentning-eksempel", "--report", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["udb", "conformance", "try", *chosen])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code or 0) == 0
    assert "2 passed, 0 failed" in capsys.readouterr().out
    assert json.loads((tmp_path / "rapport.json").read_text(encoding="utf-8"))["bestaaet"] is True


@pytest.mark.parametrize("command", ["sender", "fetcher"])
@pytest.mark.parametrize("bind", ["her", "127.0.0.1:99999"])
def test_what_is_no_address_to_wait_at_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, bind: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["udb", "conformance", command, "--bind", bind])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, "is not ADDRESS:PORT" in capsys.readouterr().err) == (2, True)
