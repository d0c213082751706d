"""How commands print data: a table for a person, one JSON document for a program."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from udb.domain.visible import visible

if TYPE_CHECKING:
    from rich.progress import Progress
    from rich.table import Column

_UNLIMITED: Final = 10_000
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def rows(columns: Mapping[str, str], found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print rows. ``columns``: the keys of each row in their order, with their headings.

    Only text is folded, between words. A table that does not fit into the terminal so is printed as a block of lines
    for each row.
    """
    if as_json:
        document([plain({column: row[column] for column in columns}) for row in found])
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[_shown(row[column]) for column in columns] for row in found]
    table = Table(
        *(_column(heading, [row[number] for row in cells]) for number, heading in enumerate(columns.values()))
    )
    for row in cells:
        table.add_row(*map(Text, row))
    console = Console()
    if not console.is_terminal and not os.environ.get("COLUMNS"):
        # A file or a pipe has no width.
        console.width = _UNLIMITED
    # The width of its longest words: measured by the terminal it would be folded to fit.
    least = console.measure(table, options=console.options.update(max_width=_UNLIMITED)).minimum
    if least <= console.width:
        console.print(table)
    else:
        blocks("\n".join(map("{}: {}".format, columns.values(), row)) for row in cells)


def _column(heading: str, cells: Sequence[str]) -> Column:
    from rich.cells import cell_len
    from rich.table import Column

    if any(" " in cell for cell in cells):
        return Column(heading)
    # Rich takes a no-break space for one between words: measured by it, a time would be cut off.
    return Column(heading, no_wrap=True, min_width=max(map(cell_len, (heading, *cells))))


def blocks(found: Any) -> None:
    """Print blocks of lines with an empty line between them."""
    typer.echo(visible("\n\n".join(found)))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        from udb.domain.clock import time_in_figures

        return time_in_figures(value).replace(" ", "\N{NO-BREAK SPACE}")
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else visible(str(value))


def bar(*columns: Any) -> Progress:
    """Return a progress bar on standard error, which shows nothing when that is not a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    shown = columns or Progress.get_default_columns()
    # Without a terminal even an empty bar ends with a line break.
    return Progress(*shown, console=console, transient=True, disable=not console.is_terminal)


def counted(count: int, one: str, several: str | None = None) -> str:
    """Return a count with its noun: ``1 row``, ``2 rows``."""
    return f"{count} {one if count == 1 else several or f'{one}s'}"


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its instants as ISO text, to the second."""
    return {
        name: value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def document(value: Any) -> None:
    r"""Print one JSON document; dates as ISO text, Danish letters as they are, what cannot be seen as ``\u009b``."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    typer.echo(_NOT_ASCII.sub(lambda one: one[0] if one[0].isprintable() else json.dumps(one[0])[1:-1], text))


_NOT_ASCII: Final = re.compile(r"[^\x00-\x7e]")
