"""``udb statistics run``: compute a month's figures and keep them."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import groups, output, values


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "statistics")
    commands.command()(run)


def run(
    month: Annotated[
        str | None,
        typer.Option(
            parser=values.month, metavar="YYYY-MM", help="The month, as of its first day; without it: this month."
        ),
    ] = None,
) -> None:
    """Compute the figures of a month and keep them beside those that are there.

    They are foreloebig until eIndkomst of the month is delivered. The first that are endelig are frozen: they are what
    pages show, whatever is computed later. The service does this by itself (udb serve). The contacts of years that are
    over are kept too. Reads from UDB_READ_DATABASE_URL where it is set.
    """
    from datetime import date

    from udb.cli.database import opened, opened_to_read_late
    from udb.statistics.monthly.run import run as compute

    first = None if month is None else date.fromisoformat(f"{month}-01")
    with opened() as primary, opened_to_read_late() as standby:
        found = compute(standby, primary, first)
    income = f"eIndkomst of {found.indkomst_maaned:%Y-%m}" if found.indkomst_maaned else "no eIndkomst"
    typer.echo(
        f"{found.month:%Y-%m}: {output.counted(found.youths, 'youth')}, {output.counted(found.rows, 'row')}, "
        f"{found.status}, {income}."
    )
    for year in found.years:
        typer.echo(f"Kept the contacts of {year}.")
