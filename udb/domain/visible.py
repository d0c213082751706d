"""Text of another party for a terminal and a page: what would move the cursor or turn the line is written out."""

from typing import Final

_KEPT: Final = "\n\t\N{NO-BREAK SPACE}"


def visible(text: str) -> str:
    r"""Return a text with each character that cannot be seen, or that changes how others are seen, as ``\x1b``."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in _KEPT else _written(one) for one in text)


def _written(one: str) -> str:
    return one.encode("unicode_escape").decode("ascii")
