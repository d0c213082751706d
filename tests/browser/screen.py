"""What a screen in a state is, for the lists of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.browser.visit import Visit

Way = Callable[[Visit], None]


@dataclass(frozen=True)
class Screen:
    """A screen in a state. ``name``: of its picture; ``heading``: its h1, by which it is known to be reached.

    ``user``: whose session (``site.USERS``), None without one. ``pages``: the endpoints that it shows.
    ``status``: of the answer.
    """

    name: str
    heading: str
    way: Way
    pages: Sequence[str]
    user: str | None = "skole"
    status: int = 200

    def __str__(self) -> str:
        return self.name


def at(path: str) -> Way:
    """Return the way that only opens an address."""
    return lambda visit: visit.open(path)


def log_in(user: str) -> Way:
    """Return the way through a log-in that ends at a page of its own."""
    return lambda visit: visit.log_in(user)
