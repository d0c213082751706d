"""A long file of eIndkomst is read piece by piece: memory stays flat, whatever the file contains."""

import re
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.world import World
from udb.imports.eindkomst import import_eindkomst
from udb.imports.result import FileRefused

HEADER = "cprnr;maaned;indberetter;indtaegtsart;beloeb\n"
MIB = 1024 * 1024
MOST = Path("/proc/self/clear_refs")
"""Writing 5 to this file resets the process's peak memory on Linux."""


@pytest.fixture
def engine_with_youths(world: World) -> Engine:
    for number in range(5):
        world.person(str(6101044500 + number))
    return world.engine


def memory(what: str) -> int:
    """Return the KiB that the process has (VmRSS), or had at most (VmHWM)."""
    found = re.search(rf"^{what}:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1])


@pytest.mark.skipif(not MOST.exists(), reason="needs Linux")
def test_some_hundred_thousand_lines_half_of_them_of_nobody(engine_with_youths: Engine, tmp_path: Path) -> None:
    """Kept as rows in Python they would be some 200 MiB."""
    file, count = tmp_path / "long.csv", 200_000
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(HEADER)
        out.writelines(f"{6101044500 + number % 10};2026-06;{number};00;5000.00\n" for number in range(count))
    with file.open("rb") as stream:
        MOST.write_text("5", encoding="ascii")
        before = memory("VmRSS")
        result = import_eindkomst(engine_with_youths, stream, maaned="2026-06")
    assert memory("VmHWM") - before < 64 * 1024
    assert (result.read, result.added, result.skipped, result.events) == (count, count // 2, count // 2, 5)


@pytest.mark.parametrize("line", ["x;;;;\n", "6101044500;2026-06;1;00\r", "\0", '"6101044500;2026-06;1;00;1.00\n'])
def test_a_wrong_file(engine_with_youths: Engine, tmp_path: Path, line: str) -> None:
    """Wrong lines, no line feed in the whole file, no line at all, quotes that do not end."""
    file = tmp_path / "wrong.csv"
    file.write_text(HEADER + line * (8 * MIB // len(line)), encoding="utf-8", newline="")
    with file.open("rb") as stream:
        tracemalloc.start()
        with suppress(FileRefused):
            import_eindkomst(engine_with_youths, stream, maaned="2026-06")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 6 * MIB
