"""An answer about what is not the caller's equals, to the byte, the answer about what does not exist (access.md, The
feed).
"""

import re
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from tests.support.database import in_use
from tests.support.endpoint import Endpoint
from tests.support.pairs import (
    CALLERS,
    LOOK_UPS,
    THEIR_LOOK_UPS,
    Asked,
    build,
    cancelled,
    report_elsewhere,
    without_ids,
)
from tests.support.reports import CPRNR
from tests.support.world import KOMMUNE, World
from udb.access import constant_time
from udb.context import Context
from udb.settings import Settings
from udb.store.engine import make_engine, reading
from udb.store.tables import read_log
from udb.wsdl.use_cases import application


def land(url: str) -> None:
    """Add events of youths that the caller may not look up."""
    engine = make_engine(url)
    world = World(engine)
    world.build()
    build(world)
    endpoint = Endpoint(application(Context(engine, Settings(sandbox=True)), {}))
    report_elsewhere(world, endpoint)
    engine.dispose()


@pytest.mark.built_by(build=land)
@pytest.mark.parametrize(("nobody", "not_ours"), LOOK_UPS)
def test_a_look_up_tells_nothing_of_another_kommunes_youth(endpoint: Endpoint, nobody: Asked, not_ours: Asked) -> None:
    answers = [asked.ask(endpoint.app, asked.body()) for asked in (nobody, not_ours)]
    assert all(b">8002<" in answer.body for answer in answers)
    assert without_ids(answers[0]) == without_ids(answers[1])


@pytest.mark.built_by(build=land)
@pytest.mark.parametrize(("code", "nobody", "not_ours"), THEIR_LOOK_UPS)
def test_a_look_up_tells_nothing_of_another_institutions_youth(
    endpoint: Endpoint, code: str, nobody: Asked, not_ours: Asked
) -> None:
    answers = [asked.ask(endpoint.app, asked.body()) for asked in (nobody, not_ours)]
    assert all(f">{code}<".encode() in answer.body for answer in answers)
    assert without_ids(answers[0]) == without_ids(answers[1])


@pytest.mark.built_by(build=land)
@pytest.mark.parametrize(
    ("nobody", "not_ours"), [*LOOK_UPS, *((nobody, not_ours) for _, nobody, not_ours in THEIR_LOOK_UPS)]
)
def test_a_refused_look_up_asks_the_database_the_same(
    world: World, endpoint: Endpoint, nobody: Asked, not_ours: Asked
) -> None:
    """The same statements are executed whichever youth is sought, so the time is the same (make bench WHAT=leak
    measures it).
    """
    said: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    answered = []
    for asked in (nobody, nobody, not_ours):
        said.clear()
        asked.ask(endpoint.app, asked.body())
        answered.append(list(said))
    assert answered[1] == answered[2]


@given(st.floats(min_value=0, max_value=1000))
def test_what_is_left_leads_to_the_next_whole_step(elapsed):
    left = constant_time.until_step(elapsed)
    assert 0 < left <= constant_time.STEP
    steps = (elapsed + left) / constant_time.STEP
    assert steps == pytest.approx(round(steps), abs=1e-6)


@pytest.fixture
def waited(world, monkeypatch):
    """Record each wait: its seconds, how many connections were held, and how many rows of the log were committed by
    then.
    """
    found = []

    def slept(seconds: float) -> None:
        held = in_use(world.engine)
        with reading(world.engine) as connection:
            found.append((seconds, held, connection.execute(select(func.count()).select_from(read_log)).scalar_one()))

    # Every look at the clock advances it by a third of a step.
    seen = count()
    monkeypatch.setattr(constant_time, "monotonic", lambda: next(seen) * constant_time.STEP / 3)
    monkeypatch.setattr(constant_time, "sleep", slept)
    return found


@pytest.mark.built_by(build=land)
@pytest.mark.parametrize(
    "refused",
    [LOOK_UPS[0][0], LOOK_UPS[0][1], *(of_two for _, *pair in THEIR_LOOK_UPS for of_two in pair)],
)
def test_a_refused_look_up_waits_for_its_step_and_holds_nothing(world, endpoint, waited, refused):
    """However long the database took: by then the log is committed and the connection is released."""
    with reading(world.engine) as connection:
        before = connection.execute(select(func.count()).select_from(read_log)).scalar_one()
    refused.ask(endpoint.app, refused.body())
    assert waited == [(pytest.approx(constant_time.STEP * 2 / 3), 0, before + 1)]


@pytest.mark.built_by(build=land)
@pytest.mark.parametrize("refused", [caller for pair in CALLERS for caller in pair])
def test_a_caller_without_dataaftale_waits_for_its_step(endpoint, waited, refused):
    refused.ask(endpoint.app, refused.body())
    # The fetch in it looks at the clock too.
    assert [(seconds, held) for seconds, held, _ in waited] == [(pytest.approx(constant_time.STEP / 3), 0)]


def test_what_is_no_refused_look_up_waits_for_nothing(world, endpoint, waited):
    world.person(CPRNR)
    assert not endpoint.fetch(KOMMUNE, CPRNr=CPRNR)["Fejl"]
    assert endpoint.fetch(KOMMUNE, HaendelseNummer="UDB-" + "9" * 23)["Fejl"]
    assert not waited


@pytest.mark.built_by(build=land)
@pytest.mark.parametrize(("nobody", "not_ours"), CALLERS)
def test_an_institution_without_dataaftale_is_like_none(endpoint: Endpoint, nobody: Asked, not_ours: Asked) -> None:
    answers = [asked.ask(endpoint.app, asked.body()) for asked in (nobody, not_ours)]
    assert all(b">UDB009102<" in answer.body for answer in answers)
    assert without_ids(answers[0]) == without_ids(answers[1])


@pytest.mark.built_by(build=land)
def test_a_cancellation_tells_nothing_of_another_institutions_report(world: World, endpoint: Endpoint) -> None:
    answers = [asked.ask(endpoint.app, asked.body()) for asked in cancelled(world, endpoint)]
    assert all(b">Afvist<" in answer.body for answer in answers)
    assert len({re.sub(rb"Registreringstid>[^<]*<", b"", without_ids(answer)[2]) for answer in answers}) == 1
