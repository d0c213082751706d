"""When a kommune learned of an afbrud: the monthly figure and the kommune's own pages say the same of one youth."""

from collections import Counter
from datetime import date, datetime

import pytest

from tests.support.figure_youths import Told, store
from tests.support.known_afbrud import BORN, CASES, DAY, HOME, KOMMUNER, SCHOOL, afbrud, at
from tests.support.told_afbrud import Contact, Fetch
from tests.support.world import World
from udb.access.clauses import Recipient
from udb.domain.clock import DANISH
from udb.hentning.kommune.seen import see
from udb.statistics.monthly.run import compute, snapshot
from udb.store.codes import load_codes
from udb.store.engine import reading


@pytest.fixture
def known(world: World) -> World:
    world.clock("2026-05-20T08:00:00")
    for nummer, kommune in KOMMUNER.items():
        world.institution(nummer, type3="KOM", kommune=kommune)
    world.institution(SCHOOL, kommune="851")
    return world


def measures(world, months, day):
    """Return what the whole country's afbrud count in on a day, of those computed together."""
    with snapshot(world.engine) as connection:
        (found,) = (one for one in compute(connection, months).days if one.dag == day)
    rows = next(rows for definition, rows in found.figures() if definition.kort == "frist")
    return +Counter({one.maal: one.antal for one in rows if one.kommunekode is None and one.gruppe})


def outcomes(world, months, day):
    """Return the outcomes alone, without the working days."""
    return {maal: count for maal, count in measures(world, months, day).items() if not maal.startswith("dage_")}


@pytest.mark.parametrize("name", CASES)
def test_the_figure_of_a_month(known, name):
    told, expected = CASES[name]
    store(known.engine, [told])
    assert outcomes(known, [DAY], DAY) == expected


def test_the_days_to_a_contact_of_what_was_not_known_yet(known):
    """Fetched in May, after the contact: on 1 May neither the outcome nor the median knows it."""
    course = afbrud(fetched=[Fetch(HOME, datetime(2026, 5, 6, tzinfo=DANISH))], contacts=[Contact(date(2026, 3, 10))])
    store(known.engine, [Told(BORN, courses=[course])])
    known.clock("2026-06-20T08:00:00")
    assert measures(known, [DAY], DAY) == {"ikke_hentet": 1}
    june = date(2026, 6, 1)
    assert measures(known, [june], june) == {"i_tide": 1, "dage_00": 1}


def test_a_month_is_the_same_whatever_is_computed_with_it(known):
    """15 on 15 May, so read for June alone."""
    course = afbrud(fetched=[Fetch(HOME, at(3))])
    store(known.engine, [Told(date(2011, 5, 15), courses=[course])])
    known.clock("2026-06-20T08:00:00")
    assert outcomes(known, [DAY], DAY) == outcomes(known, [DAY, date(2026, 6, 1)], DAY) == {}


@pytest.mark.parametrize("name", [name for name, (told, _) in CASES.items() if told.kommune == "851"])
def test_the_kommunes_own_page(known, name):
    told, expected = CASES[name]
    (number,) = store(known.engine, [told])
    caller = Recipient(HOME, DAY, "851", HOME)
    with reading(known.engine) as connection:
        seen = see(connection, caller, [number], load_codes(connection))[number]
    assert Counter(one.udfald.name.lower() for one in seen.frister.values()) == expected
