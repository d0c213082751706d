"""Record the answers again: ``python -m tests.recorded.record [group ...]``.

Do so only when an answer is meant to change, and read the diff: every changed line is a changed answer.
"""

import contextlib
import io
import sys
import tempfile
from pathlib import Path

from tests.recorded.bridge import Register, frozen, sqlite
from tests.recorded.groups import GROUPS
from tests.recorded.stage import Stage

ANSWERS = Path(__file__).with_name("answers")


def transcript(group: str, url: str) -> str:
    """Play a group against a migrated database; return its calls and answers."""
    register = Register(url)
    try:
        # The service logs every call.
        with frozen() as identifiers, contextlib.redirect_stdout(io.StringIO()):
            stage = Stage(register, identifiers)
            GROUPS[group](stage)
    finally:
        register.close()
    return stage.transcript()


def main(groups: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, sqlite(Path(folder)) as databases:
        for group in groups or GROUPS:
            with databases.migrated() as url:
                text = transcript(group, url)
            (ANSWERS / f"{group}.txt").write_text(text, encoding="utf-8", newline="")
            sys.stdout.write(f"{group}: {text.count(chr(10) + '=== ') + 1} calls, {len(text)} characters\n")


if __name__ == "__main__":
    main(sys.argv[1:])
