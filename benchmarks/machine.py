"""Name the machine and the Python that a measurement ran on."""

import os
import platform
import sys
import sysconfig
from typing import Final

_OPTIMIZED: Final = "--enable-optimizations"


def machine() -> str:
    """Return one line: cores, processor, Python's version and build, load."""
    options = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    build = "with" if _OPTIMIZED in options else "without"
    return (
        f"machine: {os.cpu_count()} cores, {platform.machine()}; Python {platform.python_version()} built {build} "
        f"{_OPTIMIZED}, at {sys.base_prefix}; load average {os.getloadavg()[0]:.1f}"
    )
