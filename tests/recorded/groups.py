"""The recorded calls. A group is a function that plays its calls on a stage of its own, in order."""

from collections.abc import Callable
from typing import Final

from tests.recorded.calls import faults, fetches, pages, population, receipts, rules, schema, signatures
from tests.recorded.stage import Stage

GROUPS: Final[dict[str, Callable[[Stage], None]]] = {
    "faults": faults.play,
    "fetches": fetches.play,
    "pages": pages.play,
    "population": population.play,
    "receipts": receipts.play,
    "rules": rules.play,
    "schema": schema.play,
    "signatures": signatures.play,
}
"""By the name of the file with the answers."""
