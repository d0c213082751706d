"""Compare values with the expected ones, and describe the difference."""

from collections.abc import Sequence
from typing import Any

from udb.conformance.shared.contract import written


def told(values: Sequence[Any]) -> str:
    """Return values as a sentence lists them."""
    return ", ".join(str(value) for value in values) or "ingen"


def values_wrong(found: Sequence[str], wanted: Any, name: str) -> list[str]:
    """Return what is wrong, if the texts found are not the wanted: None is none, a list all of them, else just one."""
    expected = [] if wanted is None else [written(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
    return [] if list(found) == expected else [f"{name}: forventede {told(expected)}, fik {told(found)}."]
