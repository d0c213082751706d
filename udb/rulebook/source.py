"""The text of a rule's check: its module and everything it uses of ``udb.rules.premises``.

Docstrings, comments, imports and empty lines are left out: better words or another place for a module do not change the
rule.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from udb.rules import premises

_DOCUMENTED: Final = (ast.Module, ast.FunctionDef, ast.ClassDef)
_Defined = dict[str, ast.stmt]


def source_of(check: Callable[..., Any]) -> str:
    """Return the text of a check."""
    own = _bare(inspect.getsource(sys.modules[check.__module__]))
    used = _uses(ast.parse(own), _premises())
    return "\n".join((own, *(ast.get_source_segment(_premises_text(), _premises()[name]) or "" for name in used)))


@cache
def _premises_text() -> str:
    return _bare(inspect.getsource(premises))


@cache
def _premises() -> _Defined:
    """Return the definitions at the top level of the module, by name."""
    return {name: node for node in ast.parse(_premises_text()).body for name in _names(node)}


def _names(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _uses(tree: ast.AST, defined: _Defined) -> list[str]:
    """Return the names that a text uses, and those that they use in turn."""
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        names = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        new = (names & defined.keys()) - found
        found |= new
        waiting.extend(defined[name] for name in new)
    return sorted(found)


def _bare(source: str) -> str:
    """Return a module's text without docstrings, imports, comment lines and empty lines."""
    left_out: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            left_out.update(_lines(node.body[0]))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            left_out.update(_lines(node))
    lines = enumerate(source.splitlines(), 1)
    return "\n".join(
        line for number, line in lines if number not in left_out and line.strip() and not line.strip().startswith("#")
    )


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)
