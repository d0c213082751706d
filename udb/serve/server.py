"""Run the service on gunicorn: several processes with several threads each; every process has its own context."""

import logging
import os
import signal
import time
from collections.abc import Callable
from typing import Any, Final
from wsgiref.types import WSGIApplication

import structlog
from gunicorn import arbiter
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from udb.domain.clocks import SILENT_WHILE_STOPPED
from udb.serve.loop import worker as loop
from udb.serve.shared_memory import Scratch
from udb.settings import Settings
from udb.store import clocks
from udb.store.codes import counted, holding_edition
from udb.store.engine import make_engine, reading, writing
from udb.store.migrate import require_expected_version
from udb.store.poolers import require_sessions

_METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_SCRIPT_NAME: Final = "SCRIPT_NAME"
SLOWEST_CALL: Final = 120
"""Seconds until gunicorn replaces a worker that hangs, and that a stopping worker has to end its calls."""
INVALID_REQUEST: Final = "Invalid request"
"""The beginning of gunicorn's warning about an invalid request."""
MOST_INVALID: Final = 10
"""How many of these warnings a process logs in a second: else strangers could fill the disk."""


def serve(settings: Settings, *, bind: str, workers: int, threads: int) -> None:
    """Answer calls until stopped.

    Raises WrongUse for unusable TLS or signing files and too low a limit of open files, FileUnusable for the CA of the
    anchor, DatabaseUnavailable, OtherVersion, ClockDisagrees, and UdbRefused for a sandbox on a database with other
    data and for a pooler that shares connections between transactions.
    """
    # prometheus-client reads this variable when it is imported, so no module that imports it may come first.
    scratch = Scratch()
    # gunicorn would take it for the beginning of every path, and fail each call that has another.
    os.environ.pop(_SCRIPT_NAME, None)
    os.environ[_METRICS_FOLDER] = str(scratch.path)
    # Imported before the fork: the workers share the modules' memory, and a replacement worker starts at once.
    from udb.callers.rate import DAY, Gate
    from udb.portal.reconciliation.routes import LARGEST
    from udb.readlog.anchor import place_of
    from udb.serve import (
        anchoring,
        certificate_expiry,
        clock_watch,
        figures_watch,
        file_limit,
        jobs,
        list_watch,
        paalaeg_watch,
        quality_watch,
        sealer,
        sender_watch,
        technical_log,
        tls,
        worker,
    )
    from udb.store.guard import Acknowledged
    from udb.web.sandbox_api import MOST_CSV
    from udb.wsdl.signature import answer

    technical_log.configure()
    try:
        connections = file_limit.allow(threads)
        secure = tls.options(settings)
        answer.load(settings)
        place_of(settings)
        _check(settings)
        gate = Gate(settings.kald_loft, folder=scratch.path) if settings.kald_loft else None
        refused = Gate(settings.afvist_loft, window=DAY, folder=scratch.path) if settings.afvist_loft else None
        acknowledged = Acknowledged(scratch.path)
        jobs.guard_by(acknowledged)
    except BaseException:
        scratch.remove()
        # Else what this process imports or starts later would look for the folder.
        del os.environ[_METRICS_FOLDER]
        raise
    beside_the_calls = (
        sealer.start_sealer,
        anchoring.start_anchoring,
        certificate_expiry.start_watch,
        paalaeg_watch.start_watch,
        clock_watch.start_watch,
        sender_watch.start_watch,
        list_watch.start_watch,
        quality_watch.start_watch,
        figures_watch.start_watch,
    )
    options = {
        "bind": bind,
        "workers": workers,
        # The SOAP layer has a limit of its own; the pages take files.
        "worker_class": loop.within(
            settings.modtagetid, MOST_CSV if settings.sandbox else max(settings.maks_body, LARGEST)
        ),
        "threads": threads,
        "worker_connections": connections,
        "timeout": SLOWEST_CALL,
        "graceful_timeout": SLOWEST_CALL,
        "proc_name": "udb",
        "logger_class": QuietLogger,
        # gunicorn's would hold the query string, which may hold anything; the service logs every call itself.
        "accesslog": None,
        "control_socket_disable": True,
        **_forwarded(settings),
        "post_fork": lambda _arbiter, _worker: [start(settings) for start in beside_the_calls],
        "worker_tmp_dir": str(scratch.path),
        "on_exit": lambda _arbiter: scratch.remove(),
        **secure,
    }
    Server(options, lambda: worker.build(settings, gate, refused, acknowledged)).run()


def _forwarded(settings: Settings) -> dict[str, Any]:
    """Return gunicorn's settings for headers of a proxy: its ``X-Forwarded-Proto`` alone, and of ``proxyer`` alone.

    gunicorn's defaults trust every process on the host, and FORWARDED_ALLOW_IPS.
    """
    return {
        "forwarded_allow_ips": ",".join(map(str, settings.proxyer)),
        "secure_scheme_headers": {"X-FORWARDED-PROTO": "https"},
        "forwarder_headers": "",
    }


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with the given options alone: no configuration file and no environment variable of its own."""

    def __init__(self, options: dict[str, Any], build: Callable[[], WSGIApplication]) -> None:
        """``options``: gunicorn's settings; ``build``: returns the service of one process."""
        self._options = options
        self._build = build
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's settings to the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """Build the service in a worker, after the fork, so that workers share no connections."""
        return self._build()

    def run(self) -> None:
        """Start the workers and watch over them until stopped."""
        Arbiter(self).run()


class Arbiter(arbiter.Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's process that starts the workers."""

    def spawn_worker(self) -> Any:
        """Start a worker. A signal that ends it waits until the worker hears it, instead of being lost at its birth."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, loop.STOPPED_BY)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's logger, with its messages passed to the root logger."""

    _second = 0
    _invalid = 0

    def setup(self, cfg: Any) -> None:
        """Remove gunicorn's handlers: the root logger has one."""
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO)

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log a warning without gunicorn's quotation of an invalid request, and not of every one in a flood of them.

        After a wrong Content-Length, the quotation is a part of a message's body.
        """
        if not msg.startswith(INVALID_REQUEST):
            super().warning(msg, *args, **kwargs)
            return
        now = int(time.monotonic())
        if now != self._second:
            self._second, self._invalid = now, 0
        self._invalid += 1
        if self._invalid <= MOST_INVALID:
            super().warning(INVALID_REQUEST, *args, **kwargs)


def _check(settings: Settings) -> None:
    """Check, before any worker starts, that the database can be served; warn of certificates and invented codes."""
    from udb.sandbox import mark
    from udb.serve import certificate_expiry

    engine = make_engine(settings.url, ventetid=settings.ventetid)
    try:
        require_sessions(engine)
        require_expected_version(engine)
        with writing(engine) as connection:
            found = clocks.require(connection, limit=settings.ur_afvigelse, silence=SILENT_WHILE_STOPPED)
            clocks.note(connection, found)
        if settings.sandbox:
            with writing(engine) as connection:
                mark.claim(connection)
        with reading(engine) as connection:
            counts = counted(connection)
            edition = holding_edition(connection)
            certificate_expiry.warn(connection, settings.certifikat_varsel)
    finally:
        engine.dispose()
    log = structlog.get_logger(__name__)
    log.info(
        "serve.starting",
        sandbox=settings.sandbox,
        kodesaet={name: found.rows for name, found in counts.items()},
        institutionstyper=edition,
    )
    invented = {name: part for name, found in counts.items() if (part := found.partly + found.invented)}
    if invented:
        said = "These rows have invented content. See: udb kodesaet show"
        log.warning("serve.invented_codes", text=said, kodesaet=invented)
