"""Fuzz every target for a while and print executions, coverage, memory and findings: ``make fuzz``.

Interesting inputs are kept in ``build/fuzz`` and used first the next time. An input that breaks a promise is kept there
too, and ``--again FILE`` tries it once more.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from tests.fuzz.bounds import LARGEST
from tests.fuzz.mutate import TAGS
from tests.fuzz.targets import TARGETS
from udb.paths import ROOT

FOLDER: Final = ROOT / "build" / "fuzz"
SECONDS_FOR_ONE: Final = 20
"""Limit for an input that never ends; ``bounds`` refuses much shorter ones."""
MEGABYTES: Final = 1024
GROWTH: Final = 1.5
"""Limit of ``FuzzRun.growth``. A fuzzer keeps its findings and has many at first: compare from a quarter of the run on.
"""
WARM: Final = 0.25
_LINE: Final = re.compile(r"^#(\d+)\s+(\w+)\s+cov: (\d+) ft: (\d+) corp: (\d+)/\S+ .*rss: (\d+)Mb", re.MULTILINE)


@dataclass(frozen=True)
class FuzzRun:
    """The figures that libFuzzer printed of a run. ``growth``: memory at its end divided by that at a quarter of it."""

    executions: int
    coverage: int
    inputs: int
    megabytes: int
    growth: float
    findings: tuple[Path, ...]

    @property
    def holds(self) -> bool:
        return not self.findings and self.growth <= GROWTH


def parsed(output: str, findings: tuple[Path, ...]) -> FuzzRun:
    """Read libFuzzer's output. Raises ValueError when it never began."""
    lines = [[int(found[number]) for number in (1, 3, 5, 6)] for found in _LINE.finditer(output)]
    if not lines:
        raise ValueError(output[-2000:])
    executions, coverage, inputs, megabytes = lines[-1]
    warm = next(line for line in lines if line[0] >= executions * WARM)[-1]
    return FuzzRun(executions, coverage, inputs, megabytes, megabytes / warm, findings)


def fuzz(name: str, seconds: int) -> FuzzRun:
    """Fuzz one target for so long, or until it breaks a promise."""
    seeds, kept, found = (FOLDER / name / part for part in ("seeds", "kept", "findings"))
    for folder in (seeds, kept, found):
        folder.mkdir(parents=True, exist_ok=True)
    for seed, content in TARGETS[name].seeds().items():
        (seeds / seed).write_bytes(content)
    words = FOLDER / "words"
    words.write_text("".join(f'"{tag.rpartition("}")[2]}"\n' for tag in TAGS), encoding="ascii", errors="replace")
    before = set(found.iterdir())
    arguments = [
        f"-max_total_time={seconds}",
        f"-timeout={SECONDS_FOR_ONE}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-max_len={LARGEST}",
        f"-dict={words}",
        f"-artifact_prefix={found}/",
    ]
    ended = _one(name, *arguments, str(kept), str(seeds))
    (FOLDER / name / "log").write_text(ended.stdout, encoding="utf-8")
    told_of = parsed(ended.stdout, tuple(sorted(set(found.iterdir()) - before)))
    if ended.returncode and not told_of.findings:
        raise ValueError(ended.stdout[-2000:])
    return told_of


def _one(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "tests.fuzz.one", *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        errors="replace",
        # atheris reports an exception on one of the streams, libFuzzer the run on the other.
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


def main(
    minutes: Annotated[float, typer.Option(help="For each target.")] = 30,
    target: Annotated[list[str] | None, typer.Option(help=f"Of {', '.join(TARGETS)}; else all.")] = None,
    again: Annotated[Path | None, typer.Option(metavar="FILE", help="Try one input of a target once more.")] = None,
) -> None:
    """Exit 1: a promise was broken, or memory grew."""
    names = target or list(TARGETS)
    if again is not None:
        ended = _one(names[0], str(again))
        typer.echo(ended.stdout)
        raise typer.Exit(int(ended.returncode != 0))
    holds = True
    for name in names:
        one = fuzz(name, round(minutes * 60))
        holds &= one.holds
        typer.echo(
            f"{name}: {one.executions:,} executions, {one.coverage} edges, {one.inputs} inputs kept, "
            f"{one.megabytes} MB ({one.growth:.2f} of a quarter of the way), {len(one.findings)} findings"
        )
        for finding in one.findings:
            typer.echo(f"  {finding.relative_to(ROOT)}: what it breaks stands in {FOLDER.relative_to(ROOT)}/{name}/log")
    if not holds:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
