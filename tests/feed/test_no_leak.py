"""What is not the caller's is answered like what does not exist, to the byte (access.md, The feed)."""

import pytest
from sqlalchemy import event

from tests.door import Door
from tests.feed.asked import (
    CALLERS,
    ELSEWHERE,
    LOOK_UPS,
    THEIR_LOOK_UPS,
    Asked,
    build,
    report_elsewhere,
    without_ids,
)
from tests.indberetning.test_take import UNGDOM
from tests.world import World
from udb.services import UNGDOMSUDDANNELSE


@pytest.fixture
def land(world: World, door: Door) -> None:
    """With events of those whom the caller may not look up."""
    build(world)
    report_elsewhere(world, door)


@pytest.mark.usefixtures("land")
@pytest.mark.parametrize(("nobody", "not_ours"), LOOK_UPS)
def test_a_look_up_tells_nothing_of_another_kommunes_youth(door: Door, nobody: Asked, not_ours: Asked) -> None:
    answers = [asked.ask(door.app, asked.body()) for asked in (nobody, not_ours)]
    assert all(b">8002<" in answer.body for answer in answers)
    assert without_ids(answers[0]) == without_ids(answers[1])


@pytest.mark.usefixtures("land")
@pytest.mark.parametrize(("code", "nobody", "not_ours"), THEIR_LOOK_UPS)
def test_a_look_up_tells_nothing_of_another_institutions_youth(
    door: Door, code: str, nobody: Asked, not_ours: Asked
) -> None:
    answers = [asked.ask(door.app, asked.body()) for asked in (nobody, not_ours)]
    assert all(f">{code}<".encode() in answer.body for answer in answers)
    assert without_ids(answers[0]) == without_ids(answers[1])


@pytest.mark.usefixtures("land")
@pytest.mark.parametrize(
    ("nobody", "not_ours"), [*LOOK_UPS, *((nobody, not_ours) for _, nobody, not_ours in THEIR_LOOK_UPS)]
)
def test_a_refused_look_up_asks_the_database_the_same(world: World, door: Door, nobody: Asked, not_ours: Asked) -> None:
    """Whoever is sought: what takes no other statements takes no other time (make bench-leak measures it)."""
    said: list[str] = []
    event.listen(world.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    answered = []
    for asked in (nobody, nobody, not_ours):
        said.clear()
        asked.ask(door.app, asked.body())
        answered.append(list(said))
    assert answered[1] == answered[2]


@pytest.mark.usefixtures("land")
@pytest.mark.parametrize(("nobody", "not_ours"), CALLERS)
def test_an_institution_without_dataaftale_is_like_none(door: Door, nobody: Asked, not_ours: Asked) -> None:
    answers = [asked.ask(door.app, asked.body()) for asked in (nobody, not_ours)]
    assert all(b">UDB009102<" in answer.body for answer in answers)
    assert without_ids(answers[0]) == without_ids(answers[1])


@pytest.mark.usefixtures("land")
def test_a_cancellation_tells_nothing_of_another_institutions_report(world: World, door: Door) -> None:
    world.institution("461999", type3="1021")
    theirs = door.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": ELSEWHERE, "HaendelseDato": "2026-08-11T00:00:00"})
    never = "UDB-" + "1" * 23
    receipts = []
    for number in (never, theirs["HaendelseNummer"]):
        cancel = {**UNGDOM, "CPRNr": ELSEWHERE, "Annullering": True, "HaendelseNummer": number}
        receipt = door.report(UNGDOMSUDDANNELSE, {**cancel, "InstitutionNummer": "461999"})
        assert receipt["Resultat"] == "Afvist"
        receipts.append([(line["FejlKode"], line["FejlTekst"], line["Element"]) for line in receipt["Fejl"]])
    assert receipts[0] == receipts[1]
