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


def trip(call: Callable[[], None]) -> Counter[str]:
    """Return the function calls of a call, by file. It is made twice, and the second time counts."""
    call()
    counted: Counter[str] = Counter()
    with _entered(counted):
        call()
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

        def send(calls: Iterator[Call]) -> None:
            call = next(calls)
            answer = request(app, "POST", call.path, call.body, {**call.headers, "Content-Type": SOAP11.media_type})
            assert answer.status == HTTPStatus.OK, answer.body

        for task in (REPORT, NOTHING_NEW):
            counted = trip(lambda name=task.name: send(calls[name]))  # type: ignore[misc]  # bound at once
            rules = [name for name in counted if name.startswith("rules/r")]
            others = sorted(set(counted) - set(rules))
            typer.echo(
                f"{task.name}: {len(counted)} files, {len(rules)} of them rules; {len(others)} others; "
                f"{counted.total()} function calls"
            )
            typer.echo("  " + " ".join(others))
        engine.dispose()
    return 0
