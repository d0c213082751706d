"""Groups of commands (``udb sandbox seed``, ``udb sandbox start``), so that each command still has its own file."""

from typing import Any, Final

import typer
from typer.core import TyperGroup

HELP: Final = {
    "adgang": "Why a kommune may see a youth.",
    "certifikat": "What a system calls with outside the sandbox.",
    "conformance": "The suite testers run.",
    "dataaftale": "Data agreements: which system may report for whom.",
    "import": "Import a register's file: all of it, or nothing. Refused lines are listed in FILE.afvist.csv.",
    "kodesaet": "The code sets.",
    "log": "The read log.",
    "regler": "The rule book: udb regler lists it, udb regler KODE shows one rule.",
    "sandbox": "Invented youths, and a register to try things on.",
    "signatur": "Signed requests.",
    "system": "The systems that may call.",
}

BY_DEFAULT: Final = "vis"
"""The command of a group of WITH_DEFAULT that runs when none is named."""


class _WithDefault(TyperGroup):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else [BY_DEFAULT, *args])


WITH_DEFAULT: Final = frozenset({"regler"})


def group(app: typer.Typer, name: str) -> typer.Typer:
    """The group of that name, the same for every command of it."""
    for found in app.registered_groups:
        if found.name == name and found.typer_instance is not None:
            return found.typer_instance
    has_default = name in WITH_DEFAULT
    made = typer.Typer(
        help=HELP[name], no_args_is_help=not has_default, cls=_WithDefault if has_default else TyperGroup
    )
    app.add_typer(made, name=name)
    return made
