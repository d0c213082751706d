"""Change the rules one small thing at a time and list the changes that no test notices: ``make mutation``.

Works on copies of the project in ``.mutation``, one for each worker, and keeps there a cosmic-ray session for each
module, so that a run that was stopped goes on.
"""

import ast
import hashlib
import os
import py_compile
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from compileall import compile_dir
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import typer
from cosmic_ray.commands.init import init
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult

from tests.mutation.ledger import Mutant, ledger, listed, reasons
from tests.mutation.ledger import write as ledger_write
from udb.paths import ROOT

FOLDER = ROOT / ".mutation"
COPIED = ("udb", "tests", "codesets", "pyproject.toml")
MODULES = [*sorted((ROOT / "udb" / "rules").glob("*.py")), ROOT / "udb" / "domain" / "forloeb.py"]
TIMEOUT = 60.0

PYTEST = "pytest -x -q --noconftest -p no:randomly -p no:xdist -p no:cacheprovider"
TESTS = (
    "tests/rules/test_cases.py tests/rules/test_runner.py tests/rules/test_catalogue.py tests/rules/test_findings.py",
    "tests/rules/test_premises.py tests/domain/test_forloeb.py",
)
COMMAND = " ".join(["python -m", PYTEST, *TESTS])

LEFT_OUT = re.compile(
    r"core/ReplaceBinaryOperator_(BitOr_(?!BitAnd)|BitAnd_(?!BitOr)|Add_(?!Sub)|Sub_(?!Add)|Mul_)\w+"
    r"|core/ReplaceComparisonOperator_(Is_(?!IsNot)|IsNot_(?!Is$)|(?!Is_|IsNot_)\w+_(Is|IsNot)$)"
)
"""The reasons are in docs/mutation.md, Left out."""

CONFIG = """[cosmic-ray]
module-path = "{module}"
timeout = {timeout}
excluded-modules = []
test-command = "{command}"

[cosmic-ray.distributor]
name = "local"
"""


def main(*, workers: int = 1, write: bool = False) -> None:
    """Exit 1 when the survivors differ from those listed with a reason; ``--write`` lists them."""
    FOLDER.mkdir(exist_ok=True)
    for module in MODULES:
        prepare(module)
    whole = not figures()["killed"]
    minutes = execute(workers)
    survivors = Counter(mutant for module in MODULES for mutant in survivors_of(module))
    if write:
        held = ledger()
        time_taken = {"minutes": minutes, "workers": workers} if whole else {}
        ledger_write(
            {
                "command": COMMAND,
                "run": {**held["run"], **figures(), **time_taken},
                "survivors": explained(survivors, reasons(held)),
            }
        )
    raise typer.Exit(report(survivors))


def session(module: Path) -> Path:
    """Return the file of a module's mutants and results."""
    return FOLDER / f"{module.stem}.sqlite"


def prepare(module: Path) -> None:
    """Make a module's mutants again if it has changed; else forget only the survivors' results."""
    seen, now = session(module).with_suffix(".sha256"), hashlib.sha256(module.read_bytes()).hexdigest()
    if seen.exists() and seen.read_text() == now:
        with use_db(session(module)) as database:
            ask_again(database)
        return
    command = COMMAND.replace("python", sys.executable, 1)
    config = CONFIG.format(module=module.relative_to(ROOT), timeout=TIMEOUT, command=command)
    session(module).with_suffix(".toml").write_text(config)
    with use_db(session(module)) as database:
        init([module.relative_to(ROOT)], database, {})
        leave_out(database, module)
    seen.write_text(now)


def ask_again(database: WorkDB) -> None:
    """Forget the survivors' results, and those of mutants that could not be tested."""
    everything, done = database.work_items, database.completed_work_items
    database.clear()
    database.add_work_items(everything)
    for item, result in done:
        if settled(result):
            database.set_result(item.job_id, result)


def settled(result: WorkResult) -> bool:
    """Return whether a result is final until the module changes."""
    return result.worker_outcome is WorkerOutcome.SKIPPED or result.test_outcome is TestOutcome.KILLED


def leave_out(database: WorkDB, module: Path) -> None:
    """Mark the mutants that have nothing to do with the rules."""
    passive = list(data(module))
    for item in database.work_items:
        (spec,) = item.mutations
        if LEFT_OUT.match(spec.operator_name) or within(spec, passive):
            database.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED, output="left out"))


