"""``udb kodesaet``: the content of the code sets, and the edition of ``institutionstyper``."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path
from typing import Annotated

import typer

from udb.cli import groups, output, values


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "kodesaet")
    for command in (show, edition):
        commands.command()(command)


def show(
    saet: Annotated[
        str | None, typer.Argument(parser=values.code_set, metavar="[SET]", help="A set, to list its rows.")
    ] = None,
    as_json: output.Json = False,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", file_okay=False, help="Write a Markdown page for each shipped set into a folder."
        ),
    ] = None,
) -> None:
    """List the sets, or the rows of one set.

    Of each set: how many rows it has, how many have an invented column (opfundet), and how many are invented whole.
    """
    from udb.cli.database import opened
    from udb.imports.kodesaet_file import SAET
    from udb.store import codes
    from udb.store.engine import reading

    if write is not None:
        _write(write)
        return
    with opened() as engine, reading(engine) as connection:
        if saet is None:
            counts = codes.counted(connection)
            none = codes.Counts(0, 0, 0)
            rows = [dict(zip(_COUNTS, (name, *astuple(counts.get(name, none))), strict=True)) for name in SAET]
            output.rows(_COUNTS, rows, as_json=as_json)
            if not as_json:
                typer.echo(
                    f"Edition of institutionstyper: {codes.holding_edition(connection)}. See: udb kodesaet edition"
                )
        else:
            columns, found = codes.rows_of(connection, saet)
            output.rows(dict(zip(columns, columns, strict=True)), found, as_json=as_json)


_COUNTS = {"saet": "set", "raekker": "rows", "delvis": "invented in part", "opfundet": "invented"}


def edition(
    name: Annotated[
        str | None, typer.Argument(metavar="[EDITION]", help="register or vejledning, to let it hold from now on.")
    ] = None,
    as_json: output.Json = False,
) -> None:
    """Show which edition of institutionstyper holds, or change it.

    It says which types are efterskoler, whose events no school kommune sees: by the vejledning 1011 and 1012, by
    Institutionsregisteret 1010 and 1011. After a change each school kommune's feed also brings the earlier events it
    now may see; what it was given stays given.
    """
    from udb.cli.database import opened
    from udb.domain.kodesaet import INSTITUTIONSTYPER, VEJLEDNING
    from udb.imports.types_edition import require_edition, set_edition
    from udb.store import codes
    from udb.store.engine import reading

    if name is not None:
        require_edition(name)
    with opened() as engine:
        changed = name is not None and set_edition(engine, name)
        with reading(engine) as connection:
            named = codes.named_edition(connection)
            sets = codes.load_codes(connection)
    held = sorted(code for code in sets.codes(INSTITUTIONSTYPER) if sets.is_efterskole(code))
    holding = named or VEJLEDNING
    if as_json:
        output.document({"edition": holding, "named": named is not None, "efterskoler": held})
        return
    how = "from now on" if changed else ("as before" if name is not None else "now" if named else "now: none was named")
    typer.echo(f"The edition {holding} holds {how}. Efterskoler are of type {' and '.join(held) or '(none)'}.")


def _write(folder: Path) -> None:
    from udb.rulebook import set_markdown

    folder.mkdir(parents=True, exist_ok=True)
    pages = set_markdown.pages()
    for name, content in pages.items():
        (folder / name).write_text(content, encoding="utf-8")
    typer.echo(f"{output.counted(len(pages), 'page')} in {folder}")
