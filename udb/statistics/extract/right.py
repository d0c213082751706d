"""The right to CPR numbers beside an extract: of users that the operator has named."""

from collections.abc import Collection

from udb.domain.errors import WrongUse
from udb.readlog.lookup import user


def require_cpr(allowed: Collection[str]) -> None:
    """Raise WrongUse unless the user who logged in is named; ``allowed``: names of users (UDB_UDTRAEK_CPR)."""
    if user() not in allowed:
        raise WrongUse(f"{user()} may not have CPR numbers in an extract: UDB_UDTRAEK_CPR does not name that user.")
