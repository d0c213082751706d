"""The reporters and fetchers of the scenarios: institution numbers, kommunekoder and systems by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from udb.domain.errors import WrongUse

SHIPPED: Final = Path(__file__).parent / "places.yaml"
_PARTS: Final = ("kommuner", "institutioner", "systemer")


@dataclass(frozen=True, slots=True)
class Places:
    """By name: kommunekoder, institution numbers, and (id, key) of systems, with None for an unknown key."""

    kommuner: Mapping[str, str]
    institutioner: Mapping[str, str]
    systemer: Mapping[str, tuple[str, str | None]]


def read(path: Path = SHIPPED) -> Places:
    """Read a file of places. Raises WrongUse when it is not one, or lacks a name that the scenarios use."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        _require(isinstance(found, dict) and set(found) <= set(_PARTS))
        places = Places(
            _texts(found.get("kommuner", {})),
            _texts(found.get("institutioner", {})),
            {name: (str(of["id"]), of.get("noegle")) for name, of in found.get("systemer", {}).items()},
        )
    except OSError as error:
        raise WrongUse(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, TypeError, KeyError, AttributeError, ValueError):
        raise WrongUse(f"{path} is not a file of places: write one like {SHIPPED}.") from None
    if path != SHIPPED:
        _require_all_names(places, path)
    return places


def _require_all_names(places: Places, path: Path) -> None:
    # A name without a number would be sent as it is, and the service blamed for refusing it.
    known = read()
    lacking = [
        *(known.kommuner.keys() - places.kommuner.keys()),
        *(known.institutioner.keys() - places.institutioner.keys()),
    ]
    if lacking:
        raise WrongUse(f"{path} has no number for {', '.join(sorted(set(lacking)))}: write all names of {SHIPPED}.")


def _texts(found: Any) -> dict[str, str]:
    _require(all(isinstance(value, str) for value in found.values()))
    return dict(found)


def _require(condition: bool) -> None:  # noqa: FBT001 - reads as an assertion that counts
    if not condition:
        raise ValueError
