"""Work that each worker does again and again beside its calls, in a thread of its own."""

import random
import threading
from collections.abc import Callable
from typing import Final

_SPREAD: Final = 0.1
"""Workers started together do not all begin at the same moment."""


def start(name: str, seconds: float, work: Callable[[], None], *, at_once: bool = False) -> Callable[[], None]:
    """Do ``work``, which raises nothing, every so many seconds (``at_once``: now too), until the process ends or the
    function that this gives is called.
    """
    stopped = threading.Event()

    def run() -> None:
        if at_once:
            work()
        while not stopped.wait(seconds * random.uniform(1, 1 + _SPREAD)):  # noqa: S311 - spreads work, keeps no secret
            work()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()

    return stop
