"""Makes spyne 2.14 importable on Python 3.12 and 3.13; must be installed before spyne is imported.

Its copy of ``six`` has a module finder of the kind that Python 3.12 no longer asks, and it imports ``cgi``, which is
gone from 3.13. Both are given from outside: nothing in the installed package is changed.
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
    """Answers the import system for ``spyne.util.six.moves``, asking the old finder that six brings."""

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
        """Nothing is left to run: six made the module."""


def _importer() -> Any:
    return sys.modules[_SIX]._importer  # noqa: SLF001 - as above


def _parse_header(line: str) -> tuple[str, dict[str, str]]:
    message = Message()
    message["content-type"] = line
    (value, _), *parameters = message.get_params([("", "")])
    return value, dict(parameters)


def install() -> None:
    """Put in what this Python lacks. Calling it again changes nothing."""
    if sys.version_info >= (3, 12) and _SixMoves not in sys.meta_path:
        sys.meta_path.insert(0, _SixMoves)
    if sys.version_info >= (3, 13) and "cgi" not in sys.modules:
        cgi: Any = types.ModuleType("cgi")
        cgi.parse_header = _parse_header
        sys.modules["cgi"] = cgi
