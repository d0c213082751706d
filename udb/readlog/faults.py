"""The words for what verification finds: numbers that follow each other are one line, times are Danish."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from udb.domain.clock import danish


def ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of numbers that follow each other; the numbers are in rising order."""
    first = last = None
    for number in numbers:
        if first is not None and last is not None and number != last + 1:
            yield first, last
            first = None
        first, last = number if first is None else first, number
    if first is not None and last is not None:
        yield first, last


def named(what: str, first: int, last: int) -> str:
    """Return "Block 3" or "Blocks 3-9"."""
    return f"{what} {first}" if first == last else f"{what}s {first}-{last}"


def each(what: str, numbers: Iterable[int], one: str, many: str = "") -> Iterator[str]:
    """Yield a line for each run of numbers. ``one`` ends it; ``many``, where it has another form for several."""
    for first, last in ranges(numbers):
        yield f"{named(what, first, last)} {many if many and first != last else one}"


def gone(first: int, last: int) -> str:
    """Return the line for blocks that are missing."""
    return f"{named('Block', first, last)} {'is' if first == last else 'are'} gone."


def at(instant: datetime) -> str:
    """Return an instant as the lines write it."""
    return danish(instant).isoformat(timespec="seconds")
