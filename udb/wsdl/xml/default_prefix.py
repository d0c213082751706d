"""Let lxml know ``#default``, the default namespace in a list of prefixes (Exclusive C14N 1.0, section 3).

lxml passes on to libxml2 only those prefixes that are in the document's dictionary of names, and silently drops others.
A thread's documents share their dictionary. ``#default`` is no name, but a namespace of that text puts it there.
"""

import threading
from typing import Final

from lxml import etree

DEFAULT: Final = "#default"


class _Known(threading.local):
    def __init__(self) -> None:
        etree.fromstring(f'<known xmlns:default="{DEFAULT}"/>')
        self.here = True


_known = _Known()


def know_default() -> None:
    """Put ``#default`` into the dictionary of this thread's documents, those parsed before and after."""
    # The first look at a thread's own value runs ``_Known.__init__``.
    assert _known.here
