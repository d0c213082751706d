"""``udb adgang``: why a kommune sees what it sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from udb.cli import groups, output

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from udb.access.clauses import Recipient
    from udb.access.explain import Decision, YouthExplained


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "adgang").command()(forklar)


def forklar(
    cprnr: Annotated[str, typer.Argument(metavar="CPR", help="A number the youth has or had.")],
    kommune: Annotated[str, typer.Option(metavar="NR", help="The kommune's institution number, or its kommunekode.")],
    as_json: output.Json = False,
) -> None:
    """Tell for every event of a youth whether a kommune sees it today, in the feed and in the look-up, and which
    clauses decided. That you ask is logged in the read log.
    """
    from udb.access.explain import explain
    from udb.cli.database import opened
    from udb.domain.errors import UdbRefused
    from udb.readlog.lookup import log_command
    from udb.store.engine import reading, writing
    from udb.store.persons import find_person

    with opened() as engine:
        with writing(engine) as connection:
            caller = _caller(connection, kommune)
            found = find_person(connection, cprnr)
            persons = [] if found is None else [found.id]
            log_command(connection, "udb adgang forklar", persons, caller.institution_nummer)
        if found is None:
            raise UdbRefused("Nobody in the register has or had this CPR number.")
        with reading(engine) as connection:
            explained = explain(connection, found.id, caller)
    if as_json:
        _as_json(explained, caller)
    else:
        _as_table(explained, caller)


def _caller(connection: Connection, kommune: str) -> Recipient:
    from udb.domain.errors import UdbRefused
    from udb.hentning.deliveries import recipient
    from udb.sandbox import clock
    from udb.store.persons import institutions

    for found in institutions(connection).values():
        if found.kommunekode is not None and kommune in {found.nummer, found.kommunekode}:
            return recipient(found, clock.now(connection).date())
    raise UdbRefused(f"There is no kommune {kommune} in the register of institutions.")


def _as_json(explained: YouthExplained, caller: Recipient) -> None:
    from dataclasses import asdict

    output.document(
        {
            "kommune": caller.institution_nummer,
            "kommunekode": caller.kommunekode,
            "dato": caller.today.isoformat(),
            **asdict(explained),
            "haendelser": [output.told(asdict(one)) for one in explained.haendelser],
        }
    )


def _as_table(explained: YouthExplained, caller: Recipient) -> None:
    from udb.access.explain import meaning

    typer.echo(f"Kommune {caller.institution_nummer} ({caller.kommunekode}) on {caller.today}.")
    typer.echo(f"Look-up of the youth, with contacts and wishes (A8): {_said(explained.opslag)}.")
    rows = [
        {
            "nummer": one.nummer,
            "dato": one.haendelse_dato,
            "institution": one.institution_nummer,
            "status": "annullering" if one.annullering else one.status,
            "feed": _said(one.feed),
            "opslag": _said(one.opslag),
            "hentet": one.hentet and one.hentet.isoformat(timespec="seconds"),
        }
        for one in explained.haendelser
    ]
    output.rows(("nummer", "dato", "institution", "status", "feed", "opslag", "hentet"), rows, as_json=False)
    decided = {name for one in explained.haendelser for how in (one.feed, one.opslag) for name in how.clauses}
    for name in sorted(decided | {*explained.opslag.clauses}):
        typer.echo(meaning(name))


def _said(decision: Decision) -> str:
    return f"{'yes' if decision.sees else 'no'}: {' '.join(decision.clauses)}"
