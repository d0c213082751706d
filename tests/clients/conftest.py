"""The clients, ready to call a running service."""

import fcntl
import shutil
from pathlib import Path

import pytest

from tests.clients.callers import NODE_CLIENT
from tests.clients.toolkits import CLIENTS
from tests.support.programs import install


@pytest.fixture(scope="session")
def node_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The node client with its locked packages; made once, also when the tests run in several processes."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if own.name.startswith("popen-") else own
    folder = shared / "node-client"
    with (shared / "node-client.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            copy = shared / "node-client.part"
            shutil.rmtree(copy, ignore_errors=True)
            install(CLIENTS / "node", copy)
            shutil.copy(NODE_CLIENT, copy)
            copy.rename(folder)
    return folder
