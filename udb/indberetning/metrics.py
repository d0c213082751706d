"""The metric of cancellations that the operator should look at. It holds nothing about persons."""

from typing import Final

from prometheus_client import Counter

CANCELLED: Final = Counter(
    "udb_looked_up_cancelled", "Reports cancelled within 60 days after an institution looked the youth up under them."
)
