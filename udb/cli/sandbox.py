"""``udb sandbox seed`` and ``udb sandbox nulstil``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from udb.cli import groups, output


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "sandbox")
    commands.command()(seed)
    commands.command()(nulstil)


def seed(
    unge: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many youths to make.")],
    seed: Annotated[
        int, typer.Option("--frø", "--froe", min=0, metavar="S", help="The same number makes the same world.")
    ] = 1,
    dato: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="D", help="The world's today; not given: real time."),
    ] = None,
    as_json: output.Json = False,
) -> None:
    """Make an invented world: youths with their histories, institutions, systems, dataaftaler. What was there is
    gone.
    """
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TaskID

    from udb.cli.database import opened
    from udb.sandbox import seed as sandbox

    parameters = sandbox.Parameters(unge, seed, None if dato is None else dato.date())
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with opened() as engine, Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step)
            bar.update(tasks[step], completed=done, total=total)

        made = sandbox.seed(engine, parameters, show)
    if as_json:
        output.document(made)
    else:
        typer.echo(f"{made['unge']} youths with {made['haendelser']} events are in the sandbox.")


def nulstil() -> None:
    """Put the sandbox back to the state after its last seed, the clock too."""
    from udb.cli.database import opened
    from udb.sandbox.reset import reset

    with opened() as engine:
        reset(engine)
    typer.echo("The sandbox is back where its last seed left it.")
