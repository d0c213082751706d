"""Expected values, and how a difference is told."""

from collections.abc import Sequence
from typing import Any

from udb.conformance.shared.contract import written


def told(values: Sequence[Any]) -> str:
    """Values as a sentence names them."""
    return ", ".join(str(value) for value in values) or "ingen"


def values_wrong(found: Sequence[str], wanted: Any, name: str) -> list[str]:
    """Empty when the texts found are those wanted: None is none, a list is all of them, else just one."""
    expected = [] if wanted is None else [written(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
    return [] if list(found) == expected else [f"{name}: forventede {told(expected)}, fik {told(found)}."]
