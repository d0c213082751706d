"""The command line: one file per command, one place for exit codes.

Every module named in COMMANDS has ``register(app)``. It may import only the standard library, typer and ``udb.cli`` at
its top and everything else inside its functions, so that ``udb --help`` answers at once.
"""

import sys
from importlib import import_module
from typing import Annotated, Final

import typer

from udb import __version__
from udb.domain.errors import DatabaseUnavailable, TargetUnavailable, UdbError, WrongUse

COMMANDS: Final = (
    "serve",
    "migrate",
    "import_",
    "kodesaet",
    "system",
    "system_certifikat",
    "dataaftale",
    "dataaftale_anmodning",
    "adgang",
    "notifikationer",
    "log",
    "opbevaring",
    "backup",
    "gendan",
    "signatur",
    "regler",
    "regler_genpruef",
    "regler_aftryk",
    "sandbox",
    "sandbox_start",
    "sandbox_demo",
    "conformance_service",
    "conformance_afsender",
    "conformance_henter",
    "sandbox_ca",
)
EXIT_CODES: Final[dict[type[UdbError], int]] = {
    WrongUse: 2,
    DatabaseUnavailable: 3,
    TargetUnavailable: 3,
    UdbError: 1,
}


def build() -> typer.Typer:
    """The application with every command of COMMANDS, in that order."""
    app = typer.Typer(
        name="udb",
        help="Ungedatabasen (UDB): an open reference implementation of Denmark's register of youths aged 15 to 29.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_root)
    for name in COMMANDS:
        import_module(f"udb.cli.{name}").register(app)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"udb {__version__}")
        raise typer.Exit


def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    # An empty callback holds the global options.
    pass


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 refused (nothing changed), 2 wrong use, 3 database or target out of
    reach.
    """
    try:
        build()(prog_name="udb")
    except UdbError as error:
        _end(error)
    except Exception as error:
        if not _is_lost_connection(error):
            raise
        _end(DatabaseUnavailable())


def _end(error: UdbError) -> None:
    typer.echo(str(error) or type(error).__doc__, err=True)
    sys.exit(next(code for kind, code in EXIT_CODES.items() if isinstance(error, kind)))


def _is_lost_connection(error: Exception) -> bool:
    # Looked up, not imported: a command that never touched the database has no reason to load SQLAlchemy.
    exceptions = sys.modules.get("sqlalchemy.exc")
    return exceptions is not None and isinstance(error, exceptions.OperationalError)
