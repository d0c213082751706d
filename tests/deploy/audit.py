"""``make audit``: compare the locked packages with the known weaknesses, by pip-audit.

pip-audit ends with "No known vulnerabilities found" also when its database knew none of the packages. Here a package
that was not compared is one too many. Exit codes: 0: all were compared, and none has a known weakness; 1: a package has
one; 3: some were not compared, since the database could not be reached or does not know them.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any, Final

WEAK: Final = 1
NOT_COMPARED: Final = 3
_AT_MOST: Final = 600
"""Seconds for one lock."""
_SHOWN: Final = 5


def main(program: str, locks: Iterable[str]) -> int:
    """Audit each lock with a pip-audit, print a line for each and for each weakness; return the exit code."""
    worst = 0
    for lock in locks:
        compared, skipped, weak = _audited(program, lock)
        for line in weak:
            say(f"{lock}: {line}")
        if compared is None:
            say(f"{lock}: NOT COMPARED: the database of weaknesses cannot be reached.")
        elif skipped:
            names = ", ".join(skipped[:_SHOWN]) + (" ..." if len(skipped) > _SHOWN else "")
            say(f"{lock}: NOT COMPARED: {len(skipped)} of {compared} packages, which the database lacks: {names}")
        elif not weak:
            say(f"{lock}: {compared} packages, none with a known weakness.")
        found = WEAK if weak else NOT_COMPARED if compared is None or skipped else 0
        # A weakness is worse than not to know.
        worst = WEAK if WEAK in (worst, found) else max(worst, found)
    return worst


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _audited(program: str, lock: str) -> tuple[int | None, list[str], list[str]]:
    """Return how many packages a lock has (None: nothing was compared), those not compared, and a line per weakness."""
    command = [
        program,
        "--requirement",
        lock,
        "--require-hashes",
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner=off",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_AT_MOST)
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
        return None, [], []
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    weak = [
        f"{package['name']} {package['version']}: {found['id']}, mended in {' '.join(found['fix_versions']) or 'none'}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    # No package at all is no comparison either.
    return len(packages) or None, skipped, weak


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
