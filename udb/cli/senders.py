"""``udb senders``: who sends what, and who has fallen silent."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import output


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(senders)


def senders(
    system: Annotated[str | None, typer.Option(metavar="ID", help="Only what this system sends.")] = None,
    institution: Annotated[
        str | None, typer.Option(metavar="INSTITUTION", help="Only this institution or kommune.")
    ] = None,
    verdict: Annotated[
        str | None,
        typer.Option(
            metavar="VERDICT", help="Only with this one: ny, tavs, fald, afvist_meget, for_lille_grundlag, normal."
        ),
    ] = None,
    as_json: output.Json = False,
) -> None:
    """Show who sends what: a row for each institution, service and system.

    Counts are of the 30 days up to yesterday, without repetitions and trials. The verdict is that of institution and
    service over all their systems. No row is about a youth.
    """
    from dataclasses import asdict

    from udb.callers import systems
    from udb.cli.database import opened_to_read_late
    from udb.domain.errors import WrongUse
    from udb.statistics.senders import senders as found_senders
    from udb.statistics.verdict import Verdict
    from udb.store import state
    from udb.store.engine import reading
    from udb.store.responsible import responsible

    if verdict is not None and verdict not in set(Verdict):
        raise WrongUse(f"There is no verdict {verdict}. There are: {', '.join(Verdict)}.")
    with opened_to_read_late() as engine, reading(engine) as connection:
        if system is not None:
            systems.require(connection, system)
        today = state.now(connection).date()
        functions = responsible(connection, today)
        found = [
            one
            for one in found_senders(connection, today)
            if system in {None, one.system_id}
            and institution in {None, one.institution_nummer}
            and verdict in {None, one.vurdering}
        ]
    rows = []
    for one in found:
        function = functions.get(one.institution_nummer)
        reached = ", ".join(filter(None, (function.navn, function.mail, function.telefon))) if function else None
        rows.append(asdict(one) | {"ansvarlig": reached})
    columns = _COLUMNS if as_json else {name: _COLUMNS[name] for name in _COLUMNS if name != "institution"}
    output.rows(columns, rows, as_json=as_json)


_COLUMNS = {
    "institution_nummer": "institution",
    "institution": "name",
    "service": "service",
    "system_id": "system",
    "seneste_accepterede": "last accepted",
    "seneste_afviste": "last refused",
    "accepteret": "accepted",
    "afvist": "refused",
    "aaret_foer": "a year before",
    "nedre_graense": "at least",
    "top_kode": "top code",
    "vurdering": "verdict",
    "tilbage": "back since",
    "afloest_af": "followed by",
    "afloest_dato": "since",
    "ansvarlig": "responsible",
}
