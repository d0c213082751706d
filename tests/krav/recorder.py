"""A pytest plugin: run the tests that docs/krav.csv names, and record which doers each of them enters.

``tests.krav.runs`` starts it in a process of its own. ``KRAV_ASKED`` names a JSON file: each test with the doers of its
rows. The answer, each test with the doers it entered, goes to the file that ``KRAV_ENTERED`` names.

Each named function gets new code that notes the call and goes on to the old code. All who imported the function reach
it, in every thread, on every Python, and nothing else is slowed. Only the test itself counts, not its fixtures: a world
that is built before the test would enter half of the project. Caches are emptied before each test, and who uses a
statement that is compiled once enters what made it: else the first test alone would enter an access clause.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from inspect import Parameter, Signature, isgeneratorfunction, signature
from itertools import count
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import Dialect

from tests.krav.doers import functions, is_data, is_refusal
from tests.krav.table import CASES, CASES_IN_MEMORY, mentioned
from udb.hentning import refusals
from udb.paths import ROOT
from udb.store.sql.prepared import Prepared

ASKED: dict[str, list[str]] = json.loads(Path(os.environ["KRAV_ASKED"]).read_text(encoding="utf-8"))
DOERS = sorted(set().union(*ASKED.values()))
ENTERED: dict[str, set[str]] = {test: set() for test in ASKED}
HOOKS = count()
HANDED_ON = {
    Parameter.KEYWORD_ONLY: "{0}={0}",
    Parameter.VAR_POSITIONAL: "*{0}",
    Parameter.VAR_KEYWORD: "**{0}",
}

_now: set[str] = set()
"""What the running test has entered."""
_made: dict[tuple[Prepared, str], set[str]] = {}
"""What was entered to make each statement."""


def names(item: pytest.Item) -> set[str]:
    """List the names that the table has for a test; a rule case in memory has one for each number in its name too."""
    file = str(item.path.relative_to(ROOT))
    found = {f"{file}::{getattr(item, 'originalname', item.name)}"}
    case = item.callspec.params.get("case") if hasattr(item, "callspec") else None
    if file == CASES_IN_MEMORY and case is not None:
        found |= {f"{CASES}{case.code}.yml::{number}" for number in mentioned(case.name)}
    return found & ENTERED.keys()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if not names(item)])
    items[:] = [item for item in items if names(item)]


def pytest_collection_finish() -> None:
    for doer in DOERS:
        for function in functions(doer):
            _watch(function, doer)


def _watch(function: Callable[..., Any], doer: str) -> None:
    """Give a function code that notes the call and calls the code it had, with the same parameters."""
    assert isinstance(function, FunctionType)
    assert not function.__code__.co_freevars, f"{doer} is made by another function: name that one"
    before = FunctionType(function.__code__, function.__globals__, function.__name__)

    def noted(*args: Any, **values: Any) -> Any:
        _now.add(doer)
        return before(*args, **values)

    # The new code finds what it calls among the globals: it may have no free variables where the old had none.
    hook = f"_krav_entered_{next(HOOKS)}"
    function.__globals__[hook] = noted
    parameters = signature(function).parameters.values()
    bare = [one.replace(annotation=Parameter.empty, default=Parameter.empty) for one in parameters]
    handed_on = ", ".join(HANDED_ON.get(one.kind, "{0}").format(one.name) for one in bare)
    made: dict[str, Any] = {}
    # From 3.13 on a generator may only get the code of a generator.
    passing_on = "return (yield from {})" if isgeneratorfunction(function) else "return {}"
    exec(f"def entered{Signature(bare)}: {passing_on.format(f'{hook}({handed_on})')}", made)
    function.__code__ = made["entered"].__code__


class _Texts(dict[str, Any]):
    """The texts of the refusals, which note the code they are looked up for."""

    def __getitem__(self, code: str) -> Any:
        _now.add(code)
        return super().__getitem__(code)


if any(map(is_refusal, DOERS)):
    refusals.FETCH_TEXTS = _Texts(refusals.FETCH_TEXTS)

_DATA = {str(ROOT / doer): doer for doer in DOERS if is_data(doer)}


def _opened(event: str, args: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(args[0], str) and args[0] in _DATA:
        _now.add(_DATA[args[0]])


sys.addaudithook(_opened)


def _parse(source: Any, *args: Any, **values: Any) -> Any:
    """Note a file that lxml reads: it opens it by itself, unseen by Python."""
    _opened("open", (str(source),))
    return _etree_parse(source, *args, **values)


_etree_parse, etree.parse = etree.parse, _parse


def _plan(self: Prepared, dialect: Dialect) -> Any:
    """Enter what made the statement each time it is used: compiling it for each test takes far longer."""
    if (self, dialect.name) not in _made:
        before = set(_now)
        _now.clear()
        self._plans.pop(dialect.name, None)
        _prepared_plan(self, dialect)
        _made[self, dialect.name] = set(_now)
        _now.update(before)
    _now.update(_made[self, dialect.name])
    return _prepared_plan(self, dialect)


_prepared_plan, Prepared._plan = Prepared._plan, _plan


def _empty_caches() -> None:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "udb":
            for value in list(vars(module).values()):
                if isinstance(value, type(_cached)):
                    value.cache_clear()


@cache
def _cached() -> None:
    """Have the type of all functions with a cache."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what can show nothing more: the next of a hundred parameters."""
    if all(ENTERED[name].issuperset(ASKED[name]) for name in names(item)):
        pytest.skip("entered already")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    _empty_caches()
    _now.clear()
    yield
    for name in names(item):
        ENTERED[name] |= _now


def pytest_sessionfinish() -> None:
    answer = {test: sorted(entered) for test, entered in ENTERED.items()}
    Path(os.environ["KRAV_ENTERED"]).write_text(json.dumps(answer), encoding="utf-8")
