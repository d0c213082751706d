"""``udb dataaftale anmod`` and what becomes of it: agreements are asked for by one and approved by another."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import groups, output
from udb.cli.dataaftale import Fra, Service, System, Til, day

Number = Annotated[int, typer.Argument(metavar="NR", help="The request's number.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "dataaftale")
    for command in (anmod, anmodninger, godkend, afvis):
        commands.command()(command)


def anmod(
    system_id: System,
    service: Service,
    institutioner: Annotated[list[str], typer.Argument(metavar="INSTITUTION...", help="One or more numbers.")],
    fra: Fra = None,
    til: Til = None,
    kommentar: Annotated[str | None, typer.Option(help="A word to those who decide.")] = None,
    as_json: output.Json = False,
) -> None:
    """Ask for an agreement with each institution. Nothing may be called before it is approved."""
    from udb.callers import agreement_requests as requests
    from udb.callers.agreements import Dataaftale
    from udb.cli.database import opened
    from udb.store.engine import writing

    wanted = [Dataaftale(system_id, service, number, day(fra), day(til)) for number in dict.fromkeys(institutioner)]
    with opened() as engine, writing(engine) as connection:
        numbers = requests.request(connection, wanted, kommentar)
    made = [{"nr": nr, "institution": one.institution_nummer} for nr, one in zip(numbers, wanted, strict=True)]
    if as_json:
        output.document(made)
        return
    for row in made:
        typer.echo(f"Request {row['nr']}: {system_id} asks for {service} for {row['institution']}.")


def anmodninger(
    alle: Annotated[bool, typer.Option("--alle", help="Those that were decided too.")] = False,
    as_json: output.Json = False,
) -> None:
    """List the requests that wait."""
    from dataclasses import asdict

    from udb.callers import agreement_requests as requests
    from udb.cli.database import opened
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        found = requests.listed(connection, decided=alle)
    output.rows(
        tuple(requests.Anmodning.__dataclass_fields__), [output.told(asdict(one)) for one in found], as_json=as_json
    )


def godkend(numbers: Annotated[list[int], typer.Argument(metavar="NR...", help="The requests' numbers.")]) -> None:
    """Approve requests, all of them or none: the agreements count at once, within their dates."""
    from udb.callers import agreement_requests as requests
    from udb.cli.database import opened
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        agreed = [requests.approve(connection, number) for number in numbers]
    for one in agreed:
        typer.echo(f"System {one.system_id} may use {one.service} for {one.institution_nummer}.")


def afvis(
    number: Number,
    begrundelse: Annotated[str, typer.Option(help="Why; kept with the request.")],
) -> None:
    """Refuse a request."""
    from udb.callers import agreement_requests as requests
    from udb.cli.database import opened
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        requests.refuse(connection, number, begrundelse)
    typer.echo(f"Request {number} is refused.")
