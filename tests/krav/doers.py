"""Find the code that a row of docs/krav.csv names as what does it.

A doer is one of five:

- a rule (``5001``): its check
- a refusal of a fetch (``8002``): the moment its text is looked up for an answer
- an access clause (``A1`` to ``A14``): the functions that make its condition
- a function or method (``udb/domain/forloeb.py::group``, ``udb/domain/forloeb.py::Forloeb.open``); a Python file alone
  is too little: a test may enter the file and never the function that counts
- data (``codesets/timeloen.csv``): a file that is no Python; a test proves it by reading it
"""

import importlib
import inspect
import re
from collections.abc import Callable
from typing import Any

from udb.access import clauses, own_person, own_registrations, own_reports
from udb.hentning.refusals import FETCH_TEXTS
from udb.paths import ROOT
from udb.rules.catalogue import BY_CODE

PYTHON = ".py"
CLAUSES = (clauses, own_reports, own_registrations, own_person)


def is_refusal(doer: str) -> bool:
    return doer in FETCH_TEXTS


def is_data(doer: str) -> bool:
    return "/" in doer and "::" not in doer and not doer.endswith(PYTHON)


def functions(doer: str) -> list[Callable[..., Any]]:
    """List the functions of a doer; none for data and refusals, nor for what is not there."""
    if doer in BY_CODE:
        return [BY_CODE[doer].check]
    if re.fullmatch(r"A\d+", doer):
        known = (one for module in CLAUSES for one in vars(module).items())
        return [found for name, found in known if name.startswith(f"{doer.lower()}_")]
    path, _, name = doer.partition("::")
    if not path.endswith(PYTHON) or not name or not (ROOT / path).is_file():
        return []
    found: Any = importlib.import_module(path.removesuffix(PYTHON).replace("/", "."))
    for part in name.split("."):
        found = inspect.getattr_static(found, part, None)
    found = found.fget if isinstance(found, property) else found
    found = inspect.unwrap(found) if callable(found) else found
    return [found] if inspect.isfunction(found) else []


def exists(doer: str) -> bool:
    return is_refusal(doer) or (is_data(doer) and (ROOT / doer).is_file()) or bool(functions(doer))
