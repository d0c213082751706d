"""Paths of the files that belong to the code: in a checkout at its top, in an installed wheel inside the package.

They are computed from the path of this file, never from the working directory.
"""

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent
_SHIPPED: Final = PACKAGE / "_data"
"""The folder of these files in a wheel (``tool.hatch`` in pyproject.toml); a checkout has no such folder."""
IS_CHECKOUT: Final = not _SHIPPED.is_dir()
ROOT: Final = PACKAGE.parent if IS_CHECKOUT else _SHIPPED
CODESETS: Final = ROOT / "codesets"
MIGRATIONS: Final = ROOT / "migrations"
CONTRACT: Final = PACKAGE / "wsdl"
