"""A system under test at the suite's proxy: given its address and key, watched, judged."""

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from udb.clock import system_time
from udb.errors import WrongUse
from udb.konformitet import preflight, proxy, sender, watch, workbook
from udb.konformitet.outcome import Outcome, Run, Verdict
from udb.konformitet.places import Places
from udb.konformitet.stage import Stage
from udb.konformitet.transport import HttpTransport

WORKBOOK: Final = "opgaver.html"


def of_sender(url: str, places: Places, *, bind: str, only: Sequence[str], folder: Path | None, seconds: float) -> Run:
    """Give out the workbook and judge what a sender reports to a sandbox at ``url``. Raises WrongUse, UdbRefused."""
    chosen = [task for task in workbook.tasks() if not only or task.id.startswith(tuple(only))]
    if not chosen:
        raise WrongUse("No task's id begins so.")
    begun, started = system_time().isoformat(timespec="seconds"), time.monotonic()
    with closing(HttpTransport(url)) as transport:
        stage = preflight.look(transport, places, None).stage
        assignments = workbook.assign(stage, chosen)
        watched = proxy.Proxy(url, sender.cutting(assignments))
        with proxy.running(watched, bind) as address:
            _hand_out(stage, assignments, address, folder)

            def judge() -> list[Outcome]:
                return [sender.judged(one, watched.passed, places) for one in assignments]

            outcomes = _watched(watched, judge, seconds)
    return Run(address, begun, outcomes, seconds=time.monotonic() - started)


def _watched(watched: proxy.Proxy, judge: watch.Judge, seconds: float) -> list[Outcome]:
    done: set[str] = set()

    def tell(outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.verdict is Verdict.PASSED and outcome.scenario.id not in done:
                done.add(outcome.scenario.id)
                say(f"✓ {outcome.scenario.id}: {outcome.scenario.name}")

    try:
        return watch.until_well(watched, judge, seconds, tell)
    except KeyboardInterrupt:
        return list(judge())


def _hand_out(stage: Stage, assignments: Sequence[workbook.Assignment], address: str, folder: Path | None) -> None:
    caller = stage.callers[""]
    say(f"Afsenderen skal indberette til {address}")
    say(f"som system {caller.system} med nøglen {caller.key} (HTTP Basic).")
    say(f"I sandkassen er det den {workbook.day():%d.%m.%Y}. Opgaverne, i fri rækkefølge:\n")
    for one in assignments:
        say(f"{one.task.id}: {one.text}\n")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / WORKBOOK).write_text(workbook.page(assignments, address), encoding="utf-8")


def say(text: str) -> None:
    """A line for whoever sits beside the system under test."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(text))
