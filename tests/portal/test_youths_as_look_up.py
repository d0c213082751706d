"""The page of a youth shows exactly the events that the look-up returns, and refuses what it refuses (portal 3.26)."""

import re
from itertools import combinations
from random import Random
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import event

from tests.access.draw import Play
from tests.access.fetching import HOME, OTHER, THIRD, FetchStage
from tests.support.officer import FIND, Officer, numbers, without_token
from tests.support.portal import ADDRESS
from tests.support.reporting import agree
from tests.support.size import size
from udb.context import Context
from udb.portal import app
from udb.settings import Settings

pytestmark = pytest.mark.large

PAIRS = {"sqlite": size(small=500, large=10_000), "postgresql": size(small=60, large=1_000)}
MOVES = 0.1
STEPS = 6
"""How many steps a history has for each of its first youths."""
TIMED = size(small=12, large=200)
KOMMUNER = {one.kommune: one for one in (HOME, OTHER, THIRD)}


class Compared:
    """A stage with the pages of three kommuner, which compares a pair of youth and kommune."""

    def __init__(self, engine):
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
            engine.dispose()
        self.stage = FetchStage(engine)
        for one in KOMMUNER.values():
            agree(engine, one.nummer)
        self.context = Context(engine, Settings(sandbox=True, portal_adresse=ADDRESS, opslag_i_timen=0))
        self.site = app.application(self.context, ADDRESS)
        self.pairs = self.shown = 0
        self.log_in()

    def log_in(self):
        """Let an officer of each kommune log in: a new history ends all sessions."""
        self.officers = {one.nummer: Officer(self.site, self.stage.engine, one.nummer) for one in KOMMUNER.values()}

    def compare(self, caller, cprnr):
        """Compare one pair; the look-up itself is compared with the model."""
        expected = self.stage.look_up(caller, cprnr)
        page = self.officers[caller.nummer].find(cprnr)
        self.pairs += 1
        if not expected:
            assert page.status_code == 404, self.stage.story(caller, cprnr)
            assert cprnr[6:] not in page.text
            return
        assert page.status_code == 200, self.stage.story(caller, cprnr)
        self.shown += bool(expected[0].events)
        told = {row["haendelse_nummer"] for row in expected[0].events}
        assert numbers(page) == told, self.stage.story(caller, cprnr, told ^ numbers(page))


def test_the_page_shows_what_the_look_up_returns(engine):
    found = Compared(engine)
    rng = Random(23)
    seed = 0
    while found.pairs < PAIRS[engine.dialect.name]:
        play = Play(found.stage, seed)
        for _ in range(STEPS * len(found.stage.model.youths)):
            play.step()
        found.log_in()
        seed += 1
        for youth in found.stage.model.youths:
            if rng.random() < MOVES:
                found.stage.youth(youth.cprnr, youth.status, rng.choice(sorted(KOMMUNER)))
            home = KOMMUNER.get(youth.kommune or "", HOME)
            found.compare(home, youth.cprnr)
            found.compare(rng.choice([one for one in KOMMUNER.values() if one is not home]), youth.cprnr)
    assert found.shown > found.pairs / 10


def test_no_refusal_is_told_from_another_by_its_time(engine):
    found = Compared(engine)
    world = found.stage.world
    world.clock("2026-08-17T10:00:00")
    for cprnr, kommune in (("7103075101", "751"), ("7103125104", "101"), ("7103953124", "101")):
        world.person(cprnr, kommune=kommune)
    officer = found.officers[HOME.nummer]
    refused = ("7103075102", "7103075101", "7103125104", "7103953124")
    took, bodies = {cprnr: [] for cprnr in refused}, set()
    for turn in range(TIMED):
        # All in every turn, each first in a quarter of them: a machine that gets busier meets all alike.
        for cprnr in refused[turn % 4 :] + refused[: turn % 4]:
            began = perf_counter()
            answer = officer.send_form(FIND, {"CPRNr": cprnr})
            took[cprnr].append(perf_counter() - began)
            bodies.add((answer.status_code, re.sub(r"\s+", " ", without_token(answer))))
    assert len(bodies) == 1
    if TIMED > 100:
        usual = median(median(times) for times in took.values())
        apart = [
            median(one - other for one, other in zip(*both, strict=True)) for both in combinations(took.values(), 2)
        ]
        assert max(map(abs, apart)) < 0.05 * usual, (apart, usual)
