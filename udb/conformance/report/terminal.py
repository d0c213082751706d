"""A run in a terminal: how far it is, and how it came out."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress
from rich.text import Text

from udb.conformance.report.advice import how_to_fix, sources
from udb.conformance.service.run import Progress as Report
from udb.conformance.shared.outcome import Outcome, Run, Verdict


@contextmanager
def progress(total: int) -> Iterator[Report]:
    """A bar on standard error while the block runs."""
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("afprøver", total=total)

        def show(outcome: Outcome, done: int, _of: int) -> None:
            bar.update(task, completed=done, description=outcome.scenario.id)

        yield show


def show(run: Run, folder: Path | None) -> None:
    """What failed and how to fix it, what was not tried and why, and the counts."""
    console = Console(highlight=False, soft_wrap=True)
    for outcome in run.outcomes:
        if outcome.verdict is Verdict.FAILED:
            about = ", ".join((*sources(outcome.scenario), *outcome.scenario.krav))
            console.print(Text(f"✗ {outcome.scenario.id}: {outcome.scenario.name}", style="bold red"))
            if about:
                console.print(Text(f"  {about}", style="dim"))
            for said in outcome.wrong:
                console.print(Text(f"  {said}"))
            console.print(Text(f"  Sådan rettes det: {how_to_fix(outcome.scenario)}\n"))
    _not_run(console, run)
    if run.ended:
        console.print(Text(f"Afbrudt: {run.ended}", style="bold red"))
    if run.lacking:
        console.print(Text("Ikke alt kunne afprøves, og der er krævet, at alt afprøves.", style="bold red"))
    counts = ", ".join(f"{run.count(verdict)} {verdict}" for verdict in Verdict)
    style = "bold green" if run.passed else "bold red"
    console.print(Text(f"{counts} (i alt {len(run.outcomes)} på {run.seconds:.0f} s mod {run.address})", style=style))
    if folder is not None:
        console.print(Text(f"Rapporten: {folder / 'rapport.html'}"))


def _not_run(console: Console, run: Run) -> None:
    for said in run.without:
        console.print(Text(f"– {said}", style="dim"))
    by_reason = defaultdict(list)
    for outcome in run.outcomes:
        if outcome.verdict is Verdict.NOT_RUN:
            by_reason[outcome.reason].append(outcome.scenario.id)
    for reason, ids in by_reason.items():
        # Why the run ended is told by itself.
        why = "" if reason == run.ended else f" {reason}"
        if len(ids) == len(run.outcomes):
            console.print(Text(f"– Intet af det er afprøvet.{why}", style="dim"))
        else:
            counted = "1 scenarie" if len(ids) == 1 else f"{len(ids)} scenarier"
            console.print(Text(f"– {counted} er ikke afprøvet.{why} ({', '.join(ids)})", style="dim"))
