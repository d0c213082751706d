"""A14: the youth sees every stored row about the own person and no other's. The model reads every table whole."""

from collections.abc import Iterator
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import Engine, Table, select

from tests.support.endpoint import Endpoint
from tests.support.reports import ANNA, BO, optag
from tests.support.size import size
from tests.support.world import World
from udb.access.own_person import kept_whole, own_person
from udb.domain.haendelse import FIELDS
from udb.hentning.own.stored import HIDDEN, LEFT_OUT, OF_AN_EVENT, OF_THE_PERSON, Stored, stored
from udb.imports.kodesaet import load_shipped
from udb.retention.youths import OF_AN_EVENT as EVERY_OF_AN_EVENT
from udb.sandbox.seed import Parameters, seed
from udb.store.engine import reading, writing
from udb.store.tables import abonnement, cprnummer, haendelse, metadata, person, person_merged

YOUTHS: Final = size(small=40, large=500)


def every_row(engine: Engine, table: Table) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


class Model:
    """All rows of all tables, and which of them are about a person: by plain comparison of ids."""

    def __init__(self, engine: Engine) -> None:
        self.rows = {table.name: every_row(engine, table) for table in (haendelse, *OF_THE_PERSON, *OF_AN_EVENT)}

    def about(self, person_id: int) -> dict[str, list[dict[str, Any]]]:
        events = {row["nummer"] for row in self.rows["haendelse"] if row["person_id"] == person_id}
        found = {}
        for name, rows in self.rows.items():
            by, own = ("person_id", {person_id}) if "person_id" in metadata.tables[name].c else ("nummer", events)
            of = [row for row in rows if row[by] in own]
            hidden = set() if name == "haendelse" else HIDDEN
            found[name] = [{key: row[key] for key in row if key not in hidden} for row in of]
        return found


def differences(expected: dict[str, list[dict[str, Any]]], about: Stored) -> Iterator[str]:
    """Yield where an answer holds other rows than the model; the events are compared field by field."""
    for name, rows in about.rows.items():
        mine, theirs = (sorted(map(repr, side)) for side in (expected[name], rows))
        if mine != theirs:
            yield f"{name}: {mine} {theirs}"
    stored_fields = [name for name in FIELDS if name != "hovedinstitution"]
    mine = sorted(repr([row["system_id"], *(row[name] for name in stored_fields)]) for row in expected["haendelse"])
    theirs = sorted(
        repr([one.system_id, *(getattr(one.event, name) for name in stored_fields)]) for one in about.events
    )
    if mine != theirs:
        yield f"haendelse: {mine} {theirs}"


@pytest.mark.large
def test_all_of_a_person_is_shown_and_nothing_of_another(engine: Engine) -> None:
    with writing(engine) as connection:
        load_shipped(connection)
    seed(engine, Parameters(YOUTHS, 3), lambda *_: None)
    model = Model(engine)
    persons = [row["id"] for row in every_row(engine, person)]
    Random(3).shuffle(persons)
    seen = 0
    with reading(engine) as connection:
        for person_id in persons[:YOUTHS]:
            about = stored(connection, person_id)
            assert list(differences(model.about(person_id), about)) == []
            seen += len(about.events)
    assert seen > YOUTHS / 2


def test_every_table_about_a_person_is_shown_or_named_as_left_out() -> None:
    with_person = {table for table in metadata.sorted_tables if "person_id" in table.c}
    assert with_person == {haendelse, *OF_THE_PERSON, *LEFT_OUT}
    assert {*OF_AN_EVENT, abonnement} == set(EVERY_OF_AN_EVENT)


def test_two_persons_made_one_are_seen_as_one_under_either_id(world: World, endpoint: Endpoint) -> None:
    anna, bo = world.person(ANNA), world.person(BO)
    numbers = [optag(endpoint, ANNA, 10), optag(endpoint, BO, 11)]
    with reading(world.engine) as connection:
        assert [one.event.nummer for one in stored(connection, bo).events] == numbers[1:]
    world.change_number(ANNA, BO)
    with reading(world.engine) as connection:
        assert connection.execute(select(person_merged.c.id)).scalars().all() == [bo]
        assert [kept_whole(connection, one) for one in (anna, bo, 0)] == [anna, anna, None]
        assert own_person(connection, ANNA) == own_person(connection, BO) == anna
        about = stored(connection, anna)
    assert {one.event.nummer for one in about.events} >= set(numbers)
    assert [row["cprnr"] for row in about.rows[cprnummer.name]] == [ANNA, BO]
