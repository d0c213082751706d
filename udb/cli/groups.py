"""Groups of commands (``udb sandbox seed``, ``udb sandbox start``), so that each command still has its own file."""

from typing import Final

import typer

HELP: Final = {
    "adgang": "Why a kommune may see a youth.",
    "conformance": "The suite testers run.",
    "dataaftale": "Data agreements: which system may report for whom.",
    "import": "Import a register's file: all of it, or nothing. Refused lines are listed in FILE.afvist.csv.",
    "kodesaet": "The code sets.",
    "log": "The read log.",
    "sandbox": "Invented youths, and a register to try things on.",
    "signatur": "Signed requests.",
    "system": "The systems that may call.",
}


def group(app: typer.Typer, name: str) -> typer.Typer:
    """The group of that name, the same for every command of it."""
    for found in app.registered_groups:
        if found.name == name and found.typer_instance is not None:
            return found.typer_instance
    made = typer.Typer(help=HELP[name], no_args_is_help=True)
    app.add_typer(made, name=name)
    return made
