"""Values of options and arguments: dates, numbers of persons, files."""

import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CPR: Final = re.compile(r"\d{10}", re.ASCII)
STANDARD_INPUT: Final = "-"


def day(given: str) -> date:
    """Read a date. Raises BadParameter, which names the option."""
    try:
        # fromisoformat alone would also take 20200101 and 2020-W01-1.
        if _DATE.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise typer.BadParameter(f"{given} is not a date: write YYYY-MM-DD")


def month(given: str) -> str:
    """Read a month. Raises BadParameter, which names the option."""
    try:
        return f"{day(f'{given}-01'):%Y-%m}"
    except typer.BadParameter:
        raise typer.BadParameter(f"{given} is not a month: write YYYY-MM") from None


def instant(given: str) -> datetime:
    """Read an instant with its offset. Raises BadParameter, which names the option."""
    try:
        found = datetime.fromisoformat(given)
        if found.tzinfo is not None:
            return found
    except ValueError:
        pass
    raise typer.BadParameter(f"{given} is not a time with an offset: write 2026-08-10T08:00:00+0200")


def code_set(given: str) -> str:
    """Read the name of a code set. Raises UnknownName, which lists them."""
    from udb.domain.errors import UnknownName
    from udb.imports.kodesaet_file import SAET

    if given not in SAET:
        raise UnknownName(f"There is no code set {given}. There are: {', '.join(SAET)}.")
    return given


Cpr = Annotated[
    str,
    typer.Argument(
        metavar="CPR",
        help="A CPR number the youth has or had, or - to read it from standard input, so that no history keeps it.",
    ),
]


def cpr_number(given: str) -> str:
    """Return the CPR number of an argument, from standard input for ``-``. Raises WrongUse, without the number."""
    from udb.domain.errors import WrongUse

    if given == STANDARD_INPUT:
        given = typer.prompt("CPR number", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    given = given.strip()
    if not _CPR.fullmatch(given):
        raise WrongUse("A CPR number is 10 digits without a hyphen; give - to read it from standard input.")
    return given


def content(file: Path) -> bytes:
    """Return the bytes of a file. Raises FileUnusable."""
    from udb.domain.errors import FileUnusable

    try:
        return file.read_bytes()
    except OSError as error:
        raise FileUnusable(f"{file} cannot be read: {error.strerror}.") from None
