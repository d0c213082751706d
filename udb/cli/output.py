"""How commands print data: a table for a person, one JSON document for a program."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import typer

_WIDE: Final = 1000
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def rows(columns: Sequence[str], found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print what was found; columns are the keys of each row, in the order to show them."""
    if as_json:
        document([{column: row[column] for column in columns} for row in found])
        return
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    # Folded, not cut off: half a number is of no use. What goes into a file or a pipe needs no folding.
    table = Table(*(Column(name, overflow="fold") for name in columns))
    for row in found:
        table.add_row(*(Text("" if row[column] is None else str(row[column])) for column in columns))
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table)


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its instants as ISO text, to the second."""
    return {
        name: value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def document(value: Any) -> None:
    """Print one JSON document; dates as ISO text, Danish letters as they are."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
