"""Two users, two tabs or two processes at the same thing at once: the second finds what the first has done."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from time import sleep

import pytest
from sqlalchemy import func, select

from tests.support.reporting import Administrator, summary
from tests.support.world import GYMNASIUM, SYSTEM
from udb.statistics import frozen
from udb.statistics.monthly import run as monthly
from udb.statistics.system_change import look
from udb.statistics.system_change.announced import Announcement, announce, changes
from udb.statistics.system_change.look import User, tick
from udb.store.engine import reading, writing
from udb.store.responsible import Responsible, all_responsible, set_responsible
from udb.store.state import now
from udb.store.tables import systemskifte

DAY = date(2026, 8, 10)
WANTED = Announcement(GYMNASIUM, "gammelt-studie", SYSTEM, DAY, "it@gymnasium.example")


@contextmanager
def beside(work):
    """Let ``work`` begin while the block's transaction is open, and end after it; the block gets a place to wait at.

    The result is in the list that is yielded, once the block is over.
    """
    found = []
    with ThreadPoolExecutor(1) as pool:
        begun = []

        def wait() -> None:
            begun.append(pool.submit(work))
            # So long that it has read what it decides by, if nothing keeps it from that.
            sleep(0.5)

        yield wait, found
        found.append(begun[0].result())


def announced(engine):
    with writing(engine) as connection:
        return announce(connection, WANTED, "en", now(connection))


def test_a_change_that_two_announce_at_once_is_announced_once(world):
    with beside(lambda: announced(world.engine)) as (wait, second), writing(world.engine) as connection:
        made, _ = announce(connection, WANTED, "en", now(connection))
        wait()
    assert made is not None
    assert second[0][0] is None
    assert [one.felt for one in second[0][1]] == ["dag"]
    with reading(world.engine) as connection:
        assert [one.id for one in changes(connection, GYMNASIUM)] == [made]


def test_a_point_that_is_ticked_twice_at_once_has_one_tick_of_a_user(world, context, monkeypatch):
    made, _ = announced(world.engine)
    with reading(world.engine) as connection:
        user = User(GYMNASIUM, "en", "brugeradministrator", now(connection))

    def ticked(**more):
        return tick(context, made, User(GYMNASIUM, more.get("bruger", "en"), "brugeradministrator", user.now), 3, "")

    add, second = look.add_tick, []
    with ThreadPoolExecutor(1) as pool:

        def adds(*given):
            add(*given)
            if not second:
                second.append(pool.submit(ticked))
                sleep(0.5)

        monkeypatch.setattr(look, "add_tick", adds)
        assert ticked()[1] is None
        assert second[0].result()[1] is None
    assert count(world.engine) == 1
    ticked(bruger="en anden")
    assert count(world.engine) == 2, "another user's tick is another decision"


def count(engine):
    with reading(engine) as connection:
        query = select(func.count()).select_from(systemskifte).where(systemskifte.c.skifte.is_not(None))
        return connection.execute(query).scalar_one()


def test_of_two_who_name_a_function_at_once_the_last_one_is_responsible_and_no_other(world):
    def named(connection, name):
        set_responsible(connection, Responsible(GYMNASIUM, name, "a@x.example", None, DAY))

    def other():
        with writing(world.engine) as connection:
            named(connection, "Anden")

    with beside(other) as (wait, _), writing(world.engine) as connection:
        named(connection, "Første")
        wait()
    with reading(world.engine) as connection:
        assert [(one.navn, one.til) for one in all_responsible(connection, GYMNASIUM)] == [("Anden", None)]


def test_of_two_monthly_runs_at_once_each_has_its_number_and_one_is_frozen(world, monkeypatch):
    monkeypatch.setattr(monthly.StatusDay, "is_final", True)
    write, second = frozen.write, []
    with ThreadPoolExecutor(1) as pool:

        def writes(*given):
            if not second:
                second.append(pool.submit(monthly.run, world.engine, world.engine))
                sleep(0.5)
            return write(*given)

        monkeypatch.setattr(frozen, "write", writes)
        monthly.run(world.engine, world.engine)
        second[0].result()
    with reading(world.engine) as connection:
        for definition in ("restgruppe", "kui", "frist", "kontaktede"):
            found = [(one.koersel, one.frosset) for one in frozen.runs(connection, definition)]
            assert sorted(found) == [(1, True), (2, False)], definition


@pytest.fixture
def admin(site, house):
    return Administrator(site, house.engine, GYMNASIUM)


def test_no_cpr_number_is_kept_in_what_others_read(admin, house, world):
    world.clock("2026-08-11T10:00:00")
    made, _ = announced(house.engine)
    for reason in ("7103075199 er flyttet", "Anna, 010705-1234", "se 010705 1234."):
        refused = admin.send_form(f"/web/systemskifte/{made}/punkt/2", {"begrundelse": reason})
        assert summary(refused) == ["Begrundelsen bliver gemt, og andre kan se den. Skriv den uden CPR-numre."]
    said = {"gammelt": "g", "nyt": SYSTEM, "dag-dag": "12", "dag-maaned": "8", "dag-aar": "2026", "kontakt": "x"}
    for name in ("gammelt", "kontakt"):
        refused = admin.send_form("/web/systemskifte/meld", said | {name: "7103075199"})
        assert (refused.status_code, len(summary(refused))) == (422, 1), name
    named = admin.send_form(
        "/web/kvalitet/ansvarlig/", {"institution": GYMNASIUM, "navn": "7103075199", "mail": "a@b.dk"}
    )
    assert named.status_code == 422
    assert count(house.engine) == 0
    assert admin.send_form("/web/systemskifte/meld", said | {"kontakt": "+4512345678"}).status_code == 303
