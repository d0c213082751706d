"""A run in a terminal: its progress and its result.

The frame is English. Names, findings and advice are those of the Danish report, each on lines of its own.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress
from rich.text import Text

from udb.conformance.report.advice import how_to_fix, sources
from udb.conformance.report.certificate import certificates, named
from udb.conformance.service.run import Progress as Report
from udb.conformance.shared.outcome import Outcome, Run, Verdict
from udb.domain.text import Text as Reason
from udb.domain.visible import visible

_NAMES: Final = {Verdict.PASSED: "passed", Verdict.FAILED: "failed", Verdict.NOT_RUN: "not run"}


def _line(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)


@contextmanager
def progress(total: int) -> Iterator[Report]:
    """Show a bar on standard error while the block runs; yield what updates it."""
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    console = Console(stderr=True)
    # Without a terminal even an empty bar ends with a line break.
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("testing", total=total)

        def show(outcome: Outcome, done: int, _of: int) -> None:
            bar.update(task, completed=done, description=outcome.scenario.id)

        yield show


def show(run: Run, folder: Path | None) -> None:
    """Print what failed and how to fix it, what was not run and why, and the counts."""
    console = Console(highlight=False, soft_wrap=True)
    for outcome in run.outcomes:
        if outcome.verdict is Verdict.FAILED:
            about = ", ".join((*sources(outcome.scenario), *outcome.scenario.krav))
            console.print(_line(f"✗ {outcome.scenario.id} failed{f' ({about})' if about else ''}:", style="bold red"))
            for said in (outcome.scenario.name, *outcome.wrong):
                console.print(_line(f"  {said}"))
            console.print(_line(f"  How to fix it:\n  {how_to_fix(outcome.scenario)}\n"))
    _not_run(console, run)
    if run.ended:
        console.print(_line(f"Ended early: {run.ended.en}", style="bold red"))
    if run.lacking:
        console.print(_line("Something could not be run, and everything must be (--require-all).", style="bold red"))
    for caller in run.callers:
        console.print(_line(f"Tested: {named(caller)}"))
    for one in certificates(run):
        word = "Certified" if one.is_certified else "Not certified"
        console.print(_line(f"{word} for {one.service}: {one.passed} of {one.of} tasks passed"))
    counts = ", ".join(f"{run.count(verdict)} {name}" for verdict, name in _NAMES.items())
    style = "bold green" if run.passed else "bold red"
    console.print(
        Text(f"{counts} (of {len(run.outcomes)}, in {run.seconds:.0f} s, against {run.address})", style=style)
    )
    if folder is not None:
        console.print(_line(f"Report: {folder / 'rapport.html'}"))


def _not_run(console: Console, run: Run) -> None:
    for said in run.without:
        console.print(_line(f"– {said.en}", style="dim"))
    by_reason: defaultdict[Reason, list[str]] = defaultdict(list)
    for outcome in run.outcomes:
        if outcome.reason is not None:
            by_reason[outcome.reason].append(outcome.scenario.id)
    for reason, ids in by_reason.items():
        # The reason why the run ended is on a line of its own.
        why = "" if reason == run.ended else f" {reason.en}"
        if len(ids) == len(run.outcomes):
            console.print(_line(f"– Nothing was run.{why}", style="dim"))
        else:
            counted = "1 scenario was" if len(ids) == 1 else f"{len(ids)} scenarios were"
            console.print(_line(f"– {counted} not run.{why} ({', '.join(ids)})", style="dim"))
