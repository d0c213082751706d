"""``udb statistics extract|compare``: STIL's extract for statistics, and how two of one day differ."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from udb.cli import groups, output, values

_FORMATS: Final = ("csv", "csv.gz")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "statistics")
    commands.command()(extract)
    commands.command()(compare)


def extract(
    day: Annotated[
        date, typer.Option("--date", parser=values.day, metavar="YYYY-MM-DD", help="The status day, and the last day.")
    ],
    folder: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="A new or an empty folder.")],
    first: Annotated[
        date | None,
        typer.Option("--from", parser=values.day, metavar="YYYY-MM-DD", help="The first day; without it: all."),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="csv or csv.gz.")] = _FORMATS[0],
    key: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The key of the pseudonyms, UDB_UDTRAEK_NOEGLE_ID; without it: the only one."),
    ] = None,
    with_cpr: Annotated[
        bool, typer.Option("--with-cpr", help="Also write noegle.csv: id and CPR number (UDB_UDTRAEK_CPR).")
    ] = False,
    kommune: Annotated[
        str | None, typer.Option(metavar="KODE", help="Only residents of this kommune on the day, by its code.")
    ] = None,
    provisional: Annotated[
        bool, typer.Option("--provisional", help="Also where eIndkomst of the month is not delivered.")
    ] = False,
) -> None:
    """Write everything that figures need, as of a day, to files: the same data give the same bytes.

    Youths have pseudonyms, the same under one key. The files are personal data all the same. Every youth in them gets
    it into the read log. What does not add up is printed, and is in manifest.json.
    """
    import os

    from udb import settings
    from udb.cli.database import opened_beside_standby
    from udb.cli.signals import ending_in_order
    from udb.domain.errors import WrongUse
    from udb.statistics.extract import checks
    from udb.statistics.extract.pseudonym import key_of
    from udb.statistics.extract.request import BEGINNING, Request
    from udb.statistics.extract.right import require_cpr
    from udb.statistics.extract.run import extract as make

    if form not in _FORMATS:
        raise WrongUse(f"--format is one of: {', '.join(_FORMATS)}.")
    if first is not None and first > day:
        raise WrongUse(f"--from is after --date: {first}, {day}.")
    if with_cpr:
        require_cpr(settings.load().udtraek_cpr)
    request = Request(
        day=day,
        folder=folder,
        key=key_of(os.environ, key),
        first=first or BEGINNING,
        kommune=kommune,
        packed=form == _FORMATS[1],
        provisional=provisional,
        with_cpr=with_cpr,
    )
    with ending_in_order(), opened_beside_standby() as (primary, reader), output.bar() as bar:
        task = bar.add_task("youths", total=None)
        found = make(reader, primary, request, lambda count: bar.update(task, completed=count))
    for content in found["filer"]:
        typer.echo(f"{content['fil']}: {output.counted(content['raekker'], 'row')}, sha256 {content['sha256']}")
    typer.echo(f"As of {day}, from snapshot {found['oejebliksbillede']}, with the key {request.key.id}.")
    for name in checks.differing(found["kontrol"]):
        typer.echo(f"Does not add up: {name}: {found['kontrol'][name]}", err=True)


def compare(
    before: Annotated[Path, typer.Argument(metavar="FOLDER", help="The earlier extract.")],
    after: Annotated[Path, typer.Argument(metavar="FOLDER", help="A later one of the same day.")],
    as_json: output.Json = False,
) -> None:
    """Count the rows that a later extract of the same day has more, less or otherwise.

    By file, kommune and month of registration. Both must have been made with the same key and options.
    """
    from udb.statistics.extract.compare import compare as compared

    found = [line._asdict() for line in compared(before, after)]
    output.rows(_DIFFERENCES, found, as_json=as_json)


_DIFFERENCES: Final = {
    "fil": "file",
    "kommune": "kommune",
    "maaned": "month",
    "ny": "new",
    "vaek": "gone",
    "aendret": "changed",
}
