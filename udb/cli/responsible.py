"""``udb responsible set|list``: the function that is responsible for an institution's data."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import typer

from udb.cli import groups, output, values

_SAID: Final = {
    "unreachable": "Give --mail, --phone or both: without them the function cannot be reached.",
    "name": "--name is a text of 1 to 200 characters on one line.",
    "mail": "--mail is not a mail address.",
    "phone": "--phone is 8 to 20 digits and blanks, with + before a country code.",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "responsible")
    commands.command("set")(set_)
    commands.command("list")(list_)


def set_(
    institution: Annotated[
        str, typer.Argument(metavar="INSTITUTION", help="The number of the institution or kommune.")
    ],
    name: Annotated[str, typer.Option(metavar="TEXT", help="The name of the function, not of a person.")],
    mail: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Its mailbox.")] = None,
    phone: Annotated[str | None, typer.Option(metavar="NUMBER", help="Its telephone.")] = None,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=values.day, metavar="YYYY-MM-DD", help="Its first day; without it: today."),
    ] = None,
) -> None:
    """Name the function that is responsible, instead of the one before.

    Give a mailbox, a telephone or both. The function before ends the day before.
    """
    from udb.cli.database import opened
    from udb.domain.errors import UnknownName, WrongUse
    from udb.store import responsible, state
    from udb.store.engine import writing

    wrong = responsible.faults(name, mail, phone)
    if wrong:
        raise WrongUse(_SAID[wrong[0]])
    with opened() as engine, writing(engine) as connection:
        if not responsible.is_registered(connection, institution):
            raise UnknownName(f"There is no institution {institution} in the register.")
        begins = first or state.now(connection).date()
        responsible.set_responsible(connection, responsible.Responsible(institution, name.strip(), mail, phone, begins))
    typer.echo(f"Responsible for {institution} from {begins}: {name.strip()}")


def list_(
    institution: Annotated[
        str | None, typer.Option(metavar="INSTITUTION", help="Only this institution's or kommune's.")
    ] = None,
    as_json: output.Json = False,
) -> None:
    """List the functions, also those of before."""
    from dataclasses import asdict

    from udb.cli.database import opened
    from udb.store import responsible
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        found = responsible.all_responsible(connection, institution)
    columns = {
        "institution_nummer": "institution",
        "navn": "function",
        "mail": "mail",
        "telefon": "telephone",
        "fra": "from",
        "til": "to",
    }
    output.rows(columns, [asdict(one) for one in found], as_json=as_json)
