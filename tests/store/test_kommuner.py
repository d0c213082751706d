"""An event's kommuner, and the days on which the feed may show it, are right after any change to the data they follow
from, by any statement and in any order of commits.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, and_, delete, insert, select, text, update

from tests.imports.csvs import cpr, institutioner
from tests.support.kommuner import assert_in_step, out_of_step
from tests.support.world import GYMNASIUM, INSTITUTIONS, KOMMUNE, SCHOOL, World
from udb.domain.identifiers import event_number
from udb.domain.services import FORBEREDENDE_AKTIVITET, KOMMUNE_AKTIVITET
from udb.imports.cpr import import_cpr
from udb.imports.institutioner import import_institutioner
from udb.imports.types_edition import set_edition
from udb.sandbox.copies import make, restore
from udb.store.engine import reading, writing
from udb.store.numbers import draw
from udb.store.tables import haendelse, institution, kodesaet, person

EFTERSKOLE = "449700"
YOUTHS = ("6101054234", "6102054236", "6103054238", "6104054230")
NOW = datetime(2026, 8, 1, tzinfo=UTC)


def row(nummer: int, person_id: int, **values: Any) -> dict[str, Any]:
    """Return an event of a 9th grade."""
    return {
        "nummer": event_number(nummer),
        "plads": event_number(nummer),
        "art": "uddannelse",
        "person_id": person_id,
        "cprnr": YOUTHS[0],
        "service": FORBEREDENDE_AKTIVITET,
        "institution_nummer": SCHOOL,
        "haendelse_dato": date(2026, 8, 1),
        "registreringstid": NOW,
        "kilde_leverandoer": "Test",
        "gentaget": False,
        "annullering": False,
        "annulleret": False,
        "til_10": True,
        **values,
    }


SHOWN: dict[str, Any] = {"vist": True, "vises_under_25": True, "vises_over_25": True}


@pytest.fixture
def youths(world: World) -> list[int]:
    """Youths at home, at a school of another kommune, abroad, and without a kommune; each with events of all kinds."""
    kinds = (
        {},
        {"til_10": False},
        {"service": KOMMUNE_AKTIVITET},
        {"institution_nummer": GYMNASIUM},
        {"institution_nummer": EFTERSKOLE},
        SHOWN,
        {**SHOWN, "haendelse_dato": date(2030, 12, 1)},
        {**SHOWN, "annullering": True},
    )
    world.institution(EFTERSKOLE, type3="1011")
    homes = (("01", "101"), ("03", "751"), ("80", "751"), ("01", None))
    ids = [
        world.person(cprnr, status=status, kommune=kommune)
        for cprnr, (status, kommune) in zip(YOUTHS, homes, strict=True)
    ]
    with writing(world.engine) as connection:
        for at, (one, kind) in enumerate((one, kind) for one in ids for kind in kinds):
            connection.execute(insert(haendelse).values(row(at + 1, one, **kind)))
    assert_in_step(world.engine)
    return ids


def lines(**changed: str) -> list[str]:
    """Return the world's institutions as a file; ``changed``: type3, kommune or lukket of SCHOOL."""
    return [
        f"{nummer};Institution {nummer};{main};"
        + (
            f"{changed.get('type3', type3)};{changed.get('kommune', kommune)};{kommune};{changed.get('lukket', '')}"
            if nummer == SCHOOL
            else f"{type3};{kommune};{kommune};"
        )
        for nummer, type3, main, kommune in INSTITUTIONS
    ]


@pytest.mark.usefixtures("youths")
def test_imports_take_the_kommuner_along(engine):
    def kommuner() -> frozenset[Any]:
        columns = (haendelse.c.nummer, haendelse.c.hjemkommune, haendelse.c.skolekommune)
        with reading(engine) as connection:
            return frozenset(connection.execute(select(*columns)).all())

    a, b, c, d = YOUTHS
    seen = {kommuner()}
    for people in (
        [f"{a};A;01;461;;;", f"{b};B;01;101;;;"],  # they move
        [f"{b};B;90;101;;;"],
        [f"{c};C;01;751;;;"],  # comes home
        [f"{a};A;60;;{c};;", f"{c};C;01;461;;;"],  # two become one, who moves
        [f"{d};D;60;;6105054232;;", "6105054232;D;03;461;;;"],  # another number, and a kommune
        [f"{b};B;01;751;;;"],  # was not dead
    ):
        import_cpr(engine, cpr(*people), invented_allowed=True)
        assert_in_step(engine)
        seen.add(kommuner())
    set_edition(engine, "register")
    for changed in (
        {"kommune": "751"},
        {"kommune": "751", "type3": "1011"},
        {"type3": "1012"},
        {"lukket": "2026-08-01"},
        {},
    ):
        import_institutioner(engine, institutioner(*lines(**changed)))
        assert_in_step(engine)
        seen.add(kommuner())
        for edition in ("vejledning", "register"):
            set_edition(engine, edition)
            assert_in_step(engine)
    assert len(seen) > 7


