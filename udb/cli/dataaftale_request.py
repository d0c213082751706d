"""``udb dataaftale request|requests|approve|reject``: agreements that one side asks for and another decides."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import groups, output
from udb.cli.dataaftale import First, Last, Service, System

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The request's number.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "dataaftale")
    for command in (request, requests, approve, reject):
        commands.command()(command)


def request(
    system_id: System,
    service: Service,
    institutions: Annotated[list[str], typer.Argument(metavar="INSTITUTION...", help="One or more numbers.")],
    first: First = None,
    last: Last = None,
    comment: Annotated[str | None, typer.Option(metavar="TEXT", help="A word to those who decide.")] = None,
    as_json: output.Json = False,
) -> None:
    """Ask for an agreement with each institution. Nothing may be called before it is approved."""
    from udb.callers import agreement_requests
    from udb.callers.agreements import Dataaftale
    from udb.cli.database import opened
    from udb.store.engine import writing

    wanted = [Dataaftale(system_id, service, number, first, last) for number in dict.fromkeys(institutions)]
    with opened() as engine, writing(engine) as connection:
        numbers = agreement_requests.request(connection, wanted, comment)
    made = [{"nr": nr, "institution": one.institution_nummer} for nr, one in zip(numbers, wanted, strict=True)]
    if as_json:
        output.document(made)
        return
    for row in made:
        typer.echo(f"Request {row['nr']}: {system_id} asks for {service} for {row['institution']}.")


def requests(
    every: Annotated[bool, typer.Option("--all", help="Decided ones too.")] = False,
    as_json: output.Json = False,
) -> None:
    """List the requests that wait."""
    from dataclasses import asdict

    from udb.callers import agreement_requests
    from udb.cli.database import opened
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        found = agreement_requests.listed(connection, decided=every)
    output.rows(_COLUMNS, [asdict(one) for one in found], as_json=as_json)


_COLUMNS = {
    "id": "number",
    "system_id": "system",
    "service": "service",
    "institution_nummer": "institution",
    "fra": "from",
    "til": "to",
    "kommentar": "comment",
    "anmodet": "requested",
    "godkendt": "approved",
    "afgjort": "decided",
    "begrundelse": "reason",
}


def approve(numbers: Annotated[list[int], typer.Argument(metavar="NUMBER...", help="The requests' numbers.")]) -> None:
    """Approve requests, all of them or none. The agreements count at once, within their dates."""
    from udb.callers import agreement_requests
    from udb.cli.database import opened
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        agreed = [agreement_requests.approve(connection, number) for number in numbers]
    for one in agreed:
        typer.echo(f"System {one.system_id} may use {one.service} for {one.institution_nummer}.")


def reject(
    number: Number,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept with the request.")],
) -> None:
    """Reject a request."""
    from udb.callers import agreement_requests
    from udb.cli.database import opened
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        agreement_requests.refuse(connection, number, reason)
    typer.echo(f"Request {number} is rejected.")
