"""A nation's register, made by the database itself: youths of 98 kommuner with the events of four years.

Kommune 0 is home to 15 youths in 100, the others to about 0.9 each. One youth in ten goes to school in another kommune;
one in two hundred has a subscription. Every youth has two school years and then news of income.
"""

from typing import Final

import psycopg
from sqlalchemy import insert

from benchmarks.land import kommuner
from benchmarks.tasks import KEY, SYSTEMS, system_name
from tests.support.world import GYMNASIUM, World
from udb.callers import systems
from udb.domain.services import ALL_SERVICES, FORBEREDENDE_AKTIVITET
from udb.sandbox import mark
from udb.store import state
from udb.store.engine import make_engine, writing
from udb.store.tables import dataaftale, system

KOMMUNER: Final = 98
LARGEST, ORDINARY = kommuner(KOMMUNER)[0], kommuner(KOMMUNER)[5]
"""The kommuner whose pages are measured."""
ELSEWHERE: Final = 9
"""The last digit of the ids of those who go to school in another kommune."""
_OFF: Final = ("haendelse", "person", "cprnummer", "abonnement")
_HOME: Final = "CASE WHEN id % 20 < 3 THEN 0 ELSE 1 + id * 7919 % 97 END"
_PERSONS: Final = f"""
    INSERT INTO person (id, cprnr, status, kommunekode, turns_15, turns_18, turns_25, turns_30)
    SELECT id, to_char(extract(day FROM born) + 60, 'FM00') || to_char(born, 'MMYY') || 4000 + id / 5400, '01',
        201 + {_HOME}, born + interval '15 years', born + interval '18 years', born + interval '25 years',
        born + interval '30 years'
    FROM (SELECT id, date '2011-08-01' - (id % 5400)::int AS born FROM generate_series(1::bigint, %(youths)s) id) b
"""  # noqa: S608 - put together from this file alone
_EVENTS: Final = f"""
    INSERT INTO haendelse (nummer, plads, art, person_id, cprnr, service, institution_nummer, haendelse_dato,
        registreringstid, kilde_leverandoer, status, kodesaet, kode, elev_trin, status_beskaeftigelse,
        beskaeftigelsesgrad, gentaget, annullering, annulleret, fuldfoerer, i_fuldfoert, til_10, vist, vis_praktiksted,
        hjemkommune, skolekommune, vises_under_25, vises_over_25, synlig_fra, synlig_til)
    SELECT n, n, CASE WHEN k < 4 THEN 'uddannelse' ELSE 'beskaeftigelse' END, id, cprnr,
        CASE WHEN k < 4 THEN '{FORBEREDENDE_AKTIVITET}' ELSE 'eIndkomst' END,
        CASE WHEN k < 4 THEN '44' || 2000 + school ELSE 'SKAT' END, day, day, 'Maaling',
        CASE WHEN k < 4 THEN 1 + k % 2 * 2 END, CASE WHEN k < 4 THEN 'elevtrin' END,
        CASE WHEN k < 4 THEN (8 + k / 2)::text END, CASE WHEN k < 4 THEN 8 + k / 2 END,
        CASE WHEN k < 4 THEN NULL WHEN k % 2 = 0 THEN 'Deltidsbeskaeftiget' ELSE 'Fuldtidsbeskaeftiget' END,
        CASE WHEN k < 4 THEN NULL WHEN k % 2 = 0 THEN 40 ELSE 100 END,
        false, false, false, CASE WHEN k = 3 AND id % 10 = 0 THEN 'gymnasial' END, k IN (2, 3) AND id % 10 = 0,
        k < 4, true, false,
        kommunekode, CASE WHEN k < 4 AND 201 + school <> kommunekode::int THEN (201 + school)::text END,
        id % 10 <> 0 OR k IN (2, 3), true,
        CASE WHEN id % 10 <> 0 OR k IN (2, 3) THEN turns_15 WHEN day >= turns_25 THEN turns_25 END,
        CASE WHEN day >= turns_25 THEN turns_30 WHEN id % 10 <> 0 OR k IN (2, 3) THEN turns_25 END
    FROM (
        SELECT *, 'UDB-' || to_char(day, 'YYYYMMDD') || lpad((id * 16 + k)::text, 15, '0') AS n,
            (kommunekode::int - 201 + CASE WHEN id % 10 = {ELSEWHERE} THEN 1 ELSE 0 END) % {KOMMUNER} AS school
        FROM (
            SELECT id, cprnr, kommunekode, turns_15, turns_25, turns_30, k,
                date '2022-08-01' + k * (1440 / %(each)s) + (id % 140)::int AS day
            FROM person, generate_series(0, %(each)s - 1) k
        ) dated
    ) e ORDER BY n
"""  # noqa: S608 - as above
_REST: Final = (
    "INSERT INTO cprnummer (cprnr, person_id) SELECT cprnr, id FROM person",
    "INSERT INTO abonnement (person_id, startdato) SELECT id, '2026-01-01' FROM person WHERE id % 200 = 0",
    "UPDATE counter SET last = (SELECT replace(max(nummer), 'UDB-', '') FROM haendelse)",
    "SELECT setval(pg_get_serial_sequence('person', 'id'), max(id)) FROM person",
)


def build(url: str, youths: int, events: int) -> int:
    """Fill a migrated PostgreSQL database, with equally many events for every youth; return the number of events."""
    engine = make_engine(url)
    world = World(engine)
    world.build()
    for one in kommuner(KOMMUNER):
        world.institution(one.nummer, type3="KOM", kommune=one.kode)
        world.institution(one.school, type3="1013", kommune=one.kode)
    with writing(engine) as connection:
        state.write(connection, mark.SANDBOX, {})
        rows = [systems.row(system_name(i), system_name(i), KEY) for i in range(SYSTEMS)]
        connection.execute(insert(system), rows)
        pairs = [(row["id"], one.nummer) for row in rows for one in (LARGEST, ORDINARY)] + [(system_name(0), GYMNASIUM)]
        connection.execute(
            insert(dataaftale),
            [{"system_id": one, "service": ALL_SERVICES, "institution_nummer": nummer} for one, nummer in pairs],
        )
    engine.dispose()
    each = max(events // youths, 5)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        _fill(connection, youths, each)
    return youths * each


def _fill(connection: psycopg.Connection, youths: int, each: int) -> None:
    """Insert the rows without indexes and triggers, and do the work of the triggers at once."""
    indexes = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'haendelse' AND indexname LIKE 'ix!_%' ESCAPE '!'"
    ).fetchall()
    for statement in ("SET maintenance_work_mem = '512MB'", "SET work_mem = '512MB'", "SET synchronous_commit = off"):
        connection.execute(statement)
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for table in _OFF:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    # Without parameters a percent sign is not special.
    connection.execute(_PERSONS.replace("%(youths)s", str(youths)))
    connection.execute(_EVENTS.replace("%(each)s", str(each)))
    for statement in _REST:
        connection.execute(statement)
    for table in _OFF:
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
    for _, made in indexes:
        connection.execute(made)
    connection.execute("VACUUM ANALYZE")
