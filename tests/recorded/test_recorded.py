"""Every answer, byte for byte, on a recorded set of calls.

A change of the code that is to change no answer (a module moved, a name, a layer gone) leaves this green. A group fails
with the first answers that differ. When an answer is meant to change: ``python -m tests.recorded.record``, and the diff
of ``answers/`` shows what callers will see.
"""

import difflib
import re

import pytest

from tests.recorded.groups import GROUPS
from tests.recorded.record import ANSWERS, transcript
from tests.support.database import Source

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


CODES = """
    1001 1002 1003 1004 1005 1006 2001 2002 2003 3001 3002 3003 3004 3005 3006 3007
    4001 4002 4003 4004 4005 4006 4007 4008 4009 4010 4011 4012 4013 4014 4015 4016 4017 4018
    5001 5002 5003 5004 5005 5006 5007 5008 6001 6002 6003 6004 6005
    7001 7002 7003 7004 7005 7006 7007 7008 7009 7010 7011 7012 7013 7014 7015 7016 9001
    8001 8002 8003 8004 8101 8102 8103 8104 8201 8202 8204 8301
    IPL000001 IPL000002 UDB009101 UDB009102 UDB009103 UDB009104 UDB009105 UDB009106 UDB009107 UDB009108 UDB009109
"""


def test_every_code_is_among_the_answers() -> None:
    """Of receipts, refusals and faults: what is recorded again still shows all of them."""
    answers = "".join(path.read_text(encoding="utf-8") for path in ANSWERS.iterdir())
    shown = set(re.findall(r"<v1:FejlKode>(\d+)<|<ipl:ErrorCode>(\w+)<", answers))
    assert {one or other for one, other in shown} == set(CODES.split())


def test_a_changed_byte_is_shown() -> None:
    """What compares is itself tried: one letter of one answer."""
    recorded = (ANSWERS / "signatures.txt").read_text(encoding="utf-8")
    at = recorded.index("<ipl:ErrorCode>UDB009108")
    said = differences(recorded, recorded[:at] + recorded[at:].replace("UDB009108", "UDB009109", 1))
    assert said.startswith("1 of ")
    assert "-<ipl:ErrorCode>UDB009108</ipl:ErrorCode>" in said
    assert "+<ipl:ErrorCode>UDB009109</ipl:ErrorCode>" in said
