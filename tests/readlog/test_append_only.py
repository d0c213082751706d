"""Without a log row there is no answer; and the database keeps logged rows from being changed."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zeep
from sqlalchemy import Connection, Engine, event, func, insert, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.support.endpoint import HOST, Endpoint, environ_of
from tests.support.fetches import START, numbers
from tests.support.read_log import add
from tests.support.reports import ANNA, optag
from tests.support.world import KOMMUNE, World
from udb.context import Context
from udb.domain.clock import system_time
from udb.domain.errors import UdbRefused, WrongUse
from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES
from udb.readlog.sealing import seal
from udb.sandbox import mark
from udb.sandbox.soapcall import envelope
from udb.settings import Settings
from udb.store import rights, state
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import feed_position, fetch_key, hentet
from udb.store.tables.log import (
    read_log,
    read_log_anchor,
    read_log_block,
    read_log_person,
    read_log_removed,
    read_log_sealed,
    read_log_unsealed,
)
from udb.wsdl.soap import SOAP11
from udb.wsdl.use_cases import application

LOG = (read_log, read_log_anchor, read_log_block, read_log_person, read_log_removed, read_log_sealed, read_log_unsealed)


def count(engine: Engine, table: Any) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def logged(world: World, endpoint: Endpoint) -> World:
    """Two rows in a block, and a third that waits."""
    world.person(ANNA)
    optag(endpoint, ANNA, 10)
    endpoint.fetch(KOMMUNE)
    seal(world.engine)
    endpoint.fetch(KOMMUNE, CPRNr=ANNA)
    with writing(world.engine) as connection:
        connection.execute(insert(read_log_block).values(**block(2, last_hash(connection))))
        connection.execute(insert(read_log_removed).values(blok=2, tid=system_time(), aar=5, noteret_i=3))
        connection.execute(insert(read_log_anchor).values(blok=1, svar=b"0"))
    return world


def last_hash(connection: Connection) -> str:
    hashes = connection.execute(select(read_log_block.c.hash).order_by(read_log_block.c.nummer.desc()))
    return str(hashes.scalars().first())


def block(nummer: int, forrige: str = "0", **changes: Any) -> dict[str, Any]:
    """Return a block without rows, right in nothing but its place."""
    now = system_time()
    times = dict.fromkeys(("foerste", "sidste", "forseglet"), now)
    return {"nummer": nummer, "antal": 0, "forrige": forrige, "raekker": "0", "hash": "0", **times, **changes}


@pytest.mark.parametrize("criterion", [{}, {"HaendelseNummer": START}, {"CPRNr": ANNA}, {"CPRNr": "7103075102"}])
def test_without_the_log_there_is_no_answer_and_nothing_counts_as_given(
    world: World, endpoint: Endpoint, criterion: dict[str, str]
) -> None:
    world.person(ANNA)
    sent = optag(endpoint, ANNA, 10)

    def refuse(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO read_log"):
            raise RuntimeError

    before = count(world.engine, read_log)
    event.listen(world.engine, "before_cursor_execute", refuse)
    with pytest.raises(zeep.exceptions.Fault) as fault:
        endpoint.fetch(KOMMUNE, **criterion)
    event.remove(world.engine, "before_cursor_execute", refuse)
    assert sent not in str(fault.value)
    assert [count(world.engine, table) for table in (read_log, hentet, feed_position, fetch_key)] == [before, 0, 0, 0]
    assert numbers(endpoint.fetch(KOMMUNE)) == [sent]


@pytest.mark.parametrize("criterion", [{}, {"HaendelseNummer": START}, {"CPRNr": ANNA}])
def test_the_log_is_committed_when_the_answer_begins(world: World, context: Context, criterion: dict[str, str]) -> None:
    world.person(ANNA)
    seen: list[int] = []
    body = envelope(DATA_TIL_KOMMUNE, "HentHaendelser", {"InstitutionNummer": KOMMUNE, **criterion}, "et id").encode()
    headers = {"Content-Type": SOAP11.content_type, "Authorization": Endpoint(None).authorization}  # type: ignore[arg-type]  # no world needed
    environ = environ_of("POST", f"http://{HOST}{SERVICES[DATA_TIL_KOMMUNE].path}", body, headers)

    def start_response(status: str, _headers: Any, _exc_info: Any = None) -> Any:
        assert status == "200 OK"
        seen.append(count(world.engine, read_log))

    answer = application(context, {})(environ, start_response)
    assert seen == [1]
    answer.close()  # type: ignore[attr-defined]  # WSGI's optional close


@pytest.mark.parametrize("table", LOG, ids=str)
def test_nothing_is_changed_or_removed(logged: World, table: Any) -> None:
    engine = logged.engine
    (key,) = [column.name for column in table.primary_key][:1]
    before = count(engine, table)
    assert before
    statements = [f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"]
    if engine.dialect.name == "postgresql":
        statements.append(f"TRUNCATE {table} CASCADE")
    elif table not in {read_log_person, read_log_unsealed}:
        statements.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    for statement in statements:
        with pytest.raises(IntegrityError, match="append-only"), writing(engine) as connection:
            connection.execute(text(statement))
    assert count(engine, table) == before


def test_a_register_that_was_read_becomes_no_sandbox(logged: World) -> None:
    for change in ("INSERT INTO state VALUES ('sandbox', '{}')", "UPDATE state SET name = 'sandbox'"):
        with pytest.raises(IntegrityError, match="does not become a sandbox"), writing(logged.engine) as connection:
            connection.execute(text(change))


def test_a_sandbox_claims_no_database_where_something_was_asked(engine: Engine) -> None:
    add(engine, 1)
    with pytest.raises(UdbRefused, match="holds data"), writing(engine) as connection:
        mark.claim(connection)


@pytest.mark.usefixtures("sandbox_url")
def test_a_sandbox_may_forget(world: World, endpoint: Endpoint) -> None:
    world.person(ANNA)
    endpoint.fetch(KOMMUNE, CPRNr=ANNA)
    with writing(world.engine) as connection:
        connection.execute(text("DELETE FROM read_log"))
    assert count(world.engine, read_log) == 0


def test_each_row_waits_and_is_found_by_its_persons_from_the_first_moment(logged: World) -> None:
    with reading(logged.engine) as connection:
        rows = connection.execute(select(read_log).order_by(read_log.c.id)).all()
        found = connection.execute(select(read_log_person.c.row_id, read_log_person.c.person_id)).all()
        waiting = connection.execute(select(read_log_unsealed.c.row_id)).scalars().all()
    assert len(rows) == 3
    assert sorted(found) == sorted((row.id, one) for row in rows for one in row.personer)
    assert waiting == [rows[-1].id]


ROLE = "udb_tjeneste"


@pytest.fixture
def role(logged: World, tmp_path: Path) -> Iterator[str]:
    """The name of a role of this test's own; on SQLite there are none."""
    name = f"{ROLE}_{zlib.crc32(str(tmp_path).encode())}"
    if logged.engine.dialect.name == "sqlite":
        yield name
        return
    with writing(logged.engine) as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
    yield name
    with writing(logged.engine) as connection:
        connection.execute(text(f"DROP OWNED BY {name}"))
        connection.execute(text(f"DROP ROLE {name}"))


