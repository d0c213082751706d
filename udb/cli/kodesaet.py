"""``udb kodesaet show``: the content of the code sets."""

from __future__ import annotations

from dataclasses import astuple
from typing import Annotated

import typer

from udb.cli import groups, output


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "kodesaet").command()(show)


def show(
    saet: Annotated[str | None, typer.Argument(metavar="[SET]", help="A set, to list its rows.")] = None,
    as_json: output.Json = False,
) -> None:
    """List the sets, or the rows of one set.

    Of each set: how many rows it has, how many have an invented column (opfundet), and how many are invented whole.
    """
    from udb.cli.database import opened
    from udb.domain.errors import UnknownName
    from udb.imports.kodesaet_file import SAET
    from udb.store import codes
    from udb.store.engine import reading

    if saet is not None and saet not in SAET:
        raise UnknownName(f"There is no code set {saet}. There are: {', '.join(SAET)}.")
    with opened() as engine, reading(engine) as connection:
        if saet is None:
            counts = codes.counted(connection)
            none = codes.Counts(0, 0, 0)
            rows = [dict(zip(_COUNTS, (name, *astuple(counts.get(name, none))), strict=True)) for name in SAET]
            output.rows(_COUNTS, rows, as_json=as_json)
        else:
            columns, found = codes.rows_of(connection, saet)
            output.rows(dict(zip(columns, columns, strict=True)), found, as_json=as_json)


_COUNTS = {"saet": "set", "raekker": "rows", "delvis": "invented in part", "opfundet": "invented"}
