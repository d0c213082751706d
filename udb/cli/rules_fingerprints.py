"""``udb rules fingerprints``: keep the fingerprints of changed rules."""

import typer

from udb.cli import groups


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "rules").command()(fingerprints)


def fingerprints() -> None:
    """Keep the fingerprints of changed rules and code sets.

    Only once REGELAENDRINGER.md has an entry of today that names each of them.
    """
    from udb.domain.clock import system_today
    from udb.domain.errors import WrongUse
    from udb.paths import IS_CHECKOUT
    from udb.rulebook.fingerprints import write_down

    if not IS_CHECKOUT:
        raise WrongUse("Fingerprints are kept in a checkout of the project; this udb is installed from a wheel.")
    names = write_down(system_today())
    typer.echo(f"Kept: {', '.join(names)}." if names else "Nothing has changed.")
