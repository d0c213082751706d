"""The service on gunicorn: several processes with several threads each, every one with its own context."""

import logging
import os
from collections.abc import Callable
from typing import Any, Final
from wsgiref.types import WSGIApplication

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from udb.serve.shared_memory import Scratch
from udb.settings import Settings
from udb.store.codes import counted
from udb.store.engine import make_engine, reading, writing
from udb.store.migrate import require_expected_version

_METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
SLOWEST_CALL: Final = 120
"""After so many seconds a worker that does not answer is replaced, and one that stops has ended its calls."""
INVALID_REQUEST: Final = "Invalid request"
"""How gunicorn begins to tell of one."""


def serve(settings: Settings, *, bind: str, workers: int, threads: int) -> None:
    """Answer calls until stopped. Raises DatabaseUnavailable, OtherVersion, and UdbRefused for a sandbox on a register
    that is none.
    """
    # Read by prometheus-client when it is imported, so nothing that imports it may come first.
    scratch = Scratch()
    os.environ[_METRICS_FOLDER] = str(scratch.path)
    # The workers share what is imported before they are forked, and one that replaces another is there at once.
    from udb.callers.rate import Gate
    from udb.serve import certificate_expiry, listener, paalaeg_watch, sealer, technical_log, tls, worker
    from udb.wsdl.signature import answer

    technical_log.configure()
    try:
        secure = tls.options(settings)
        answer.load(settings)
        _check(settings)
        gate = Gate(settings.kald_loft, folder=scratch.path) if settings.kald_loft else None
    except BaseException:
        scratch.remove()
        raise
    beside_the_calls = (sealer.start_sealer, certificate_expiry.start_watch, paalaeg_watch.start_watch)
    options = {
        "bind": bind,
        "workers": workers,
        "worker_class": listener.within(settings.modtagetid),
        "threads": threads,
        "timeout": SLOWEST_CALL,
        "graceful_timeout": SLOWEST_CALL,
        "proc_name": "udb",
        "logger_class": QuietLogger,
        # A query may hold anything, and our own line covers every call.
        "accesslog": None,
        "control_socket_disable": True,
        "post_fork": lambda _arbiter, _worker: [start(settings) for start in beside_the_calls],
        "worker_tmp_dir": str(scratch.path),
        "on_exit": lambda _arbiter: scratch.remove(),
        **secure,
    }
    Server(options, lambda: worker.build(settings, gate)).run()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, set up from here alone: no file and no variable of its own."""

    def __init__(self, options: dict[str, Any], build: Callable[[], WSGIApplication]) -> None:
        """``options``: gunicorn's settings; ``build``: makes one process's service."""
        self._options = options
        self._build = build
        super().__init__()

    def load_config(self) -> None:
        """Take over the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """Build the service in a worker after the fork: connections are never shared."""
        return self._build()


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own messages go the way of all others."""

    def setup(self, cfg: Any) -> None:
        """No handlers here: the root has one."""
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO)

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Without what gunicorn quotes of a request that is none: behind a wrong Content-Length that is a message's
        body.
        """
        super().warning(INVALID_REQUEST if msg.startswith(INVALID_REQUEST) else msg, *args, **kwargs)


def _check(settings: Settings) -> None:
    """Whether this database can be served, before any worker starts; and what its code sets are worth."""
    from udb.sandbox import mark
    from udb.serve import certificate_expiry

    engine = make_engine(settings.url, ventetid=settings.ventetid)
    try:
        require_expected_version(engine)
        if settings.sandbox:
            with writing(engine) as connection:
                mark.claim(connection)
        with reading(engine) as connection:
            counts = counted(connection)
            certificate_expiry.warn(connection, settings.certifikat_varsel)
    finally:
        engine.dispose()
    log = structlog.get_logger(__name__)
    log.info("serve.starting", sandbox=settings.sandbox, kodesaet={name: rows for name, (rows, _) in counts.items()})
    samples = {name: eksempel for name, (_, eksempel) in counts.items() if eksempel}
    if samples:
        log.warning("serve.sample_codes", text="These rows are no real ones (eksempel = 1).", kodesaet=samples)
