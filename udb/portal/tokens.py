"""Random values of the portal, and the hashes under which the database keeps them."""

import hashlib
import secrets
from typing import Final

_BYTES: Final = 32


def new_token() -> str:
    """Return 32 random bytes as text that fits a cookie, an address and a form."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """Return the hash of a value, as the database keeps it."""
    return hashlib.sha256(token.encode()).hexdigest()
