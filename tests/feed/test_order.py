"""A report's statements come in the order that the interleavings try: the youth is locked first, the number is drawn
last.
"""

from typing import Any

from sqlalchemy import event

from tests.door import Door
from tests.indberetning.test_take import CPRNR, UNGDOM
from tests.world import World
from udb.services import UNGDOMSUDDANNELSE

STEPS = {
    "lock": "SELECT person.",
    "history": "SELECT haendelse.nummer, haendelse.plads",
    "draw": "SELECT counter.last",
    "drawn": "UPDATE counter",
    "insert": "INSERT INTO haendelse ",
    "commit": "commit",
}


def test_the_youth_is_locked_first_and_the_number_drawn_last(world: World, door: Door) -> None:
    world.person(CPRNR)
    said: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *args: said.append(" ".join(args[2].split())))
    event.listen(world.engine, "commit", lambda _connection: said.append("commit"))
    receipt: Any = door.report(UNGDOMSUDDANNELSE, UNGDOM)
    assert receipt["Resultat"] == "Accepteret"
    # Authentication has a transaction of its own, before.
    said = said[said.index("commit") + 1 :]
    at = {step: next(i for i, one in enumerate(said) if one.startswith(begin)) for step, begin in STEPS.items()}
    assert sorted(at, key=lambda step: at[step]) == list(STEPS)
    after_the_draw = said[at["drawn"] + 1 : at["commit"]]
    assert all(one.startswith(("INSERT", "UPDATE")) for one in after_the_draw), after_the_draw
    if world.engine.dialect.name == "postgresql":
        assert said[at["lock"]].endswith("FOR UPDATE")
        assert said[at["draw"]].endswith("FOR UPDATE")
    else:
        assert said[0] == "BEGIN IMMEDIATE"
