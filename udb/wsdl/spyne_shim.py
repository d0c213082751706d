"""Make spyne 2.14 importable on Python 3.12 and 3.13; ``install`` must be called before spyne is imported.

spyne's copy of ``six`` has a module finder of a kind that Python 3.12 no longer calls, and spyne imports ``cgi``, which
Python 3.13 has removed. This module supplies both from outside; no file of the installed package is changed.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from email.message import Message
from typing import Any

_SIX = "spyne.util.six"


class _SixMoves(importlib.abc.Loader):
    """The finder and loader of ``spyne.util.six.moves``: it uses the old finder that is part of six."""

    @classmethod
    def find_spec(
        cls, name: str, _path: Sequence[str] | None = None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not name.startswith(f"{_SIX}.moves"):
            return None
        importer = _importer()
        if name not in importer.known_modules:
            return None
        return importlib.machinery.ModuleSpec(name, _SixMoves(), is_package=importer.is_package(name))

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Any:
        known = _importer().known_modules[spec.name]
        return known._resolve() if hasattr(known, "_resolve") else known  # noqa: SLF001 - six offers no other way

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: six has already made the module."""


def _importer() -> Any:
    return sys.modules[_SIX]._importer  # noqa: SLF001 - as above


def _parse_header(line: str) -> tuple[str, dict[str, str]]:
    message = Message()
    message["content-type"] = line
    (value, _), *parameters = message.get_params([("", "")])
    return value, dict(parameters)


def install() -> None:
    """Add what this version of Python lacks. A second call changes nothing."""
    if sys.version_info >= (3, 12) and _SixMoves not in sys.meta_path:
        sys.meta_path.insert(0, _SixMoves)
    if sys.version_info >= (3, 13) and "cgi" not in sys.modules:
        cgi: Any = types.ModuleType("cgi")
        cgi.parse_header = _parse_header
        sys.modules["cgi"] = cgi