def data(module: Path) -> Iterator[ast.expr]:
    """Yield every type annotation of a module, and every decorator of a class."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        found = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        decorators = node.decorator_list if isinstance(node, ast.ClassDef) else []
        yield from (expression for expression in (*found, *decorators) if expression is not None)


def within(spec: MutationSpec, nodes: list[ast.expr]) -> bool:
    """Return whether a mutant changes one of these nodes."""
    return any(
        (node.lineno, node.col_offset) <= tuple(spec.start_pos) < (node.end_lineno or 0, node.end_col_offset or 0)
        for node in nodes
    )


def execute(workers: int) -> int:
    """Test every mutant that has no result, each worker in a copy of its own; return the minutes it took."""
    copies: SimpleQueue[Path] = SimpleQueue()
    for number in range(workers):
        copies.put(fresh_copy(FOLDER / f"copy-{number}"))

    def test(module: Path) -> None:
        copy = copies.get()
        command = [
            sys.executable,
            "-m",
            "cosmic_ray.cli",
            "exec",
            session(module).with_suffix(".toml"),
            session(module),
        ]
        subprocess.run(command, cwd=copy, env=environment(), check=True)
        copies.put(copy)

    # The longest first, so that no worker is left alone with it.
    waiting = sorted(filter(pending, MODULES), key=pending, reverse=True)
    started = time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        for done, module in enumerate(pool.map(lambda module: test(module) or module, waiting), start=1):
            typer.echo(f"{done}/{len(waiting)} {module.stem} {time.monotonic() - started:.0f} s")
    return round((time.monotonic() - started) / 60)


def pending(module: Path) -> int:
    """Return how many of a module's mutants have no result."""
    with use_db(session(module)) as database:
        return len(database.pending_work_items)


def fresh_copy(folder: Path) -> Path:
    """Return a copy of the project in which the tests pass; compiled so that no mutant meets another's bytecode."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy2(source, folder / name)
    compile_dir(folder / "udb", quiet=1, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    subprocess.run([sys.executable, *COMMAND.split()[1:]], cwd=folder, env=environment(), check=True)
    return folder


def environment() -> dict[str, str]:
    """Return the environment of a run: Hypothesis without chance, memory or deadline, so that no mutant dies of a slow
    machine; bytecode is kept.
    """
    return {**os.environ, "CI": "true", "PYTHONDONTWRITEBYTECODE": ""}


def survivors_of(module: Path) -> Iterator[Mutant]:
    """Yield the mutants of a module that no test noticed."""
    with use_db(session(module)) as database:
        for _, result in database.completed_work_items:
            if not settled(result):
                yield Mutant(str(module.relative_to(ROOT)), *changed(result.diff or ""))


def changed(diff: str) -> tuple[str, str]:
    """Return the changed line before and after."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    was = [line[1:].strip() for line in lines if line.startswith("-")]
    now = [line[1:].strip() for line in lines if line.startswith("+")]
    return " ".join(was), " ".join(now)


def figures() -> dict[str, int]:
    """Return the page's figures of the run."""
    outcomes: Counter[str] = Counter()
    for module in MODULES:
        with use_db(session(module)) as database:
            for _, result in database.completed_work_items:
                left_out = result.worker_outcome is WorkerOutcome.SKIPPED
                outcomes["left_out" if left_out else "killed" if settled(result) else "survived"] += 1
    mutants = outcomes["killed"] + outcomes["survived"]
    return {"mutants": mutants, "killed": outcomes["killed"], "left_out": outcomes["left_out"]}


def explained(survivors: Counter[Mutant], known: Mapping[Mutant, str]) -> dict[str, list[dict[str, object]]]:
    """Return the survivors by module, as the ledger holds them; a new one has no reason yet."""
    found: dict[str, list[dict[str, object]]] = {}
    for mutant, times in sorted(survivors.items()):
        entry: dict[str, object] = {"was": mutant.was, "now": mutant.now, "reason": known.get(mutant, "")}
        found.setdefault(mutant.module, []).append({**entry, "times": times} if times > 1 else entry)
    return found


def report(survivors: Counter[Mutant]) -> int:
    """Print the differences from the list; return the exit code."""
    expected = listed(ledger())
    run = figures()
    typer.echo(f"{run['mutants']} mutants, {run['killed']} killed, {run['left_out']} left out")
    for heading, mutants in (("Not listed", survivors - expected), ("Listed but killed", expected - survivors)):
        for mutant in mutants.elements():
            typer.echo(f"{heading}: {mutant.module}\n  - {mutant.was}\n  + {mutant.now}")
    return 0 if survivors == expected else 1


if __name__ == "__main__":
    typer.run(main)
