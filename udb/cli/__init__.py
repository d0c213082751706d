"""The command line: one file per command, one place for exit codes.

Every module named in COMMANDS has ``register(app)``. It may import only the standard library, typer and ``udb.cli`` at
its top and everything else inside its functions, so that ``udb --help`` answers at once.
"""

import sys
import traceback
from importlib import import_module
from typing import Annotated, Final

import typer

from udb import __version__
from udb.cli.groups import Commands
from udb.domain.errors import (
    AnchorDiffers,
    AnchorUnavailable,
    CommandFailed,
    DatabaseUnavailable,
    ExtractRefused,
    FileUnusable,
    OtherVersion,
    TargetUnavailable,
    UdbError,
    UnknownName,
    WrongUse,
)
from udb.domain.text import ENGLISH

COMMANDS: Final = (
    "serve",
    "migrate",
    "import_",
    "kodesaet",
    "system",
    "system_certificate",
    "dataaftale",
    "dataaftale_request",
    "role",
    "access",
    "access_lists",
    "deliveries",
    "senders",
    "system_change",
    "contacts",
    "reconcile",
    "statistics",
    "statistics_extract",
    "responsible",
    "log",
    "retention",
    "clock",
    "backup",
    "restore",
    "signature",
    "rules",
    "rules_fingerprints",
    "recheck",
    "sandbox",
    "sandbox_start",
    "sandbox_idp",
    "sandbox_demo",
    "sandbox_ca",
    "conformance_service",
    "conformance_try",
    "conformance_sender",
    "conformance_fetcher",
)

FAILED: Final = 1
WRONG_USE: Final = 2
UNAVAILABLE: Final = 3
REFUSED: Final = 4
DEFECT: Final = 70
INTERRUPTED: Final = 130
EXIT_CODES: Final = {
    0: "Done; what was checked is in order.",
    FAILED: "A check failed: the conformance suite, a signature, the read log, the clock. The output says which. "
    "Or the statistics extract is refused.",
    WRONG_USE: "Wrong use: an unknown command, option, value or name, a wrong setting, or a file that cannot be used.",
    UNAVAILABLE: "The database is not available or of another version, or the read log's anchor or the target of the "
    "suite does not answer.",
    REFUSED: "Refused: the command is right, but what is stored, or this host's clock, does not allow it. "
    "Nothing has changed.",
    DEFECT: "A defect in this program: the traceback says where.",
    INTERRUPTED: "Interrupted with Ctrl-C.",
}
"""Every exit code with its meaning; docs/kommandolinje.md has the same table."""

_OF: Final[tuple[tuple[type[UdbError], int], ...]] = (
    (WrongUse, WRONG_USE),
    (UnknownName, WRONG_USE),
    (FileUnusable, WRONG_USE),
    (OtherVersion, UNAVAILABLE),
    (DatabaseUnavailable, UNAVAILABLE),
    (AnchorUnavailable, UNAVAILABLE),
    (TargetUnavailable, UNAVAILABLE),
    (AnchorDiffers, FAILED),
    (ExtractRefused, FAILED),
    (UdbError, REFUSED),
)
"""The first that fits."""
_HINT: Final = "Is it up, and is UDB_DATABASE_URL right?"
_NO_RIGHT: Final = "42501"


def build() -> typer.Typer:
    """Build the application with every command of COMMANDS, in that order."""
    app = typer.Typer(
        name="udb",
        help="Ungedatabasen (UDB): an open reference implementation of Denmark's register of youths aged 15 to 29.",
        cls=Commands,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
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
    """Run the command line and end with an exit code of EXIT_CODES."""
    try:
        sys.exit(build()(prog_name="udb", standalone_mode=False))
    except CommandFailed as error:
        sys.exit(error.code)
    except UdbError as error:
        hint = f" {_HINT}" if type(error) is DatabaseUnavailable else ""
        text = error.said(ENGLISH) or str(type(error).__doc__)
        _end(text + hint, next(code for kind, code in _OF if isinstance(error, kind)))
    except typer.TyperException as error:
        path = getattr(getattr(error, "ctx", None), "command_path", "udb")
        _end(f"{error.format_message().rstrip('.')}. See: {path} --help", WRONG_USE)
    except typer.Abort:
        _end("Interrupted.", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last place before the shell
        _end(*_unforeseen(error))


def _unforeseen(error: Exception) -> tuple[str, int]:
    # Looked up, not imported: a command that never touched the database has no reason to load SQLAlchemy.
    database = sys.modules.get("sqlalchemy.exc")
    if database is not None and isinstance(error, database.OperationalError):
        return f"{DatabaseUnavailable.__doc__} {_HINT}", UNAVAILABLE
    if database is not None and isinstance(error, database.DBAPIError) and _sqlstate(error) == _NO_RIGHT:
        return "The database role lacks rights. As the owner of the tables: udb migrate --role ROLE", UNAVAILABLE
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename} cannot be used: {error.strerror}.", WRONG_USE
    return f"Traceback, without values:\n{_traceback(error)}", DEFECT


def _traceback(error: BaseException) -> str:
    """Return where it happened and the type of each exception; its text may quote a value, such as a CPR number."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = f"{_traceback(cause)}\n\n" if cause else ""
    code = f" [{state}]" if (state := _sqlstate(error)) else ""
    return f"{before}{''.join(traceback.format_tb(error.__traceback__))}{type(error).__qualname__}{code}"


def _sqlstate(error: BaseException) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def _end(message: str, code: int) -> None:
    typer.echo(message, err=True)
    sys.exit(code)
