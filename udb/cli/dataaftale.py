"""``udb dataaftale create|list|close``: which system may use which service for which institution."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from udb.cli import groups, output, values

System = Annotated[str, typer.Argument(metavar="ID", help="The system's id.")]
Service = Annotated[str, typer.Argument(metavar="SERVICE", help="The service's name, or alle for every service.")]
Institution = Annotated[str, typer.Argument(metavar="INSTITUTION", help="The number of the institution or kommune.")]
First = Annotated[
    date | None,
    typer.Option("--from", parser=values.day, metavar="YYYY-MM-DD", help="The first day; without it: always."),
]
Last = Annotated[
    date | None, typer.Option("--to", parser=values.day, metavar="YYYY-MM-DD", help="The last day; without it: open.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "dataaftale")
    commands.command()(create)
    commands.command("list")(list_)
    commands.command()(close)


def create(
    system_id: System, service: Service, institution: Institution, first: First = None, last: Last = None
) -> None:
    """Make an agreement, or give one new dates."""
    from udb.callers import agreements
    from udb.cli.database import opened
    from udb.store.engine import writing

    agreed = agreements.Dataaftale(system_id, service, institution, first, last)
    with opened() as engine, writing(engine) as connection:
        agreements.create(connection, agreed)
    typer.echo(f"System {system_id} may use {service} for {institution}.")


def list_(
    system: Annotated[str | None, typer.Option(metavar="ID", help="Only this system's.")] = None,
    as_json: output.Json = False,
) -> None:
    """List the agreements."""
    from dataclasses import asdict

    from udb.callers import agreements, systems
    from udb.cli.database import opened
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        if system is not None:
            systems.require(connection, system)
        found = agreements.listed(connection, system)
    columns = {
        "system_id": "system",
        "service": "service",
        "institution_nummer": "institution",
        "fra": "from",
        "til": "to",
    }
    output.rows(columns, [asdict(agreed) for agreed in found], as_json=as_json)


def close(system_id: System, service: Service, institution: Institution, last: Last = None) -> None:
    """End an agreement: after its last day, at once without one."""
    from udb.callers import agreements
    from udb.cli.database import opened
    from udb.sandbox import clock
    from udb.store.engine import writing

    agreed = agreements.Dataaftale(system_id, service, institution, None, last)
    with opened() as engine, writing(engine) as connection:
        agreements.close(connection, agreed, today=clock.now(connection).date())
    typer.echo(f"The agreement of {system_id} on {service} for {institution} is closed.")
