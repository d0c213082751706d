"""``udb contacts``: how many contact persons kommuner register."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from udb.cli import output

_PER: Final = ("kommune,year", "year")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(contacts)


def contacts(
    per: Annotated[str, typer.Option(metavar="WHAT", help="kommune,year or year.")] = _PER[0],
    as_json: output.Json = False,
) -> None:
    """Count the contact persons that kommuner registered, by kommune and year.

    Reports that were accepted, without deletions and repetitions; the youths they are about; and the contacts that held
    at the end of the year, or now. The rows without a kommune are the whole country. A year that is over is counted
    once, by udb statistics run, and kept.
    """
    from dataclasses import asdict

    from udb.cli.database import opened_to_read_late
    from udb.domain.errors import WrongUse
    from udb.statistics.frozen_contacts import contacts_by_year
    from udb.store import state
    from udb.store.engine import reading

    if per not in _PER:
        raise WrongUse(f"--per is one of: {' or '.join(_PER)}.")
    with opened_to_read_late() as engine, reading(engine) as connection:
        found = contacts_by_year(connection, state.now(connection), by_kommune=per == _PER[0])
    columns = {
        "kommunekode": "kommune",
        "aar": "year",
        "registreret": "registered",
        "unge": "youths",
        "gaeldende": "holding",
        "nedre_graense": "at least",
    }
    output.rows(columns, [asdict(one) for one in found], as_json=as_json)
