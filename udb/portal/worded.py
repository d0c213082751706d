"""Values of addresses, forms and tables that people see in words."""

from enum import StrEnum
from typing import Self


class Worded(StrEnum):
    """A choice; its members are written as a value and its Danish words."""

    words: str

    def __new__(cls, value: str, words: str = "") -> Self:
        """Return the member of a value."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.words = words
        return made
