"""``udb role assign|list|end``: roles for people whose log-in does not say what they may do."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from udb.cli import groups, output, values


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "role")
    commands.command()(assign)
    commands.command("list")(list_)
    commands.command()(end)


def assign(
    door: Annotated[str, typer.Argument(metavar="DOOR", help="unilogin, kommune or stil.")],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="The provider's name of the person (sub).")],
    role: Annotated[
        str, typer.Argument(metavar="ROLE", help="brugeradministrator, vejleder, leder or datamedarbejder.")
    ],
    institution: Annotated[
        str | None, typer.Argument(metavar="INSTITUTION", help="The institution's or kommune's number; none for STIL.")
    ] = None,
    until: Annotated[
        date | None, typer.Option("--until", parser=values.day, metavar="YYYY-MM-DD", help="The last day; needed.")
    ] = None,
) -> None:
    """Give a person a role, for a year at most."""
    from udb.cli.database import opened
    from udb.domain.errors import WrongUse
    from udb.portal.login import own_roles
    from udb.readlog.lookup import operator
    from udb.sandbox import clock
    from udb.store.engine import writing

    if until is None:
        raise WrongUse("Give the last day: --until YYYY-MM-DD")
    with opened() as engine, writing(engine) as connection:
        today = clock.now(connection).date()
        own_roles.assign(connection, door, subject, role, institution, today=today, til=until, by=operator())
    typer.echo(f"{subject} is {role} until {until}, by the door {door}.")


def list_(as_json: output.Json = False) -> None:
    """List the roles, those that have ended too."""
    from dataclasses import asdict

    from udb.cli.database import opened
    from udb.portal.login import own_roles
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        found = own_roles.listed(connection)
    columns = {
        "id": "number",
        "udbyder": "door",
        "subjekt": "subject",
        "rolle": "role",
        "institution_nummer": "institution",
        "fra": "from",
        "til": "to",
        "tildelt_af": "by",
    }
    output.rows(columns, [asdict(one) for one in found], as_json=as_json)


def end(number: Annotated[int, typer.Argument(metavar="NUMBER", help="The role's number, of udb role list.")]) -> None:
    """End a role at once."""
    from udb.cli.database import opened
    from udb.portal.login import own_roles
    from udb.sandbox import clock
    from udb.store.engine import writing

    with opened() as engine, writing(engine) as connection:
        own_roles.end(connection, number, today=clock.now(connection).date())
    typer.echo(f"Role {number} has ended.")
