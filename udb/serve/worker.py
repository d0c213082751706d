"""Build the service of one worker process. Importing this module imports the whole service."""

import ctypes
import gc
import platform
import sys
from typing import Final
from wsgiref.types import WSGIApplication

from udb.callers.rate import Gate
from udb.context import Context
from udb.portal import app as portal
from udb.settings import GIVEN_UP, Settings
from udb.store import guard
from udb.store.engine import make_engine
from udb.store.sql.deadline import Deadline
from udb.web.pages import pages
from udb.wsdl.endpoint.app import pages_alone
from udb.wsdl.endpoint.metrics import timed
from udb.wsdl.use_cases import application

COLLECT_AFTER: Final = 50_000
"""How many more objects are allocated than freed before the garbage collector scans the newest."""

HAND_OVER_AFTER: Final = 0.0005
"""Seconds after which a thread that computes lets another one go on that waits to.

A list that a leader reconciles computes for a third of a second. A report beside it waits to go on some ten times,
after each of its messages to the database: its 95th percentile was 3.5 times as high, by Python's 5 ms, and 1.2 by this
(``make bench WHAT=people``).
"""

_M_ARENA_MAX: Final = -8
"""``mallopt``'s number for the parameter that limits the heaps (arenas)."""


def share_one_heap() -> None:
    """Make all threads of this process use one heap. Does nothing on C libraries other than glibc.

    glibc has a heap per thread, and each heap keeps the memory of its thread's largest call.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def build(
    settings: Settings,
    gate: Gate | None = None,
    refused: Gate | None = None,
    acknowledged: guard.Acknowledged | None = None,
) -> WSGIApplication:
    """Return the service with its own database connections.

    ``gate``, ``refused``: the limits on calls and on refused reports; ``acknowledged``: what the host has acknowledged.
    All workers share these.
    """
    share_one_heap()
    sys.setswitchinterval(HAND_OVER_AFTER)
    # The sandbox has an engine without a deadline: an import takes longer than a call may.
    engine, sandbox = (make_engine(settings.url, ventetid=settings.ventetid) for _ in range(2))
    Deadline(engine, settings.ventetid * GIVEN_UP).watch()
    guard.keep(engine, acknowledged, sandbox=settings.sandbox)
    context = Context(engine, settings, gate=gate, refused=refused)
    has_portal = settings.portal != "off"
    found = pages(context, sandbox, f"{portal.ROOT}/" if has_portal else None)
    if has_portal:
        found[portal.ROOT] = portal.application(context, settings.portalens_adresse)
    served = pages_alone(found) if settings.portal == "only" else timed(application(context, found))
    # A page allocates tens of thousands of objects that are soon freed. The garbage collector would scan them, and all
    # objects that live as long as the process, many times.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    return served