OF_SCHOOL = and_(kodesaet.c.saet == "institutionstyper", kodesaet.c.kode == "1013")
"""The type of SCHOOL, which is no efterskole."""
FLAGGED = {"tjenester": "", "efterskole": "1"}

CHANGES: dict[str, Callable[[list[int]], Any]] = {
    "person.kommunekode": lambda _: update(person).values(kommunekode="461"),
    "person.kommunekode gone": lambda _: update(person).values(kommunekode=None),
    "person.status": lambda _: update(person).values(status="80"),
    "person.status back": lambda _: update(person).values(status="01"),
    "institution.beliggenhedskommune": lambda _: update(institution).values(beliggenhedskommune="751"),
    "institution.type3": lambda _: update(institution).values(type3="1011"),
    "haendelse.person_id": lambda ids: update(haendelse).values(person_id=ids[1]),
    "haendelse.institution_nummer": lambda _: update(haendelse).values(institution_nummer=KOMMUNE),
    "haendelse.service": lambda _: update(haendelse).values(service=FORBEREDENDE_AKTIVITET),
    "haendelse.service of kommuner": lambda _: update(haendelse).values(service=KOMMUNE_AKTIVITET),
    "haendelse.til_10": lambda _: update(haendelse).values(til_10=~haendelse.c.til_10),
    "haendelse.hjemkommune": lambda _: update(haendelse).values(hjemkommune="999", skolekommune="998"),
    "haendelse.haendelse_dato": lambda _: update(haendelse).values(haendelse_dato=date(2031, 1, 1)),
    "haendelse.annullering": lambda _: (
        update(haendelse).where(haendelse.c.vist).values(annullering=~haendelse.c.annullering)
    ),
    "haendelse.synlig_fra": lambda _: update(haendelse).values(synlig_fra=date.min, synlig_til=date.max),
    "haendelse.synlig_til gone": lambda _: update(haendelse).values(synlig_til=None),
    "person.turns_25": lambda _: update(person).values(turns_25=date(2031, 6, 1), turns_30=date(2036, 6, 1)),
    "person.turns_15": lambda _: update(person).values(turns_15=date(2021, 6, 1)),
    "haendelse, new": lambda ids: insert(haendelse).values(row(99, ids[1], hjemkommune="999", skolekommune="998")),
    "haendelse, new and shown": lambda ids: insert(haendelse).values(row(99, ids[1], **SHOWN, synlig_fra=date.min)),
    "kodesaet.egenskaber": lambda _: update(kodesaet).where(OF_SCHOOL).values(egenskaber=FLAGGED),
    "kodesaet, gone": lambda _: delete(kodesaet).where(kodesaet.c.saet == "institutionstyper"),
    "kodesaet, new": lambda _: insert(kodesaet).values(
        saet="institutionstyper",
        kode="1013",
        variant="",
        gyldig_fra=date(2031, 1, 1),
        tekst="Efterskoler",
        opfundet="",
        kilde="v-7",
        egenskaber=FLAGGED,
    ),
    "institution, new": lambda _: insert(institution).values(
        nummer="449999", navn="Ny", hovedinstitution="449999", type3="1013", beliggenhedskommune="461", in_register=True
    ),
}
"""Changes to every column that the kommuner and the days follow from, by various statements."""


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_changes_what_they_follow_from_cannot_forget_them(change, youths, engine):
    with writing(engine) as connection:
        # An event stored before its institution, as in a backup.
        connection.execute(insert(haendelse).values(row(98, youths[1], institution_nummer="449999")))
        connection.execute(CHANGES[change](youths))
        assert out_of_step(connection) == {}


EINDKOMST = {"service": "eIndkomst", "til_10": False, "institution_nummer": "SKAT", "hjemkommune": "999"}
"""An event as a run of eIndkomst stores it, but of another kommune."""


