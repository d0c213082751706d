"""How commands print data: a table for a person, one JSON document for a program."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def rows(columns: Sequence[str], found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print what was found; columns are the keys of each row, in the order to show them."""
    if as_json:
        document([{column: row[column] for column in columns} for row in found])
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns)
    for row in found:
        table.add_row(*(Text("" if row[column] is None else str(row[column])) for column in columns))
    Console().print(table)


def document(value: Any) -> None:
    """Print one JSON document; dates as ISO text, Danish letters as they are."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
