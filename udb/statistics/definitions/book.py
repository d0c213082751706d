"""All definitions: every ``Definition`` of a module beside this one."""

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


@cache
def all_definitions() -> tuple[Definition, ...]:
    """Return every definition, the figures of the month first."""
    package = __name__.rpartition(".")[0]
    modules = (one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]))
    found = {
        one
        for name in modules
        for one in vars(import_module(f"{package}.{name}")).values()
        if isinstance(one, Definition)
    }
    return tuple(sorted(found, key=_place))


def _place(definition: Definition) -> tuple[int, str]:
    known = FIRST.index(definition.kort) if definition.kort in FIRST else len(FIRST)
    return known, definition.navn