def test_only_a_run_of_eindkomst_says_itself_where_its_youths_live(youths, engine):
    """The home kommune that a run sets is not looked up, which would be most of its work; without the setting it is
    looked up.
    """
    given = text("SELECT set_config('udb.hjemkommune_given', 'yes', true)")
    others = ({"service": KOMMUNE_AKTIVITET}, {"til_10": True}, {"skolekommune": "998"})
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(given)
        for stored, other in enumerate(others, start=200):
            connection.execute(insert(haendelse).values(row(stored, youths[1], **EINDKOMST | other)))
        assert out_of_step(connection) == {}
        connection.execute(insert(haendelse).values(row(stored + 1, youths[1], **EINDKOMST)))
        assert len(out_of_step(connection)) == (engine.dialect.name == "postgresql")
        connection.rollback()
        connection.execute(insert(haendelse).values(row(stored + 1, youths[1], **EINDKOMST)))
        assert out_of_step(connection) == {}


def test_each_of_the_databases_guards_is_needed(youths, engine):
    """Without a guard the comparison finds wrong events: so it would also find a place where a guard is missing."""
    for name, table in guards(engine):
        found = set()
        for change in CHANGES.values():
            with engine.connect() as connection:
                connection.execute(text(f"DROP TRIGGER {name}" + (f" ON {table}" if table else "")))
                connection.execute(insert(haendelse).values(row(98, youths[1], institution_nummer="449999")))
                connection.execute(change(youths))
                found |= out_of_step(connection).keys()
                connection.rollback()
        assert found, name


def guards(engine: Engine) -> list[tuple[str, str]]:
    if engine.dialect.name == "sqlite":
        made = "SELECT name, '' FROM sqlite_master WHERE type = 'trigger'"
    else:
        made = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    with reading(engine) as connection:
        every = connection.execute(text(made)).all()
    # Those of the read log have their own test of the same (tests/readlog/test_guards.py).
    found = [(name, table) for name, table in every if not name.startswith("read_log")]
    assert {name.split("_")[0] for name, _ in found} == {"haendelse", "person", "institution", "kodesaet"}
    assert {name.split("_")[1] for name, _ in found} == {"kommuner", "synlig"}
    return found


@pytest.mark.usefixtures("youths")
def test_the_sandboxs_way_back_takes_them_along(engine):
    with writing(engine) as connection:
        make(connection)
    with writing(engine) as connection:
        connection.execute(update(person).values(kommunekode="461"))
        connection.execute(update(institution).values(beliggenhedskommune="751"))
    with writing(engine) as connection:
        restore(connection)
    assert_in_step(engine)


def store(connection: Connection, ids: list[int]) -> None:
    """Store an event without locking its youth; the counter is held, as for all numbers."""
    number = draw(connection, NOW)[0]
    connection.execute(insert(haendelse).values(row(number, ids[1])))


def move(connection: Connection, ids: list[int]) -> None:
    connection.execute(update(person).where(person.c.id == ids[1]).values(kommunekode="461"))


def relocate(connection: Connection, _: list[int]) -> None:
    connection.execute(update(institution).where(institution.c.nummer == SCHOOL).values(beliggenhedskommune="461"))


def judge(connection: Connection, _: list[int]) -> None:
    hidden = dict.fromkeys(SHOWN, False)
    connection.execute(update(haendelse).where(haendelse.c.vist, ~haendelse.c.annullering).values(hidden))


def born_later(connection: Connection, _: list[int]) -> None:
    days = {"turns_15": date(2021, 6, 1), "turns_25": date(2031, 6, 1), "turns_30": date(2036, 6, 1)}
    connection.execute(update(person).values(**days))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (store, move),
        (move, store),
        (store, relocate),
        (relocate, store),
        (judge, born_later),
        (born_later, judge),
    ],
)
def test_whichever_transaction_ends_first_both_are_heeded(first, second, youths, engine):
    if engine.dialect.name == "sqlite":
        pytest.skip("has one writer at a time")

    def later() -> None:
        with writing(engine) as connection:
            second(connection, youths)

    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            first(connection, youths)
            waiting = pool.submit(later)
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        waiting.result(20)
    assert_in_step(engine)


@pytest.mark.parametrize("change", [relocate, judge])
def test_what_holds_the_counter_waits_for_no_youth(change, youths, engine):
    """A school that moves, and the events that an import finds last, for whose youths it has no lock: a report that has
    locked its youth waits for the counter.
    """
    if engine.dialect.name == "sqlite":
        pytest.skip("has one writer at a time")
    with engine.connect() as report:
        report.execute(select(person.c.id).with_for_update()).all()
        with writing(engine) as connection:
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
            change(connection, youths)
    assert_in_step(engine)
