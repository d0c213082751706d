"""``udb sandbox demo``: a youth's year, reported and fetched through SOAP, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from udb.cli.groups import group

if TYPE_CHECKING:
    from udb.sandbox.demo import Step


def register(app: typer.Typer) -> None:
    """Add the command."""
    group(app, "sandbox").command("demo")(demo)


def demo() -> None:
    """Show a youth's year: schools report it, the kommune fetches it.

    Uses a register of its own.
    """
    from udb import settings
    from udb.sandbox.demo import year

    # Wrong settings are named before anything is started.
    settings.load()
    typer.echo("Starting a sandbox with 300 invented youths of its own ...", err=True)
    for number, step in enumerate(year(), start=1):
        _show(number, step)
    typer.echo("\nmake run starts a sandbox to try this on with your own client.")


def _show(number: int, step: Step) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print()
    console.print(Text(f"{number}. {step.day:%d.%m.%Y}  {step.told}", style="bold"))
    console.print(Text(f"   {step.service} / {step.operation}", style="dim"))
    for depth, name, value in step.answer:
        console.print(Text(f"   {'  ' * depth}{name}" + (f": {value}" if value else "")), soft_wrap=True)
