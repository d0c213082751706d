"""Other people's SOAP stacks in the contest, where installed: each does the insert and the page of the floor by the
same contract. Processor time and elapsed time are printed; time inside the application cannot be measured from here.
"""

import json
import math
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import floor
from benchmarks.serving import Contestant, database_used
from tests.support.programs import NODE, install, succeeds
from udb.paths import CONTRACT
from udb.sandbox.running import free_address

HERE: Final = Path(__file__).parent
_PATIENCE: Final = 60
_VERSION: Final = "kode_version"
"""The floor leaves it out, but the typed answer of a stack needs it."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack with its program in ``benchmarks/peers/<folder>``. ``program``: the command, {made}: where it was made.
    ``probe``: a shell command that succeeds where it is installed.
    """

    name: str
    folder: str
    program: tuple[str, ...]
    probe: str
    needs: str

    def is_here(self) -> bool:
        """Return whether this machine has it."""
        return succeeds(self.probe)

    def make(self, made: Path) -> list[str]:
        """Build its program and return the command."""
        if (HERE / self.folder / "build.sh").exists():
            subprocess.run([HERE / self.folder / "build.sh", CONTRACT, made], check=True, capture_output=True)
        else:
            install(HERE / self.folder, made)
        return [part.format(made=made) for part in self.program]


STACKS: Final = (
    Stack("node soap, no schema", "node", (NODE, "{made}/service.mjs"), "true", "brought along"),
    Stack(
        "JAX-WS RI, schema",
        "jaxws",
        ("{made}/peer",),
        "command -v wsimport && command -v javac && test -e /usr/share/java/jaxws-rt.jar"
        " && test -e /usr/share/java/postgresql.jar",
        "Debian: jaxws libjaxws-java libpostgresql-jdbc-java openjdk-17-jdk-headless",
    ),
)


class Peer(Contestant):
    """A running peer: one process."""

    def __init__(self, bind: str, pid: int) -> None:
        """``pid``: of the process that serves."""
        super().__init__(bind, pid)
        self._pid = pid

    def inside(self) -> float:
        """Return NaN, since it cannot be measured, and open a new connection: the server closes an idle one."""
        self._connection.close()
        return math.nan

    def outside(self) -> float:
        """Return the processor seconds that the process has used, its compiler's and collector's threads included."""
        return database_used(self._pid)

    def wait(self) -> None:
        """Wait until it takes connections."""
        host, _, port = self.bind.rpartition(":")
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
            except OSError:
                assert time.monotonic() < end, "a peer does not answer"
                time.sleep(0.1)
            else:
                return


@contextmanager
def peers(database_port: int) -> Iterator[tuple[dict[str, Contestant], list[str]]]:
    """Yield every installed stack, serving from the database on a port of this machine, and what the others need."""
    with ExitStack() as stack:
        found: dict[str, Contestant] = {}
        missing = []
        for one in STACKS:
            if one.is_here():
                found[one.name] = stack.enter_context(_serving(one, database_port))
            else:
                missing.append(f"{one.name} ({one.needs})")
        yield found, missing


@contextmanager
def _serving(stack: Stack, database_port: int) -> Iterator[Contestant]:
    bind = free_address()
    told = [(name, floor.ELEMENT[name]) for name in floor.TOLD]
    stored = [(name, floor.ELEMENT[name]) for name in floor.STORED]
    surroundings = {
        **os.environ,
        "UDB_PEER": json.dumps({"stored": stored, "told": told}),
        "UDB_PEER_STORED": ",".join(floor.STORED),
        "UDB_PEER_TOLD": ",".join((*floor.TOLD, _VERSION)),
    }
    made = Path(tempfile.mkdtemp(prefix="udb-peer-"))
    try:
        command = [*stack.make(made), str(CONTRACT), bind.rpartition(":")[2], str(database_port)]
        process = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            peer = Peer(bind, process.pid)
            peer.wait()
            yield peer
        finally:
            process.terminate()
            process.wait()
    finally:
        shutil.rmtree(made)
