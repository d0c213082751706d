"""``udb sandbox start``: from nothing to a sandbox that answers, in one command."""

from __future__ import annotations

import signal
from typing import Annotated, Any

import typer

from udb.cli import output
from udb.cli.groups import group


def register(app: typer.Typer) -> None:
    """Add the command."""
    group(app, "sandbox").command("start")(start)


def start(
    bind: Annotated[str, typer.Option(metavar="ADDRESS:PORT", help="Where to answer.")] = "127.0.0.1:8080",
    idp: Annotated[
        str | None, typer.Option(metavar="ADDRESS:PORT", help="Where the test log-in answers; default: the next port.")
    ] = None,
    youths: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many youths to invent, if there are none.")
    ] = 2000,
    history: Annotated[
        bool, typer.Option("--history/--no-history", help="Invent a past too: deliveries, contacts, a read log.")
    ] = True,
) -> None:
    """Start a sandbox: migrate, invent youths if there are none, serve.

    Prints how to make a first call. Ctrl-C stops it.
    """
    from udb import settings
    from udb.cli.migrate import migrate
    from udb.sandbox.idp import beside
    from udb.sandbox.running import require_free, run_command, running

    require_free(bind, "--bind 127.0.0.1:8081, or make run BIND=127.0.0.1:8081")
    migrate()
    if not _is_seeded():
        typer.echo(f"Inventing {output.counted(youths, 'youth')}; 2,000 take about half a minute.")
        # A command of its own: it has its own progress bar and messages.
        run_command({}, "sandbox", "seed", "--youths", str(youths), *(["--history"] if history else []))
    signal.signal(signal.SIGTERM, _stop)
    try:
        log_in = idp or beside.next_port(bind)
        secret = beside.secret_in(settings.load().data)
        with beside.provider(bind, log_in, secret) as doors, running(bind, doors) as service:
            _welcome(f"http://{bind}", f"http://{log_in}")
            raise typer.Exit(service.wait())
    except KeyboardInterrupt:
        typer.echo("Stopped. What was reported is kept; the next start goes on from here.")


def _stop(_signal: int, _frame: Any) -> None:
    raise KeyboardInterrupt


def _is_seeded() -> bool:
    from udb.cli.database import opened
    from udb.sandbox import mark
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        return bool(mark.seed_parameters(connection))


def _welcome(address: str, log_in: str) -> None:
    from udb.cli.database import opened
    from udb.domain.services import SERVICES
    from udb.sandbox import callers, clock, example, mark
    from udb.sandbox.reset import parameters_of
    from udb.sandbox.soapcall import Caller
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        today = clock.now(connection).date()
        seed = parameters_of(mark.seed_parameters(connection) or {}).seed
        chosen = example.choose(connection, today)
    caller = Caller(address, callers.EVERYTHING, callers.key_of(seed, callers.EVERYTHING))
    typer.echo("\nUngedatabasen answers. The contract of each service:\n")
    for service in SERVICES:
        typer.echo(f"  {caller.url(service)}?wsdl")
    typer.echo(
        f"\nA sandbox system that may use all of them for every institution:\n\n  {caller.system}:{caller.key}\n"
    )
    typer.echo(f"The pages for people (the test log-in at {log_in} has invented users):\n\n  {address}/web\n")
    if chosen is not None:
        typer.echo("A first report, ready to paste (an invented youth begins hf):\n")
        typer.echo(example.command(caller, chosen, today))
        typer.echo(f"\nThe home kommune, which can fetch it, is institution {chosen.kommune}.")
    typer.echo("Ctrl-C stops the sandbox.")
