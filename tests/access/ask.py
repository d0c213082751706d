"""Fetches of the service: single ones during a history, and at its end every caller in every mode."""

from random import Random

from tests.access.fetching import CALLERS, HOME, NEW_SYSTEM, OTHER, SMALL_PAGE, THIRD, FetchStage
from tests.access.model import Caller
from tests.model.words import RESIDENT
from tests.support.fetches import START

NOT_DRAWN = "UDB-" + "9" * 23


def fetch(stage: FetchStage, rng: Random) -> None:
    """One page of one caller's feed."""
    caller = rng.choices(CALLERS, (5, 4, 1, 2, 3))[0]
    size = rng.choice((1, SMALL_PAGE, 1000, 1000))
    if rng.random() < 0.7:
        stage.all_new(caller, size)
    else:
        stage.by_number(caller, _number(stage, rng), size)


def _number(stage: FetchStage, rng: Random) -> str:
    numbers = [event.nummer for event in stage.model.events]
    return rng.choice((START, START, NOT_DRAWN, *numbers[-4:]))


def sweep(stage: FetchStage, rng: Random) -> None:
    """Fetch as every caller in every mode, after every number from the home kommune and after half of them from the
    others.
    """
    for caller in CALLERS:
        stage.by_number(caller, START)
        stage.by_number(caller, _number(stage, rng), SMALL_PAGE)
        stage.all_new(caller, SMALL_PAGE)
        stage.all_new(caller)
    for caller in (HOME, OTHER, THIRD):
        for youth in stage.model.youths:
            for number in sorted(youth.numbers):
                if youth.kommune == caller.kommune or rng.random() < 0.5:
                    stage.look_up(caller, number)
    new_systems(stage)


def new_systems(stage: FetchStage) -> None:
    """Check what a new system of the home kommune gets of a youth without cancellations: what the look-up shows, less
    what completed educations keep from the feed, and with what a correction made outdated, which is not looked up.
    """
    outdated = {event.nummer for event in stage.model.events if event.outdated}
    cancelled = {one.of.youth for one in stage.model.cancellations}
    for caller in (HOME, OTHER, THIRD):
        given = {ung.cprnr: ung for ung in stage.all_new(Caller(NEW_SYSTEM, caller.nummer, caller.kommune))}
        for youth in stage.model.youths:
            if youth in cancelled or youth.status not in RESIDENT or youth.kommune != caller.kommune:
                continue
            shown = stage.look_up(caller, youth.cprnr)
            fed = given.get(youth.cprnr)
            seen = shown[0].events if shown else []
            got = [event for event in fed.events if event["haendelse_nummer"] not in outdated] if fed else []
            assert all(event in seen for event in got), stage.story(youth.cprnr, seen, got)
            if youth.turned(25, stage.today) or not stage.completed(youth):
                assert got == seen, stage.story(youth.cprnr, seen, got)