def as_role(database_url: str, name: str) -> Engine:
    return make_engine(database_url.replace("://postgres:", f"://{name}:"))


def test_the_role_of_the_service_serves_and_seals_and_only_adds(logged: World, database_url: str, role: str) -> None:
    owner = logged.engine
    if owner.dialect.name == "sqlite":
        with pytest.raises(WrongUse, match="no roles"):
            rights.grant(owner, ROLE)
        return
    with pytest.raises(UdbRefused, match="CREATE ROLE"):
        rights.grant(owner, "findes_ikke")
    assert rights.grant(owner, role) == []
    assert rights.grant(owner, role) == []
    engine = as_role(database_url, role)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT current_user")).scalar_one() == role
    served = Endpoint(application(Context(engine, Settings(sandbox=True)), {}))
    sent = optag(served, ANNA, 11)
    assert numbers(served.fetch(KOMMUNE)) == [sent]
    before = count(owner, read_log)
    assert seal(engine) == 1
    with writing(engine) as connection:
        connection.execute(insert(read_log_anchor).values(blok=2, svar=b"0"))
    for table in (read_log, read_log_anchor, read_log_block, read_log_sealed, read_log_removed, read_log_person):
        for statement in (f"UPDATE {table} SET {table.primary_key.columns[0].name} = 1", f"DELETE FROM {table}"):
            with pytest.raises(ProgrammingError, match="permission denied"), writing(engine) as connection:
                connection.execute(text(statement))
    with pytest.raises(ProgrammingError, match="permission denied"), writing(engine) as connection:
        connection.execute(insert(read_log_removed).values(blok=1, tid=system_time(), aar=5, noteret_i=4))
    assert count(owner, read_log) == before
    engine.dispose()


def test_the_role_of_the_service_makes_no_tables_and_no_sandbox(logged: World, database_url: str, role: str) -> None:
    owner = logged.engine
    if owner.dialect.name == "sqlite":
        return  # SQLite has no roles
    rights.grant(owner, role)
    engine = as_role(database_url, role)
    for statement in ("CREATE TEMPORARY TABLE state (name text)", "CREATE TABLE public.ny (name text)"):
        with pytest.raises(ProgrammingError, match="permission denied"), writing(engine) as connection:
            connection.execute(text(statement))
    for statement in (
        "INSERT INTO state VALUES ('sandbox', '{}')",
        "INSERT INTO state VALUES ('sandbox_ur', '{}')",
        "UPDATE state SET name = 'sandbox_ur'",
    ):
        with pytest.raises(IntegrityError, match="only the owner"), writing(engine) as connection:
            connection.execute(text(statement))
    engine.dispose()


def test_a_way_round_the_rights_is_named_with_what_to_do(logged: World, role: str) -> None:
    owner = logged.engine
    if owner.dialect.name == "sqlite":
        return  # SQLite has no roles
    with pytest.raises(WrongUse, match="owns the tables"):
        rights.grant(owner, "postgres")
    with writing(owner) as connection:
        connection.execute(text(f"GRANT postgres TO {role}"))
    (line,) = [found for found in rights.grant(owner, role) if "owner" in found]
    assert line == f'{role} still acts as the owner of the tables. As a superuser: REVOKE "postgres" FROM "{role}";'
    with writing(owner) as connection:
        connection.execute(text(f"REVOKE postgres FROM {role}"))
        connection.execute(text(f"ALTER ROLE {role} SUPERUSER"))
    assert f'{role} still is a superuser. As a superuser: ALTER ROLE "{role}" NOSUPERUSER;' in rights.grant(owner, role)


def test_the_mark_can_be_written_again_while_nothing_was_read(world: World) -> None:
    for _ in range(2):
        with writing(world.engine) as connection:
            state.write(connection, mark.SANDBOX, {})
