"""What every definition says of itself, so that a page can print it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition: ``navn`` and ``formel`` are Danish, for people; another ``version`` is another figure."""

    navn: str
    version: str
    kilde: str
    formel: str
