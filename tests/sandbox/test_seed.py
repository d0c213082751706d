from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from tests.support import database
from tests.support.kommuner import assert_in_step
from tests.support.seeded import KINDS, TODAY, content, judge, make
from udb.domain.clock import danish_date
from udb.domain.cpr import birth_date
from udb.domain.errors import UdbRefused
from udb.imports.kodesaet import load_shipped
from udb.rulebook import examples
from udb.sandbox import clock, people
from udb.sandbox.seed import Parameters, seed
from udb.store import numbers
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import (
    abonnement,
    cprnummer,
    dataaftale,
    haendelse,
    haendelse_raad,
    institution,
    kodesaet,
    kontakt,
    person,
    system,
)


def test_the_same_parameters_make_the_same_world_and_others_another(engine):
    made = make(engine)
    first = content(engine)
    assert make(engine) == made
    assert content(engine) == first
    assert_in_step(engine)
    make(engine, number=2)
    assert content(engine) != first


def test_every_database_holds_the_same_world(engine, tmp_path):
    make(engine, 100)
    with database.sqlite(tmp_path) as source, source.migrated() as url:
        other = make_engine(url)
        make(other, 100)
        assert content(other) == content(engine)
        other.dispose()


def test_numbers_are_invented_and_nobody_has_anothers(engine):
    make(engine, 2000)
    with reading(engine) as connection:
        found = connection.execute(select(cprnummer.c.cprnr)).scalars().all()
        current = connection.execute(select(person.c.cprnr)).scalars().all()
    assert len(found) == len(set(found)) > 2000
    assert len(set(current)) == 2000 + len(examples.youths())
    assert all(birth_date(number, invented_allowed=False) is None for number in found)
    assert all(birth_date(number, invented_allowed=True) for number in found)


def test_ages_at_the_edges_and_every_status_are_there(engine):
    make(engine)
    with reading(engine) as connection:
        rows = connection.execute(select(person)).all()
    for age, offset in people.EDGES:
        reached = TODAY + timedelta(days=offset)
        assert any(getattr(row, f"turns_{age}") == reached and row.status == "01" for row in rows)
    assert {"01", *people.OTHER_STATUSES} <= {row.status for row in rows}
    assert any(row.cprnr[:4] == "8902" for row in rows)


def test_what_the_register_holds(engine):
    make(engine)
    with reading(engine) as connection:
        types = set(connection.execute(select(institution.c.type3)).scalars())
        known = connection.execute(select(kodesaet.c.kode).where(kodesaet.c.saet == "institutionstyper")).scalars()
        named = {"281111": "KOM", "449009": "1012", "449010": "1012", "483350": "1025", "461248": "1061"}
        assert types == {
            *("1010", "1011", "1012", "1013", "1014", "1015", "1016", "1017", "1021", "1022", "1023", "1025", "1027"),
            *("1053", "1061", "1062", "1071", "1081", "1084", "1085", "1086", "1087", "1131", "KOM", "STAR"),
        }
        assert types <= set(known)
        for name, type3 in (("Efterskole", "1011"), ("Særlig efterskole", "1010"), ("Folkeskole", "1012")):
            query = select(institution.c.type3).where(institution.c.navn.startswith(f"{name} "))
            assert set(connection.execute(query).scalars()) == {type3}
        for number, type3 in named.items():
            query = select(institution.c.type3).where(institution.c.nummer == number)
            assert connection.execute(query).scalar_one() == type3
        assert connection.execute(select(func.count()).where(institution.c.type3 == "KOM")).scalar_one() == 98
        branches = institution.c.hovedinstitution != institution.c.nummer
        assert connection.execute(select(func.count()).where(branches)).scalar_one() > 50
        for_all = select(func.count()).where(dataaftale.c.system_id == "sandbox")
        everything = connection.execute(select(func.count()).select_from(institution)).scalar_one()
        assert connection.execute(for_all).scalar_one() == everything
        assert "kui-101" in connection.execute(select(system.c.id)).scalars().all()
        assert danish_date(clock.now(connection)) == TODAY


def test_every_report_would_have_been_accepted_with_this_advice_and_these_names(engine):
    """Judge all events again, in order, by the rules in force."""
    make(engine, 2000)
    judged = judge(engine, range(1, 2001))
    with reading(engine) as connection:
        assert set(connection.execute(select(abonnement.c.person_id)).scalars()) == judged.subscribed
        assert set(connection.execute(select(kontakt.c.person_id)).scalars()) == judged.subscribed
        kept = {tuple(row) for row in connection.execute(select(haendelse_raad))}
    assert judged.subscribed
    assert judged.events > 10_000
    assert judged.advised == kept
    assert {*KINDS, "jobcenter", "paalaeg"} <= {kind for kind, count in judged.kinds.items() if count}


def test_numbers_go_on_after_the_last_and_before_now(engine):
    make(engine)
    with writing(engine) as connection:
        last = connection.execute(select(func.max(haendelse.c.nummer))).scalar_one()
        assert f"UDB-{numbers.draw(connection, clock.now(connection))[0]}" > last
        assert last < f"UDB-{TODAY:%Y%m%d}"


def test_a_register_that_is_not_the_sandboxs_is_left_alone(engine):
    with writing(engine) as connection:
        load_shipped(connection)
        connection.execute(
            insert(institution).values(
                nummer="461248", navn="S", hovedinstitution="461248", type3="1061", in_register=True
            )
        )
    with pytest.raises(UdbRefused):
        seed(engine, Parameters(10, 1, TODAY), lambda *_: None)


def test_code_sets_must_be_there(engine):
    with pytest.raises(UdbRefused):
        seed(engine, Parameters(10, 1, TODAY), lambda *_: None)
