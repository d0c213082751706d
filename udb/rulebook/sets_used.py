"""The code sets that a rule looks codes up in: read from its check and from every function of ours that it calls."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from types import FunctionType
from typing import Any, Final

from udb.domain import kodesaet
from udb.domain.persons import Institution
from udb.imports.kodesaet_file import SAET
from udb.rules.catalogue import BY_CODE, RULES
from udb.rules.facts import Facts

_METHODS: Final = (Institution, Facts)
"""The classes whose methods and properties look codes up themselves."""
_DYNAMIC: Final = "kodesaet"
"""The attribute of an education key that names its set."""


@cache
def sets_used(code: str) -> tuple[str, ...]:
    """Return the code sets that a rule uses, in the order of SAET; none for the code of a refused fetch."""
    rule = BY_CODE.get(code)
    found = _of_function(rule.check) if rule else frozenset[str]()
    return tuple(name for name in SAET if name in found)


@cache
def used_by(saet: str) -> tuple[str, ...]:
    """Return the codes of the rules that use a code set, ascending."""
    return tuple(rule.code for rule in RULES if saet in sets_used(rule.code))


def _of_function(check: Any) -> frozenset[str]:
    found: set[str] = set()
    seen: set[Any] = set()
    waiting: list[Any] = [check]
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        names = vars(sys.modules[function.__module__])
        found |= _named(tree, names)
        waiting.extend(_called(tree, names))
    return frozenset(found)


def _named(tree: ast.AST, names: Mapping[str, Any]) -> set[str]:
    """Return the sets that a function names, and those with the columns it reads if the education key names the set."""
    sets = {name: value for name, value in vars(kodesaet).items() if isinstance(value, str) and value in SAET}
    found = {
        names[node.id]
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in sets and names.get(node.id) == sets[node.id]
    }
    if _reads_any_set(tree, sets):
        read = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        found |= {name for name, spec in SAET.items() if read & spec.further.keys()}
    return found


def _reads_any_set(tree: ast.AST, sets: Mapping[str, str]) -> bool:
    """Return whether a function uses the key's set otherwise than to compare it with one that it names."""
    compared = {
        id(node)
        for compare in ast.walk(tree)
        if isinstance(compare, ast.Compare)
        and any(isinstance(node, ast.Name) and node.id in sets for node in ast.walk(compare))
        for node in ast.walk(compare)
    }
    return any(
        isinstance(node, ast.Attribute) and node.attr == _DYNAMIC and id(node) not in compared
        for node in ast.walk(tree)
    )


def _called(tree: ast.AST, names: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the functions of this program that a function names, and the methods of the facts that it uses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            value = names.get(node.id)
            if isinstance(value, FunctionType) and value.__module__.startswith("udb."):
                yield value
        elif isinstance(node, ast.Attribute):
            for owner in _METHODS:
                value = inspect.getattr_static(owner, node.attr, None)
                value = value.fget if isinstance(value, property) else value
                if isinstance(value, FunctionType):
                    yield value
