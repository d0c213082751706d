"""Count the files of ``udb/`` that a call enters: a report, and a fetch of new events that finds none.

In this process, on SQLite, after a first call that imports and compiles what is made once (``make bench WHAT=trip``).
"""

import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import Any, Final

import structlog
import typer

from benchmarks.tasks import NOTHING_NEW, REPORT, Call, set_up
from tests.support.endpoint import request
from udb import paths
from udb.context import Context
from udb.settings import Settings
from udb.store.engine import make_engine
from udb.store.migrate import upgrade
from udb.wsdl.soap import SOAP11
from udb.wsdl.use_cases import application

YOUTHS: Final = 200


@contextmanager
def _entered(counted: Counter[str]) -> Iterator[None]:
    """Count the function calls in each file of the package, by its path below ``udb/``."""

    def profile(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and (path := Path(frame.f_code.co_filename)).is_relative_to(paths.PACKAGE):
            counted[str(path.relative_to(paths.PACKAGE))] += 1

    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(None)


def trip(send: Callable[[Call], None], calls: Iterator[Call]) -> Counter[str]:
    """Return the function calls of the second of two calls, by file. The first imports and compiles."""
    send(next(calls))
    # Made before it is counted: making a request is the caller's work.
    second = next(calls)
    counted: Counter[str] = Counter()
    with _entered(counted):
        send(second)
    return counted


def main() -> int:
    """Print the figures of both calls."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'udb.sqlite')}"
        upgrade(url)
        calls = set_up(url, YOUTHS)
        engine = make_engine(url)
        app = application(Context(engine, Settings(sandbox=True)), {})

        def send(call: Call) -> None:
            answer = request(app, "POST", call.path, call.body, {**call.headers, "Content-Type": SOAP11.media_type})
            assert answer.status == HTTPStatus.OK, answer.body

        for task in (REPORT, NOTHING_NEW):
            counted = trip(send, calls[task.name])
            others = sorted(name for name in counted if not name.startswith("rules/"))
            typer.echo(
                f"{task.name}: {len(counted) - len(others)} files of rules/ and {len(others)} others; "
                f"{counted.total()} function calls"
            )
            typer.echo("  " + " ".join(others))
        engine.dispose()
    return 0
