"""Style, script and fonts: the Danish design system, put in a folder by ``make design``, and the portal's own style.

The design system is not part of the repository. Without it the pages have the plain style of the public pages.
"""

import mimetypes
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Response, abort, send_file

from udb.paths import PACKAGE, ROOT

INSTALLED: Final = ROOT / "build" / "dkfds"
OWN: Final = PACKAGE / "portal" / "static"
PLAIN: Final = PACKAGE / "web" / "templates" / "plain.css"
_A_DAY: Final = 24 * 3600


def is_installed() -> bool:
    """Return whether the design system is there."""
    return (INSTALLED / "css" / "dkfds.min.css").is_file()


def answer(name: str) -> Response:
    """Answer with a file of ours, or of the design system."""
    if name == PLAIN.name:
        return _sent(PLAIN)
    candidates = ((folder.resolve(), (folder / name).resolve()) for folder in (OWN, INSTALLED))
    found = next((file for folder, file in candidates if file.is_relative_to(folder) and file.is_file()), None)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return _sent(found)


def _sent(file: Path) -> Response:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return send_file(file, mimetype=kind, max_age=_A_DAY)
