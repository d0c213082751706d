"""From a count of the own kommune to the list of its youths (portal 3.26)."""

from collections.abc import Mapping
from typing import Any, Final

from flask import url_for

from udb.portal.figures.place import Place
from udb.portal.roles import may_open
from udb.portal.state import the_session
from udb.statistics.definitions.frist import Udfald
from udb.statistics.definitions.situation import Situation

LIST: Final = "residents.listed"
_AGES: Final[Mapping[str, tuple[int, int]]] = {
    "15-17": (15, 17), "18-24": (18, 24), "25-29": (25, 29),
}  # fmt: skip
_DEFINITIONS: Final[Mapping[str, tuple[int, int]]] = {
    "restgruppe": (15, 24), "kui": (15, 24), "bredere": (15, 29), "neet": (16, 24), "frist": (15, 17),
}  # fmt: skip
_GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "forberedende": {"situation": Situation.FORBEREDENDE.value},
    "paalaeg": {"paalaeg": "ja"},
    "fritaget": {"situation": Situation.FRITAGET.value},
    "udland": {"situation": Situation.UDLAND.value},
    "praktik": {"situation": Situation.PRAKTIK.value},
    "deltid": {"situation": Situation.DELTID.value},
    "uden": {"situation": Situation.UDEN.value},
    "i_alt": {"situation": "maalgruppe"},
    "restgruppe": {"situation": "uden_uddannelse"},
    "i_uddannelse": {"situation": "i_uddannelse"},
    "fuldfoert": {"situation": Situation.FULDFOERT.value},
    "i_job": {"situation": Situation.JOB.value},
    "neet": {"situation": "uden_uddannelse"},
    "overskredet": {"udfald": Udfald.OVERSKREDET.value},
    "aaben": {"udfald": Udfald.AABEN.value},
    "P": {},
}
"""The filters of the list that show a group's youths as they are today."""


def link_to(here: Place, definition: str, maal: str, alder: str | None = None) -> str | None:
    """Return the address of the list of a count's youths; None of another kommune, or when no filter shows them."""
    if not here.is_own or maal not in _GROUPS or not may_open(LIST, the_session().rolle):
        return None
    youngest, oldest = _AGES[alder] if alder else _DEFINITIONS[definition]
    asked: dict[str, Any] = {"alder_fra": youngest, "alder_til": oldest, **_GROUPS[maal]}
    return url_for(LIST, **asked)
