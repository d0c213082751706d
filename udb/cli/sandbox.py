"""``udb sandbox seed`` and ``udb sandbox reset``."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from udb.cli import groups, output, values


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "sandbox")
    commands.command()(seed)
    commands.command()(reset)


def seed(
    youths: Annotated[int, typer.Option(min=1, max=1_000_000, metavar="N", help="How many youths to make.")],
    number: Annotated[
        int, typer.Option("--seed", min=0, metavar="N", help="The same number makes the same world.")
    ] = 1,
    day: Annotated[
        date | None,
        typer.Option(
            "--date", parser=values.day, metavar="YYYY-MM-DD", help="The world's today; without it: real time."
        ),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="With a past: deliveries, contacts, senders that changed, a read log.")
    ] = False,
    as_json: output.Json = False,
) -> None:
    """Invent youths with histories, institutions, systems and agreements.

    Everything that was in the sandbox is removed.
    """
    from rich.progress import MofNCompleteColumn, Progress, TaskID

    from udb.cli.database import opened
    from udb.sandbox import seed as sandbox

    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with opened() as engine, output.bar(*columns) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step)
            bar.update(tasks[step], completed=done, total=total)

        made = sandbox.seed(engine, sandbox.Parameters(youths, number, day, history), show)
    if as_json:
        output.document(made)
    else:
        invented, events = output.counted(made["unge"], "youth"), output.counted(made["haendelser"], "event")
        typer.echo(f"The sandbox has {invented} with {events}.")


def reset() -> None:
    """Put the sandbox, with its clock, back to its last seed."""
    from udb.cli.database import opened
    from udb.sandbox import reset as sandbox

    with opened() as engine:
        sandbox.reset(engine)
    typer.echo("The sandbox is as its last seed made it.")
