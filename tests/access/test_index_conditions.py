"""A page is found by an index, whatever the database estimates; no other rows of the nation are read."""

import re
from datetime import date

import pytest
from sqlalchemy import Connection, text

from tests.support.world import KOMMUNE, STAR, World
from udb.hentning import queries
from udb.store.engine import writing
from udb.store.sql.planner_hints import row_by_row
from udb.store.sql.prepared import Prepared

PERSONS, EACH = 3000, 4
KOMMUNER = 98
FILLED = (
    """INSERT INTO person (id, cprnr, status, kommunekode, turns_15, turns_18, turns_25, turns_30)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :persons)
    SELECT i, 1000000000 + i, '01', 101 + i % :kommuner, '2024-01-01', '2027-01-01', '2034-01-01', '2039-01-01'
    FROM n""",
    """INSERT INTO haendelse (nummer, plads, art, person_id, cprnr, service, institution_nummer, haendelse_dato,
        registreringstid, kilde_leverandoer, gentaget, annullering, annulleret, i_fuldfoert, til_10, vist,
        vis_praktiksted, vises_under_25)
    WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < :each)
    SELECT 'UDB-10000000000000' || (100000000 + i * 100000 + id), 'x', 'uddannelse', id, cprnr, 'x', '449010',
        '2026-01-01', '2026-01-01', 'x', false, false, false, false, id % 20 = 0, true, false, true
    FROM person, k""",
    "INSERT INTO abonnement (person_id, startdato) SELECT id, '2026-01-01' FROM person WHERE id % 300 = 0",
)
MIDDLE = "UDB-10000000000000100250000"
VALUES = {
    "system_id": "afproever",
    "today": date(2026, 8, 10),
    "hovedinstitution": KOMMUNE,
    "nummer": MIDDLE,
    "size": 20,
    "seen": MIDDLE,
    "gained": MIDDLE,
    "day": date(2026, 8, 9),
}
HOME, SCHOOL, YOUTH = "ix_haendelse_hjemkommune", "ix_haendelse_skolekommune", "ix_haendelse_person_id_nummer"

WHOLE = re.compile(
    r"Seq Scan on (haendelse|person)\b|using pk_haendelse on haendelse +\(|SCAN (haendelse|person)\b"
    r"|SEARCH haendelse USING INDEX sqlite_autoindex_haendelse_1 \(nummer[<>]"
)
"""A walk through all events or persons. Another look at an event (an alias of the table) by its number is none."""


@pytest.fixture
def filled(world: World) -> World:
    sizes = {"persons": PERSONS, "each": EACH, "kommuner": KOMMUNER}
    with writing(world.engine) as connection:
        for statement in FILLED:
            connection.execute(text(statement), {name: sizes[name] for name in re.findall(r":(\w+)", statement)})
        connection.execute(text("ANALYZE"))
    return world


def plan_of(connection: Connection, query: Prepared, kommunekode: str | None) -> list[str]:
    row_by_row(connection)
    plan = query._plan(connection.dialect)
    values = {**VALUES, "modtager": KOMMUNE if kommunekode else STAR, "kommunekode": kommunekode}
    sqlite = connection.dialect.name == "sqlite"
    asked = f"EXPLAIN {'QUERY PLAN' if sqlite else ''} {plan.text}"
    rows = connection.exec_driver_sql(asked, plan.for_cursor(plan.given(values))).all()
    return [str(row[-1]) for row in rows]


@pytest.mark.parametrize(
    ("query", "kommunekode", "indexes"),
    [
        (queries.AFTER[True], "101", {HOME, SCHOOL}),
        (queries.NEW[True], "101", {HOME, SCHOOL, YOUTH}),
        (queries.AFTER[False], None, {YOUTH}),
        (queries.NEW[False], None, {YOUTH}),
    ],
    ids=["by number", "new", "DFDG by number", "DFDG new"],
)
def test_a_page_is_found_by_an_index(query, kommunekode, indexes, filled):
    with filled.engine.connect() as connection:
        said = plan_of(connection, query, kommunekode)
    found = set(re.findall(f"{HOME}|{SCHOOL}|{YOUTH}", "\n".join(said)))
    assert indexes <= found, "\n".join(said)
    assert [line for line in said if WHOLE.search(line)] == []
