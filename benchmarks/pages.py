"""``make bench WHAT=pages``: what a kommune's pages cost a worker's processor, with 20,000 invented youths.

One officer of a kommune with at least a hundred residents opens the page of a youth and a list of a hundred, ten times
each, on SQLite or on a PostgreSQL of its own. Prints the least processor time of each, without the database's on
PostgreSQL. Exits with 1 when a page is above its limit.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Final

import typer
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from benchmarks.machine import machine
from benchmarks.memory import database
from tests.support.officer import Officer
from tests.support.portal import ADDRESS
from tests.support.reporting import agree
from udb.context import Context
from udb.hentning.kommune.list_job import refresh_lists
from udb.imports.kodesaet import load_shipped
from udb.portal import app
from udb.sandbox.seed import Parameters, seed
from udb.settings import Settings
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import institution, person, ung_liste

LIMITS: Final = {"page of a youth": 40, "list of 100": 80, "list of 100, filtered": 80}
"""Milliseconds."""
TIMES: Final = 10
LIST: Final = "/web/unge/liste/"
_LINK: Final = 'href="/web/unge/s/'


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="make bench WHAT=pages", description=__doc__)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--youths", type=int, default=20_000)
    options = parser.parse_args()
    typer.echo(machine())
    with tempfile.TemporaryDirectory() as folder, database(options.database, folder) as url:
        engine = make_engine(url)
        with writing(engine) as connection:
            load_shipped(connection)
        seed(engine, Parameters(options.youths, dato=date(2026, 8, 17)), lambda *_: None)
        began = time.monotonic()
        listed = refresh_lists(engine)
        typer.echo(f"lists of {listed} youths worked out in {time.monotonic() - began:.0f} s")
        with reading(engine) as connection:
            biggest = (
                select(person.c.kommunekode)
                .join(ung_liste, ung_liste.c.person_id == person.c.id)
                .group_by(person.c.kommunekode)
                .order_by(func.count().desc())
                .limit(1)
            )
            kode = connection.execute(biggest).scalar_one()
            of_kommune = (institution.c.type3 == "KOM", institution.c.administrerende_kommune == kode)
            nummer = connection.execute(select(institution.c.nummer).where(*of_kommune)).scalars().first()
            latest = select(person.c.cprnr).join(ung_liste, ung_liste.c.person_id == person.c.id)
            cprnr = connection.execute(
                latest.where(person.c.kommunekode == kode, ung_liste.c.seneste.is_not(None)).limit(1)
            ).scalar_one()
        assert nummer is not None, "every kommune is an institution"
        agree(engine, nummer)
        settings = Settings(sandbox=True, portal_adresse=ADDRESS, opslag_i_timen=0)
        officer = Officer(app.application(Context(engine, settings), ADDRESS), engine, nummer)
        youth = officer.reference(cprnr)
        typer.echo(f"{len(re.findall(_LINK, officer.get(LIST).text))} youths in the list")
        paths = dict(zip(LIMITS, (youth, LIST, f"{LIST}?kontakt=mangler"), strict=True))
        took = {name: least(partial(officer.get, path)) for name, path in paths.items()}
        engine.dispose()
    for name, milliseconds in took.items():
        typer.echo(f"{name}: {milliseconds:.1f} ms of processor time (at most {LIMITS[name]})")
    return int(any(milliseconds > LIMITS[name] for name, milliseconds in took.items()))


def least(open_page: Callable[[], TestResponse]) -> float:
    """Return the least milliseconds of processor time that a page takes."""
    found = []
    for _ in range(TIMES):
        began = time.process_time()
        page = open_page()
        found.append(time.process_time() - began)
        assert page.status_code == HTTPStatus.OK
    return 1000 * min(found)
