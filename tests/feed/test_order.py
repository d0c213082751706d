"""A report's statements come in the order that the interleavings try: it locks the youth first and draws the number
last.
"""

from typing import Any

from sqlalchemy import event

from tests.support.endpoint import Endpoint
from tests.support.reports import CPRNR, UNGDOM
from tests.support.world import World
from udb.domain.services import UNGDOMSUDDANNELSE

LOCK = "SELECT person."
HISTORY = "SELECT (SELECT cprnummer.person_id"
DRAWN = "UPDATE counter"
STEPS = {
    "postgresql": [LOCK, HISTORY, DRAWN, "WITH row_0 AS (INSERT INTO haendelse ", "commit"],
    "sqlite": ["BEGIN IMMEDIATE", LOCK, HISTORY, "SELECT counter.last", DRAWN, "INSERT INTO haendelse ", "commit"],
}
INSERTS = ("INSERT INTO", "WITH row_0 AS (INSERT INTO")
EDITION = "SELECT (SELECT state.value"
"""Read together with the inserts, on SQLite in a statement of its own."""


def test_the_youth_is_locked_first_and_the_number_drawn_last(world: World, endpoint: Endpoint) -> None:
    world.person(CPRNR)
    said: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *args: said.append(" ".join(args[2].split())))
    event.listen(world.engine, "commit", lambda _connection: said.append("commit"))
    receipt: Any = endpoint.report(UNGDOMSUDDANNELSE, UNGDOM)
    assert receipt["Resultat"] == "Accepteret"
    steps = STEPS[world.engine.dialect.name]
    at = [next(i for i, one in enumerate(said) if one.startswith(begin)) for begin in steps]
    assert at == sorted(at)
    after_the_draw = said[at[steps.index(DRAWN)] + 1 : at[-1]]
    assert all(one.startswith((*INSERTS, EDITION)) for one in after_the_draw), after_the_draw
    if world.engine.dialect.name == "postgresql":
        assert said[at[steps.index(LOCK)]].endswith("FOR NO KEY UPDATE OF person")
        assert len(after_the_draw) == 1
