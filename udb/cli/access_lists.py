"""``udb access cancelled`` and ``udb access doubted``: what the operator should ask the reporters about."""

from __future__ import annotations

from typing import Final

import typer

from udb.cli import groups, output


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = groups.group(app, "access")
    group.command()(cancelled)
    group.command()(doubted)


def cancelled(*, as_json: output.Json = False) -> None:
    """List the look-ups of institutions whose course was cancelled within 60 days after.

    A school that invents a course of any youth, asks under it and cancels it looks like this. So does one that corrects
    a mistake: ask it. Times are those of the events' clock; system time, by which udb log youth shows the look-up, is
    beside them. Shows event numbers and no youth.
    """
    from dataclasses import asdict

    from udb.cli.database import opened
    from udb.store.engine import reading
    from udb.store.looked_up import cancelled_soon

    with opened() as engine, reading(engine) as connection:
        rows = [asdict(row) for row in cancelled_soon(connection)]
    output.rows(_CANCELLED, rows, as_json=as_json)


def doubted(*, as_json: output.Json = False) -> None:
    """List the gennemført that hide nothing: of a youth under 18 on the date, at a main institution without an optag.

    One hides later events from the home kommune when the institution reports an optag (access.md, A6). Ask the
    institution whether it is its pupil. Shows event numbers and no youth.
    """
    from dataclasses import asdict

    from udb.access.doubted import doubted as find
    from udb.cli.database import opened
    from udb.store.engine import reading

    with opened() as engine, reading(engine) as connection:
        rows = [asdict(row) for row in find(connection)]
    output.rows(_DOUBTED, rows, as_json=as_json)


_CANCELLED: Final = {
    "institution_nummer": "institution",
    "system_id": "system",
    "operation": "operation",
    "opslag": "looked up",
    "system_tid": "in system time",
    "nummer": "report",
    "annullering": "cancelled by",
    "annulleret": "cancelled",
}
_DOUBTED: Final = {
    "nummer": "report",
    "institution_nummer": "institution",
    "kilde_leverandoer": "source system",
    "haendelse_dato": "date",
    "registreringstid": "registered",
    "kode": "code",
    "fuldfoerer": "completes",
}
