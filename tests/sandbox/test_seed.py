import hashlib
import json
from collections import Counter
from dataclasses import asdict, fields, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, insert, select

from tests.support import database
from tests.support.kommuner import assert_in_step
from udb.domain.clock import danish_date
from udb.domain.cpr import birth_date
from udb.domain.errors import UdbRefused
from udb.domain.forloeb import all_forloeb, forloeb_of
from udb.domain.haendelse import PAALAEG, Indberetning
from udb.domain.persons import Institution, Person
from udb.domain.visibility import NOTHING
from udb.imports.kodesaet import load_shipped
from udb.indberetning.new_events import new_event
from udb.paalaeg import report as paalaeg
from udb.recheck import rebuild
from udb.rulebook import examples
from udb.rules.facts import Facts, placed
from udb.rules.rule import Alvor
from udb.rules.runner import evaluate
from udb.sandbox import clock, people
from udb.sandbox.seed import Parameters, seed
from udb.store import numbers
from udb.store.codes import load_codes
from udb.store.engine import make_engine, reading, writing
from udb.store.events import events_by_person
from udb.store.persons import INSTITUTION_COLUMNS
from udb.store.tables import (
    abonnement,
    bopael,
    cprnummer,
    dataaftale,
    haendelse,
    haendelse_raad,
    institution,
    kodesaet,
    kontakt,
    metadata,
    person,
    state,
    system,
)
from udb.store.visible import worked_out

TODAY = date(2026, 8, 10)
DRAWN = {dataaftale.c.id, bopael.c.id}
"""The numbers that the database draws."""
REPORT_FIELDS = {field.name for field in fields(Indberetning)}


def make(engine, unge=300, number=1, dato=TODAY):
    with writing(engine) as connection:
        load_shipped(connection)
    return seed(engine, Parameters(unge, number, dato), lambda *_: None)


def content(engine):
    """Return a fingerprint of all that a seed makes."""
    digest = hashlib.sha256()
    with reading(engine) as connection:
        for table in metadata.sorted_tables:
            if table is not state:
                columns = [column for column in table.columns if column not in DRAWN]
                rows = connection.execute(select(*columns)).mappings()
                for row in sorted(json.dumps(dict(row), default=str, sort_keys=True) for row in rows):
                    digest.update(row.encode())
    return digest.hexdigest()


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
    with reading(engine) as connection:
        codes = load_codes(connection)
        institutions = {row[0]: Institution(*row) for row in connection.execute(select(*INSTITUTION_COLUMNS))}
        events = events_by_person(connection, range(1, 2001))
        kept = {tuple(row) for row in connection.execute(select(haendelse_raad))}
        people_ = {row.id: row for row in connection.execute(select(person))}
    seen, advised, kinds = 0, set(), Counter()
    for person_id, found in events.items():
        before = []
        for event in found:
            seen += 1
            now = danish_date(event.registreringstid)
            row = people_[person_id]
            holder = Person(
                person_id,
                event.cprnr,
                "01",
                # A youth who has left Denmark since lived there then.
                row.kommunekode or institutions[event.institution_nummer].administrerende_kommune,
                *(row.turns_15, row.turns_18, row.turns_25, row.turns_30),
            )
            facts = Facts(
                today=now,
                invented_cpr_allowed=True,
                person=holder,
                institution=institutions[event.institution_nummer],
                codes=codes,
                events=tuple(before),
                visible=frozenset(other.nummer for other in before),
                paalaeg=has_order(before),
            )
            report = as_report(event)
            facts = placed(facts, report)
            findings = evaluate(report, facts)
            assert [f for f in findings if f.alvor is Alvor.HAARD] == [], (event, findings)
            advised |= {(event.nummer, f.code) for f in findings}
            if not event.annullering:
                make_event = order_event if event.art == PAALAEG else new_event
                made = make_event(report, facts, event.registreringstid, int(event.nummer[4:]))
                assert made == replace(event, annulleret=False, gentaget=False, **NOTHING._asdict())
            standing = replace(event, annulleret=False, gentaget=False)
            before = [*(as_marked(earlier, event) for earlier in before), standing]
            kinds.update(kinds_of(event))
        assert before == found == worked_out(found, codes)
        for event in found:
            group = forloeb_of(event.nummer, all_forloeb(found))
            assert not event.standing or (group is None) == (event.art == PAALAEG)
    subscribed = {person_id for person_id, found in events.items() if has_order(found)}
    with reading(engine) as connection:
        assert set(connection.execute(select(abonnement.c.person_id)).scalars()) == subscribed
        assert set(connection.execute(select(kontakt.c.person_id)).scalars()) == subscribed
    assert subscribed
    assert seen > 10_000
    assert advised == kept
    assert {*KINDS, "jobcenter", "paalaeg"} <= {kind for kind, count in kinds.items() if count}


KINDS = ("annullering", "gentager", "risk", "ifoelge_kommunen")


def kinds_of(event):
    yield event.art
    yield from (name for name in KINDS if getattr(event, name))


def has_order(events):
    """Return whether the events leave the youth with an uddannelsespålæg."""
    changes = [event.har_uddannelsespaalaeg for event in events if event.art == PAALAEG]
    return bool(changes and changes[-1])


def order_event(report, _facts, now, number):
    return paalaeg.as_event(report, now, number)


def as_marked(earlier, event):
    return replace(
        earlier,
        annulleret=earlier.annulleret or earlier.nummer == event.annulleret_haendelse_nummer,
        gentaget=earlier.gentaget or earlier.nummer == event.gentager,
    )


def as_report(event):
    if event.art == PAALAEG:
        return rebuild.as_report(event)
    values = {name: value for name, value in asdict(event).items() if name in REPORT_FIELDS}
    element = {
        "cosa_formaal": "cosa_formaal",
        "forberedende_aktiviteter": "forberedende_aktivitets_kode",
        "kommune_aktiviteter": "kommune_aktivitets_kode",
        "stads": "stads_kode",
        "aktivitetsgrupper": "aktivitetsgruppe_kode",
    }.get(event.kodesaet)
    if element:
        values[element] = event.kode
    values["cosa_formaal_version"] = event.kode_version
    values["haendelse_dato"] = event.registreringstid.replace(
        year=event.haendelse_dato.year, month=event.haendelse_dato.month, day=event.haendelse_dato.day
    )
    values["haendelse_nummer"] = event.annulleret_haendelse_nummer
    return Indberetning(**values)


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
