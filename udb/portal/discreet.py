"""The view that others may have: how an address asks for it, and the words beside exact and hidden counts of youths."""

from typing import Final

from flask import request

_NAME, _YES = "diskret", "1"
ASKED: Final = {_NAME: _YES}
"""What an address says that asks for it."""
HIDDEN: Final = ".."
INTERNAL: Final = "Til internt brug: må ikke offentliggøres uden diskretionering"
WHY_HIDDEN: Final = "under 5 eller skjult for at beskytte andre tal"
REMARK: Final = "bemaerkning"
"""The column of a file that says how its counts may be used."""


def is_asked() -> bool:
    """Return whether the request asks for what others may see."""
    return request.args.get(_NAME) == _YES


def remark(*, exact: bool) -> str:
    """Return what a file says of its counts on every line."""
    return INTERNAL if exact else f"{HIDDEN} er {WHY_HIDDEN}"
