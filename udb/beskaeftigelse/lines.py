"""The lines of an eIndkomst file on their way into the database: first all of them as they are, in a table of this
connection alone, which locks nobody; then those of the youths in the register.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    FromClause,
    MetaData,
    String,
    Table,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    text,
)

from udb.store.engine import analyze, unavailable
from udb.store.indkomst_tables import indkomst, indkomst_venter, indkomstmaaned
from udb.store.tables import cprnummer, person

NUMBER: Final = "cprnr"
MONTH: Final = "maaned"
EMPLOYER: Final = "indberetter"
KIND: Final = "indtaegtsart"
AMOUNT: Final = "beloeb"
KEY: Final = (NUMBER, MONTH, EMPLOYER, KIND)
"""What may stand only once in a file."""

_STAGED: Final = Table(
    "indkomst_linjer",
    MetaData(),
    *(Column(name, String) for name in (*KEY, AMOUNT)),
    prefixes=["TEMPORARY"],
)


@contextmanager
def staging(engine: Engine) -> Iterator[Connection]:
    """A connection, in no transaction yet, that ``empty`` gives its table and that leaves none behind.

    Raises DatabaseUnavailable.
    """
    with unavailable(), engine.connect() as connection:
        try:
            yield connection
        finally:
            with connection.begin():
                _drop(connection)


def empty(connection: Connection) -> None:
    """Make the table anew."""
    _drop(connection)
    _STAGED.create(connection, checkfirst=False)


def _drop(connection: Connection) -> None:
    connection.execute(text(f"DROP TABLE IF EXISTS {_STAGED.name}"))


def stage(connection: Connection, rows: Sequence[Mapping[str, str]]) -> None:
    """Add lines whose fields are right."""
    if rows:
        connection.execute(insert(_STAGED), rows)


def stage_pieces(connection: Connection, pieces: Iterable[bytes], columns: Sequence[str], delimiter: str) -> None:
    """Add whole pieces of a file, each of them lines without quotes that end in a line feed."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(columns)
        command = f"COPY {_STAGED.name} ({names}) FROM STDIN (FORMAT csv, DELIMITER '{delimiter}')"
        cursor: Any = connection.connection.cursor()
        with cursor.copy(command) as copy:
            for piece in pieces:
                copy.write(piece)
        return
    for piece in pieces:
        stage(
            connection,
            [dict(zip(columns, line.split(delimiter), strict=True)) for line in piece.decode("ascii").splitlines()],
        )


def repeated(connection: Connection, most: int) -> set[tuple[str, ...]]:
    """Keys that stand on more than one line."""
    key = [_STAGED.c[name] for name in KEY]
    return {tuple(row) for row in connection.execute(select(*key).group_by(*key).having(func.count() > 1).limit(most))}


def months(connection: Connection) -> list[str]:
    """The months that the lines are of, as they stand there, in ascending order."""
    return sorted(connection.execute(select(_STAGED.c.maaned).distinct()).scalars())


def compare(connection: Connection, name: str, day: date) -> tuple[int, int]:
    """Of a month's lines, how many are stored already with another amount, and with the same."""
    same = exists().where(_same(day), indkomst.c.oere == _oere()).correlate(_STAGED, cprnummer)
    other = exists().where(_same(day)).correlate(_STAGED, cprnummer)
    count = (func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in (other, same))
    found, unchanged = connection.execute(select(*count).select_from(_NUMBERED).where(_STAGED.c.maaned == name)).one()
    return found - unchanged, unchanged


def remove_month(connection: Connection, day: date) -> None:
    """Remove what is stored of a month."""
    connection.execute(delete(indkomst).where(indkomst.c.maaned == day))


def remove_replaced(connection: Connection, name: str, day: date) -> None:
    """Remove what the lines of a month replace."""
    replaced = exists().select_from(_NUMBERED).where(_same(day), _STAGED.c.maaned == name).correlate(indkomst)
    connection.execute(delete(indkomst).where(replaced))


def store(connection: Connection, name: str, day: date) -> int:
    """Store a month's lines of the youths of the register who were 15-24 on its last day. Gives how many they are."""
    query = (
        select(
            literal(day), cprnummer.c.person_id, _STAGED.c.cprnr, _STAGED.c.indberetter, _STAGED.c.indtaegtsart, _oere()
        )
        .select_from(_youths(day))
        .where(_STAGED.c.maaned == name)
        .order_by(cprnummer.c.person_id)
    )
    columns = [column.name for column in indkomst.columns]
    statement = insert(indkomst).from_select(columns, query)
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def let_wait(connection: Connection, name: str, day: date) -> None:
    """Let the youths of a month's lines wait from that month on, unless they wait from an earlier one."""
    waits = exists().where(indkomst_venter.c.person_id == cprnummer.c.person_id).correlate(cprnummer)
    query = (
        select(literal(day), cprnummer.c.person_id)
        .distinct()
        .select_from(_youths(day))
        .where(_STAGED.c.maaned == name, ~waits)
    )
    connection.execute(insert(indkomst_venter).from_select(["fra", "person_id"], query))


def delivered(connection: Connection) -> set[date]:
    """The months that were delivered whole."""
    return set(connection.execute(select(indkomstmaaned.c.maaned)).scalars())


def note_delivered(connection: Connection, day: date) -> None:
    """Note a month's first delivery; it counts when every youth is calculated."""
    if day not in delivered(connection):
        connection.execute(insert(indkomstmaaned).values(maaned=day))


def look_over(connection: Connection) -> None:
    """Let the database see how much there is."""
    analyze(connection, _STAGED)


def _youths(day: date) -> FromClause:
    of_age = and_(person.c.id == cprnummer.c.person_id, person.c.turns_15 <= day, person.c.turns_25 > day)
    return _STAGED.join(cprnummer, cprnummer.c.cprnr == _STAGED.c.cprnr).join(person, of_age)


_NUMBERED: Final = _STAGED.join(cprnummer, cprnummer.c.cprnr == _STAGED.c.cprnr)


def _same(day: date) -> Any:
    """The same key by person: a line under a replaced number is corrected by one under the current number."""
    return and_(
        indkomst.c.maaned == day,
        indkomst.c.person_id == cprnummer.c.person_id,
        *(indkomst.c[name] == _STAGED.c[name] for name in (EMPLOYER, KIND)),
    )


def _oere() -> Any:
    # Two decimals, so the amount without its point is in øre.
    return cast(func.replace(_STAGED.c.beloeb, ".", ""), BigInteger)
