"""Every answer, byte for byte, on a recorded set of calls.

A change of the code that is to change no answer (a module moved, a name, a layer gone) leaves this green. A group fails
with the first answers that differ. When an answer is meant to change: ``python -m tests.recorded.record``, and the diff
of ``answers/`` shows what callers will see.
"""

import difflib

import pytest

from tests.database import Source
from tests.recorded.groups import GROUPS
from tests.recorded.record import ANSWERS, transcript

SHOWN = 5
"""Of the calls that differ."""


@pytest.mark.parametrize("group", GROUPS)
def test_no_answer_has_changed(group: str, databases: Source) -> None:
    recorded = (ANSWERS / f"{group}.txt").read_bytes()
    with databases.migrated() as url:
        played = transcript(group, url).encode()
    if played != recorded:
        pytest.fail(differences(recorded.decode(), played.decode()), pytrace=False)


def differences(recorded: str, played: str) -> str:
    """The calls whose answers differ, the first of them line by line."""
    before, after = (
        dict(entry.partition("\n")[::2] for entry in ("\n" + text).split("\n=== ")[1:]) for text in (recorded, played)
    )
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    lines = [f"{len(changed)} of {len(before)} recorded answers differ, of {len(after)} now: {', '.join(changed[:20])}"]
    for name in changed[:SHOWN]:
        texts = [entries.get(name, "(no such call)").splitlines() for entries in (before, after)]
        lines += difflib.unified_diff(*texts, f"{name}: recorded", f"{name}: now", n=1, lineterm="")
    return "\n".join(lines)


def test_every_file_of_answers_has_its_calls() -> None:
    assert {path.stem for path in ANSWERS.iterdir()} == set(GROUPS)


def test_a_changed_byte_is_shown() -> None:
    """What compares is itself tried: one letter of one answer."""
    recorded = (ANSWERS / "signatures.txt").read_text(encoding="utf-8")
    at = recorded.index("<ipl:ErrorCode>UDB009108")
    said = differences(recorded, recorded[:at] + recorded[at:].replace("UDB009108", "UDB009109", 1))
    assert said.startswith("1 of ")
    assert "-<ipl:ErrorCode>UDB009108</ipl:ErrorCode>" in said
    assert "+<ipl:ErrorCode>UDB009109</ipl:ErrorCode>" in said
