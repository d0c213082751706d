"""Store the events of eIndkomst.

Their content is gathered while their youths are locked. They are stored once their numbers are drawn, with nothing left
to look up (docs/architecture.md, decision 1).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Delete,
    Insert,
    Integer,
    SmallInteger,
    String,
    Text,
    case,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    select,
    true,
)

from udb.beskaeftigelse.grad import STATUS
from udb.beskaeftigelse.pending_events import NEWS, SEE, of_range
from udb.beskaeftigelse.temp_tables import own, renew_kept
from udb.domain.identifiers import event_number
from udb.domain.persons import RESIDENT
from udb.store.numbers import draw
from udb.store.shown_days import first_and_end, shown_over_25, shown_under_25
from udb.store.sql.planner_hints import computed_once, row_by_row
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import haendelse, person
from udb.store.tables.indkomst import indkomst_nyt
from udb.store.tables.types import Key

SERVICE: Final = "eIndkomst"
SOURCE: Final = "SKAT"
GATHERED: Final = own(
    "indkomst_fortaelles",
    Column("plads", Integer, comment="from 0 on, in the order of the numbers"),
    Column("person_id", Key),
    Column("maaned", Date),
    Column("art", String),
    Column("status", SmallInteger),
    Column("grad", Integer),
    Column("social_ydelse", Boolean),
    Column("cprnr", String),
    Column("hjemkommune", String),
    Column("vises_under_25", Boolean),
    Column("vises_over_25", Boolean),
    Column("synlig_fra", Date),
    Column("synlig_til", Date),
)
"""The content of a transaction's events."""
_GIVEN: Final = ("hjemkommune", "vises_under_25", "vises_over_25", "synlig_fra", "synlig_til")
_THEIRS: Final = of_range(parameter("first", Key), parameter("last", Key))
_DIGITS: Final = 12
"""The last digits of a number: within a thousand numbers, the digits before them change by at most one."""


def gather(connection: Connection, ids: Sequence[int]) -> int:
    """Move the news of these youths to ``GATHERED``, where ``tell`` reads it; return how many events they make.

    ``ids``: in ascending order all youths with news from the first to the last; the caller has locked them.
    """
    renew_kept(connection, GATHERED)
    # Statistics of an earlier month's news would let PostgreSQL read the whole register for a thousand youths.
    row_by_row(connection)
    _GATHER.run(connection, first=ids[0], last=ids[-1])
    _TAKE.run(connection, first=ids[0], last=ids[-1])
    if connection.dialect.name == "postgresql":
        # Gathered from locked rows, so the triggers on new events need not look up the home kommune and the days.
        _HOME_IS_GIVEN.rows(connection)
    return int(_COUNT.rows(connection)[0][0])


def tell(connection: Connection, count: int, now: datetime) -> None:
    """Store the ``count`` gathered events under numbers drawn now."""
    first = draw(connection, now, count)[0]
    _INSERT.run(
        connection,
        head=event_number(first)[:-_DIGITS],
        carried=event_number(first + 10**_DIGITS)[:-_DIGITS],
        tail=10**_DIGITS + first % 10**_DIGITS,
        now=now,
    )
    # PostgreSQL empties it when the transaction ends.
    if connection.dialect.name == "sqlite":
        _CLEAR.run(connection)


def _gather(_: str) -> Insert:
    found = select(indkomst_nyt).where(_THEIRS, indkomst_nyt.c.art != SEE).subquery("found")
    home = case((person.c.status.in_(sorted(RESIDENT)), person.c.kommunekode))
    given = (home, shown_under_25(), shown_over_25(found.c.maaned))
    named = (value.label(name) for value, name in zip(given, _GIVEN, strict=False))
    birthdays = (person.c.turns_15, person.c.turns_25, person.c.turns_30)
    query = select(found, person.c.cprnr, *named, *birthdays).join(person, person.c.id == found.c.person_id)
    judged = computed_once(query, "judged")
    days = first_and_end(judged.c.vises_under_25, judged.c.vises_over_25, judged.c.maaned, judged)
    place = func.row_number().over(order_by=(judged.c.person_id, judged.c.maaned, judged.c.art)) - 1
    values = (judged.c[name] for name in (*NEWS, "cprnr", *_GIVEN[:3]))
    query = select(place, *values, *days)
    return insert(GATHERED).from_select([column.name for column in GATHERED.columns], query)


def _take(_: str) -> Delete:
    return delete(indkomst_nyt).where(_THEIRS)


def _insert(_: str) -> Insert:
    values: dict[str, Any] = {
        "nummer": _number(GATHERED.c.plads),
        "plads": _number(GATHERED.c.plads),
        "art": GATHERED.c.art,
        "person_id": GATHERED.c.person_id,
        "cprnr": GATHERED.c.cprnr,
        "service": literal(SERVICE),
        "gentaget": false(),
        "institution_nummer": literal(SOURCE),
        "haendelse_dato": GATHERED.c.maaned,
        "registreringstid": parameter("now", haendelse.c.registreringstid.type),
        "kilde_leverandoer": literal(SOURCE),
        "annullering": false(),
        "annulleret": false(),
        "status_beskaeftigelse": case(dict(enumerate(STATUS)), value=GATHERED.c.status),
        "beskaeftigelsesgrad": GATHERED.c.grad,
        "modtager_social_ydelse": GATHERED.c.social_ydelse,
        "udgaaet": false(),
        "i_fuldfoert": false(),
        "til_10": false(),
        "vist": true(),
        "vis_praktiksted": false(),
        **{name: GATHERED.c[name] for name in _GIVEN},
    }
    rows = select(*values.values()).order_by(GATHERED.c.plads)
    return insert(haendelse).from_select(list(values), rows, include_defaults=False)


def _number(place: ColumnElement[int]) -> ColumnElement[str]:
    """Return ``identifiers.event_number`` of the number ``place`` after the first, in parts that fit an integer."""
    sum_ = parameter("tail", BigInteger) + place
    carries = sum_ >= 2 * 10**_DIGITS
    head = case((carries, parameter("carried", String)), else_=parameter("head", String))
    return head + func.substr(cast(sum_, Text), 2)


_CLEAR: Final = Prepared(lambda _: delete(GATHERED))
_GATHER: Final = Prepared(_gather)
_TAKE: Final = Prepared(_take)
_COUNT: Final = Prepared(lambda _: select(func.count()).select_from(GATHERED))
_HOME_IS_GIVEN: Final = Prepared(lambda _: select(func.set_config("udb.hjemkommune_given", "yes", true())))
_INSERT: Final = Prepared(_insert)
