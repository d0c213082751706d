"""The limits of a signed request: its form and its times (contract 7)."""

from typing import Final

MAX_REFERENCES: Final = 10
MAX_PREFIXES: Final = 20
LIFE_SECONDS: Final = 300
"""For how long after its Created a request is accepted, even if its Expires is later."""
SKEW_SECONDS: Final = 60
"""How far the sender's clock may be from the service's."""
