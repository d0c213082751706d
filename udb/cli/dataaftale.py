"""``udb dataaftale``: which system may use which service for which institution."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from udb.cli import groups, output

System = Annotated[str, typer.Argument(metavar="ID", help="The system's id.")]
Service = Annotated[str, typer.Argument(metavar="SERVICE", help="The service's name, or alle for every service.")]
Institution = Annotated[str, typer.Argument(metavar="INSTITUTION", help="The institution's or kommune's number.")]
Fra = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day; not given: always.")]
Til = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day; not given: open.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "dataaftale")
    commands.command()(opret)
    commands.command()(liste)
    commands.command()(luk)


def opret(system_id: System, service: Service, institution: Institution, fra: Fra = None, til: Til = None) -> None:
    """Make an agreement, or give one new dates."""
    from udb.callers import agreements
    from udb.cli.database import opened
    from udb.store.engine import writing

    agreed = agreements.Dataaftale(system_id, service, institution, day(fra), day(til))
    with opened() as engine, writing(engine) as connection:
        agreements.create(connection, agreed)
    typer.echo(f"System {system_id} may use {service} for {institution}.")


def liste(
    system: Annotated[str | None, typer.Option(help="Only this system's.")] = None, as_json: output.Json = False
) -> None:
    """List the agreements."""
    from dataclasses import asdict

    from udb.callers import agreements
    from udb.cli.database import opened
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        found = agreements.listed(connection, system)
    columns = ("system_id", "service", "institution_nummer", "fra", "til")
    output.rows(columns, [asdict(agreed) for agreed in found], as_json=as_json)


def luk(system_id: System, service: Service, institution: Institution, til: Til = None) -> None:
    """End an agreement: after its last day, at once when none is given."""
    from udb.callers import agreements
    from udb.cli.database import opened
    from udb.sandbox import clock
    from udb.store.engine import writing

    agreed = agreements.Dataaftale(system_id, service, institution, None, day(til))
    with opened() as engine, writing(engine) as connection:
        agreements.close(connection, agreed, today=clock.now(connection).date())
    typer.echo(f"The agreement of {system_id} on {service} for {institution} is closed.")


def day(given: datetime | None) -> date | None:
    """The date of an option."""
    return None if given is None else given.date()
