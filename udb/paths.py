"""Where the files beside the package lie.

The project runs from its checkout (an editable install, which is what ``make run`` makes), so everything is found from
this file's own place and never from the working directory.
"""

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent
ROOT: Final = PACKAGE.parent
CODESETS: Final = ROOT / "codesets"
MIGRATIONS: Final = ROOT / "migrations"
CONTRACT: Final = PACKAGE / "wsdl"
