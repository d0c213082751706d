"""The service as one process has it. Importing this imports all of it."""

import ctypes
import gc
import platform
from typing import Final
from wsgiref.types import WSGIApplication

from udb.callers.rate import Gate
from udb.context import Context
from udb.settings import GIVEN_UP, Settings
from udb.store.engine import make_engine
from udb.store.sql.deadline import Deadline
from udb.web.pages import pages
from udb.wsdl.endpoint.metrics import timed
from udb.wsdl.use_cases import application

COLLECT_AFTER: Final = 50_000
"""How many more values are made than are gone before the collector looks at the newest."""

_M_ARENA_MAX: Final = -8
"""``mallopt``'s name for how many heaps there may be."""


def share_one_heap() -> None:
    """Let all threads have their memory from one heap, which glibc would give each thread of its own: every one of them
    would keep what its largest call has taken. Other C libraries have one.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def build(settings: Settings, gate: Gate | None = None) -> WSGIApplication:
    """Return the whole service, with connections of its own; ``gate``: what counts the calls of all workers."""
    share_one_heap()
    # What the sandbox imports takes longer than a call may.
    engine, sandbox = (make_engine(settings.url, ventetid=settings.ventetid) for _ in range(2))
    Deadline(engine, settings.ventetid * GIVEN_UP).watch()
    context = Context(engine, settings, gate=gate)
    served = timed(application(context, pages(context, sandbox)))
    # A page makes tens of thousands of values that go at once; the collector would look at them, and at all that stays
    # for as long as the process lives, many times.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    return served
