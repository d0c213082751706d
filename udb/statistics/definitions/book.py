"""All definitions: every ``Definition`` of a module beside this one, and of those in ELSEWHERE."""

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from udb.statistics.definitions.definition import Definition

FIRST: Final = (
    "restgruppe",
    "kui",
    "bredere",
    "neet",
    "fuldfoert_25",
    "frafald",
    "efter_afbrud",
    "frist",
    "kontaktede",
)
"""The order in which people look for them; the others follow by name."""
ELSEWHERE: Final = ("udb.statistics.quality.delays",)
"""Modules that compute what they define, and have a definition too."""


@cache
def all_definitions() -> tuple[Definition, ...]:
    """Return every definition, the figures of the month first."""
    package = __name__.rpartition(".")[0]
    beside = (f"{package}.{one.name}" for one in pkgutil.iter_modules([str(Path(__file__).parent)]))
    found = {
        one
        for name in (*beside, *ELSEWHERE)
        for one in vars(import_module(name)).values()
        if isinstance(one, Definition)
    }
    return tuple(sorted(found, key=_place))


def _place(definition: Definition) -> tuple[int, str]:
    known = FIRST.index(definition.kort) if definition.kort in FIRST else len(FIRST)
    return known, definition.navn
