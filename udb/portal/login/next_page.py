"""The pages to which a log-in may lead: no other address is carried through it, whatever was typed into it."""

from typing import Final

NEXT: Final = frozenset({"/", "/indberet", "/unge", "/mit", "/kvalitet", "/ledelse", "/afstemning", "/systemskifte"})
"""Below the portal's own path."""


def next_page(wanted: str, root: str) -> str | None:
    """Return the page that an address below ``root`` names, None when a log-in may not lead there."""
    path = wanted.removeprefix(root).rstrip("/") or "/"
    return path if path in NEXT else None
