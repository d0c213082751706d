"""``udb kodesaet show``: the content of the code sets."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import groups, output, values


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "kodesaet").command()(show)


def show(
    saet: Annotated[
        str | None, typer.Argument(parser=values.code_set, metavar="[SET]", help="A set, to list its rows.")
    ] = None,
    as_json: output.Json = False,
) -> None:
    """List the sets, or the rows of one set.

    Of each set: how many rows it has, and how many of them are samples (eksempel).
    """
    from udb.cli.database import opened
    from udb.imports.kodesaet_file import SAET
    from udb.store import codes
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        if saet is None:
            counts = codes.counted(connection)
            rows = [dict(zip(_COUNTS, (name, *counts.get(name, (0, 0))), strict=True)) for name in SAET]
            output.rows(_COUNTS, rows, as_json=as_json)
        else:
            columns, found = codes.rows_of(connection, saet)
            output.rows(dict(zip(columns, columns, strict=True)), found, as_json=as_json)


_COUNTS = {"saet": "set", "raekker": "rows", "eksempel": "samples"}
