"""``udb recheck``: stored reports, judged by the rules of another day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from udb.cli import output, values

if TYPE_CHECKING:
    from udb.recheck.recheck import Change, Summary


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(recheck)


def recheck(
    day: Annotated[
        date,
        typer.Option(
            "--date",
            parser=values.day,
            metavar="YYYY-MM-DD",
            help="Judge by the rules in force on this day, today or a later one.",
        ),
    ],
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep what would be refused, by sender, for the pages on data quality.")
    ] = False,
    as_json: output.Json = False,
) -> None:
    """Judge all stored events again by the rules of a day.

    Lists those that would be answered otherwise. Nothing is changed. Each is judged as on the day of its registration,
    by what had been reported before it and today's registers, but by the rules of --date. Codes are valid by the event
    date, in the code sets as they are now.
    """
    from udb import settings
    from udb.cli.database import opened, opened_to_read_late
    from udb.domain.errors import WrongUse
    from udb.recheck.recheck import Summary, count
    from udb.recheck.recheck import recheck as judge
    from udb.sandbox import clock
    from udb.sandbox.mark import is_sandbox
    from udb.statistics.quality.coming_rules import Collector
    from udb.store.engine import reading

    summary = Summary()
    # What is kept is written, which a standby cannot.
    with opened() if keep else opened_to_read_late() as engine:
        with reading(engine) as connection:
            now = clock.now(connection)
            today = now.date()
            invented = is_sandbox(connection) or settings.load().sandbox
        if day < today:
            raise WrongUse(f"--date must be today ({today}) or later: earlier rules have judged what is stored.")
        with _bar(count(engine)) as done:
            changes = judge(engine, day, summary, invented_cpr_allowed=invented, done=done)
            collector = Collector(engine)
            (_as_json if as_json else _as_lines)(collector.passed(changes), summary, day)
            if keep:
                collector.keep(summary, day, now)


def _as_lines(changes: Iterable[Change], summary: Summary, day: date) -> None:
    for change in changes:
        refused = "  refused" if change.refused else ""
        codes = f"{_listed(change.before)} -> {_listed(change.now)}"
        typer.echo(f"{change.nummer}  {change.service}  {change.registreret}  {codes}{refused}")
    of = output.counted(summary.events, "report")
    typer.echo(f"{summary.changed} of {of} would be answered otherwise on {day}.")
    if summary.changed:
        output.rows({"code": "code", "came": "came", "went": "went"}, summary.by_code(), as_json=False)


def _as_json(changes: Iterable[Change], summary: Summary, day: date) -> None:
    # Written piece by piece: the list may be long.
    typer.echo(f'{{"dato": "{day}", "changes": [', nl=False)
    for number, change in enumerate(changes):
        typer.echo(f"{',' if number else ''}\n {json.dumps(change.to_json(), default=str)}", nl=False)
    end = {"reports": summary.events, "changed": summary.changed, "codes": summary.by_code()}
    typer.echo(f"\n], {json.dumps(end)[1:]}")


def _listed(codes: Iterable[str]) -> str:
    return " ".join(codes) or "none"


@contextmanager
def _bar(events: int) -> Iterator[Callable[[int], None]]:
    with output.bar() as bar:
        task = bar.add_task("judging", total=max(events, 1))
        yield lambda more: bar.update(task, advance=more)
