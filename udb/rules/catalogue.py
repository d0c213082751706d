"""Find every rule of the package, in code order, for receipts, the rule book and the conformance cases."""

import re
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Final

from udb import rules
from udb.rules.rule import Rule

_FILE: Final = re.compile("r[0-9]{4}")


def find_rules(package: ModuleType) -> tuple[Rule, ...]:
    """Return the rule of every file ``rNNNN.py`` of a package, in code order.

    Raises TypeError for a file without a rule, ValueError for one that is not named after its rule's code.
    """
    names = sorted(module.name for module in iter_modules(package.__path__) if _FILE.fullmatch(module.name))
    return tuple(_rule(package, name) for name in names)


def _rule(package: ModuleType, name: str) -> Rule:
    module = import_module(f"{package.__name__}.{name}")
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise TypeError(f"{module.__name__} has no RULE that is a Rule.")
    if name != f"r{rule.code}":
        raise ValueError(f"{module.__name__} has the rule {rule.code}; a rule's file is named after its code.")
    return rule


RULES: Final[tuple[Rule, ...]] = find_rules(rules)

BY_CODE: Final[dict[str, Rule]] = {rule.code: rule for rule in RULES}
