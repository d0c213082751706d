"""The folder that a host's workers share is removed with the last of them, however they end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from udb.serve.shared_memory import Scratch

HOLDER = """
import os, sys
from pathlib import Path
from udb.serve.shared_memory import Scratch
scratch = Scratch(Path(sys.argv[1]))
(scratch.path / "counter_1.db").write_bytes(b"1")
child = os.fork()
if child:
    print(child, flush=True)
sys.stdin.read()
"""


@contextmanager
def holder(top: Path) -> Iterator[tuple[int, int]]:
    """Start a process that holds a folder, and fork another from it; yield both ids."""
    command = [sys.executable, "-c", HOLDER, str(top)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.pid, int(process.stdout.readline())
        # The read ends when both processes have ended.
        process.stdout.read()


def test_it_lives_as_long_as_any_process_that_holds_it(tmp_path: Path) -> None:
    with holder(tmp_path) as processes:
        (folder,) = tmp_path.iterdir()
        for pid in processes:
            Scratch(tmp_path).remove()
            assert [file.name for file in sorted(folder.iterdir())] == ["alive", "counter_1.db"]
            os.kill(pid, signal.SIGKILL)
    scratch = Scratch(tmp_path)
    assert [*tmp_path.iterdir()] == [scratch.path]
    scratch.remove()
    assert [*tmp_path.iterdir()] == []


def test_one_that_is_being_made_is_left_alone(tmp_path: Path) -> None:
    young = tmp_path / "udb-metrics-young"
    young.mkdir()
    Scratch(tmp_path).remove()
    assert young.is_dir()


def test_what_somebody_else_has_put_there_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strange = tmp_path / "udb-metrics-strange"
    strange.mkdir()
    # Opening it would block for ever.
    os.mkfifo(strange / "alive")
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)
    Scratch(tmp_path).remove()
    assert strange.is_dir()


FAILS = """
import os, sys
from pathlib import Path
from udb.domain.errors import WrongUse
from udb.serve import shared_memory
from udb.serve.server import serve
from udb.settings import Settings
shared_memory.MEMORY = Path(sys.argv[1])
try:
    serve(Settings(tls_certifikat=Path("none.pem")), bind="127.0.0.1:0", workers=1, threads=1)
except WrongUse:
    print("PROMETHEUS_MULTIPROC_DIR" in os.environ, list(shared_memory.MEMORY.iterdir()))
"""


def test_a_start_that_fails_leaves_neither_folder_nor_variable(tmp_path: Path) -> None:
    """Else what the process starts afterwards would look for its numbers in a folder that is gone."""
    command = [sys.executable, "-W", "ignore", "-c", FAILS, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "False []\n", done.stderr
