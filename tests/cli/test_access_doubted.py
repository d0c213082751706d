"""``udb access doubted``: the gennemført that complete nothing for A6."""

import json
from collections.abc import Callable

from tests.access.clauses import DONE, PUPIL, STX, YOUNG, cancel, send
from tests.support.endpoint import Endpoint
from tests.support.world import GYMNASIUM, World
from udb.domain.services import UNGDOMSUDDANNELSE

Udb = Callable[..., tuple[int, str, str]]


def listed(udb: Udb) -> list[dict[str, str]]:
    code, printed, _ = udb("access", "doubted", "--json")
    assert code == 0
    found: list[dict[str, str]] = json.loads(printed)
    return found


def test_the_operator_sees_every_gennemfoert_in_doubt(world: World, endpoint: Endpoint, udb: Udb) -> None:
    world.person(PUPIL)
    world.person(YOUNG)
    send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-06-25", **STX, **DONE)
    assert listed(udb) == []
    done = send(endpoint, UNGDOMSUDDANNELSE, PUPIL, "2026-06-25", **STX, **DONE)
    (found,) = listed(udb)
    assert (found["nummer"], found["institution_nummer"], found["fuldfoerer"]) == (done, GYMNASIUM, "ungdomsuddannelse")
    assert PUPIL not in udb("access", "doubted")[1]
    cancel(endpoint, UNGDOMSUDDANNELSE, PUPIL, done, **STX)
    assert listed(udb) == []
