"""A worker's loop in processes of its own, with a small application: ``python -m tests.support.loop_server OPTIONS``.

Its paths: ``/together`` waits until as many calls as there are threads are there; every other is answered at once.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from udb.paths import ROOT

PATIENCE: Final = 120


class Running:
    """A server that runs."""

    def __init__(self, port: int, log: Path, process: subprocess.Popen[bytes]) -> None:
        self.port, self._log, self.process = port, log, process

    def connect(self) -> socket.socket:
        """Return a connection."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def get(self, path: str = "/") -> bytes:
        """Return all of an answer."""
        with self.connect() as caller:
            caller.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            found = b""
            while piece := caller.recv(65536):
                found += piece
            return found

    def log(self) -> str:
        """Return its log so far."""
        return self._log.read_text()

    def workers(self) -> list[int]:
        """Return the process ids of the workers that live."""
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]


@contextmanager
def running(log: Path, **options: Any) -> Iterator[Running]:
    """Run a server of one worker. ``options``: gunicorn's, and ``seconds``: the deadline, ``birth``: of a worker."""
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as output:
        given = json.dumps({"bind": f"fd://{listener.fileno()}", **options})
        command = [sys.executable, "-m", "tests.support.loop_server", given]
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=[listener.fileno()], stdout=output, stderr=output)
        try:
            yield Running(listener.getsockname()[1], log, process)
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            finally:
                process.kill()
                process.wait()


def _application(threads: int) -> Any:
    together = threading.Barrier(threads)

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/together":
            together.wait(PATIENCE)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    return application


def _serve(options: dict[str, Any]) -> None:
    from udb.serve import technical_log
    from udb.serve.loop import worker
    from udb.serve.server import QuietLogger, Server

    technical_log.configure()
    seconds, birth = options.pop("seconds", 30), options.pop("birth", 0)
    fixed = {
        "workers": 1,
        "threads": 4,
        "worker_class": worker.within(seconds, 1024 * 1024),
        "logger_class": QuietLogger,
        "control_socket_disable": True,
        "post_fork": lambda _arbiter, _worker: (os.write(2, b"born\n"), time.sleep(birth)),
    }
    settings = {**fixed, **options}
    Server(settings, lambda: _application(settings["threads"])).run()


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
