"""Groups of commands (``udb sandbox seed``, ``udb sandbox start``), so that each command has its own file."""

from difflib import get_close_matches
from typing import Any, Final

import typer
from typer.core import TyperGroup

HELP: Final = {
    "access": "Who sees what of a youth, and what to ask the reporters about.",
    "certificate": "The certificates that systems call with.",
    "clock": "This host's clock, compared with the database's and with what is on record.",
    "conformance": "Test a service, a sender or a fetcher against the contract.",
    "dataaftale": "Data agreements: who may call for which institution.",
    "import": "Import the file of a register: all of it, or nothing.",
    "kodesaet": "The code sets.",
    "log": "The read log.",
    "reconcile": "Compare a list of another system with what is in UDB.",
    "role": "Roles of people whose log-in gives them none.",
    "responsible": "The function that is responsible for an institution's data: a mailbox, not a person.",
    "rules": "The rule book: a list, or one rule (udb rules CODE).",
    "sandbox": "A register of invented youths to try things on.",
    "signature": "Signed requests.",
    "statistics": "The monthly figures, and the extract they can be computed from.",
    "system": "The systems that may call.",
    "system-change": "Changes of source system: announced, and checked before and after.",
}

BY_DEFAULT: Final = "show"
"""The command of a group of WITH_DEFAULT that runs when none is named."""


class Commands(TyperGroup):
    """A group that lists its commands when none, or an unknown one, is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Show the help when nothing is given."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; without one of that name, say which there are."""
        name = args[0]
        if name not in self.commands and not name.startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(name, self.commands, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            ctx.fail(f"There is no command {name}.{meant} There are: {', '.join(self.commands)}")
        return super().resolve_command(ctx, args)


class _WithDefault(Commands):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Run the command BY_DEFAULT when none is named."""
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else [BY_DEFAULT, *args])


WITH_DEFAULT: Final = frozenset({"rules"})


def group(app: typer.Typer, name: str) -> typer.Typer:
    """Return the group of that name, the same for every command of it."""
    for found in app.registered_groups:
        if found.name == name and found.typer_instance is not None:
            return found.typer_instance
    made = typer.Typer(help=HELP[name], cls=_WithDefault if name in WITH_DEFAULT else Commands, rich_markup_mode=None)
    app.add_typer(made, name=name)
    return made
