"""``udb regler aftryk``: close the account of a change of rules."""

import typer

from udb.cli import groups


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "regler").command("aftryk")(aftryk)


def aftryk() -> None:
    """Keep the fingerprints of changed rules and code sets, once REGELAENDRINGER.md tells of the change today."""
    from udb.domain.clock import system_today
    from udb.domain.errors import WrongUse
    from udb.paths import IS_CHECKOUT
    from udb.rulebook.fingerprints import write_down

    if not IS_CHECKOUT:
        raise WrongUse("Fingerprints are kept in a checkout of the project; this udb is installed from a wheel.")
    names = write_down(system_today())
    typer.echo(f"Kept: {', '.join(names)}." if names else "Nothing has changed.")
