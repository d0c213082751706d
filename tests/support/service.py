"""The whole service as its own processes: started, killed and started again; and calls over HTTP."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

from tests.support.endpoint import Answer, basic
from udb.domain.services import SERVICES
from udb.sandbox.running import free_address
from udb.sandbox.soapcall import envelope
from udb.wsdl.soap import SOAP11

PATIENCE: Final = 120
"""How many seconds anything may take before it counts as broken."""


class Service:
    """``udb serve --sandbox`` on an address of its own."""

    def __init__(self, database_url: str, log: Path, *options: str, **settings: str) -> None:
        self._options = options
        self.bind = free_address()
        self.address = f"http://{self.bind}"
        self._environment = os.environ | {"UDB_DATABASE_URL": database_url, **settings}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **settings: str) -> None:
        """Start it, with more settings, and wait until it answers."""
        command = [sys.executable, "-m", "udb", "serve", "--sandbox", "--bind", self.bind, *self._options]
        with self._log.open("ab") as output:
            # In a session of its own, so that arbiter and workers can be killed as one.
            self._process = subprocess.Popen(
                command, env=self._environment | settings, stdout=output, stderr=output, start_new_session=True
            )
        end = time.monotonic() + PATIENCE
        while not self._is_ready():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < end, self._log.read_text()
            time.sleep(0.02)

    def _is_ready(self) -> bool:
        try:
            return get(f"{self.address}/health/ready").status == 200
        except OSError:
            return False

    def workers(self) -> list[int]:
        """Return the process ids of the workers started so far, including the dead."""
        return [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", self.log())]

    def terminate(self) -> int:
        """Ask it to end in good order, as systemd does; return its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(4 * PATIENCE)

    def only_worker(self) -> int:
        """Return the process id of the one worker of a service with one, on Linux."""
        assert self._process is not None
        tasks = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        (worker,) = map(int, tasks)
        return worker

    def signal_workers(self, number: signal.Signals) -> None:
        """Send a signal to the workers that live."""
        for pid in self.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """Send SIGKILL to all processes at once, so that none can tidy up."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE)
            self._process = None

    def log(self) -> str:
        """Return its log so far."""
        return self._log.read_text() if self._log.exists() else ""


@contextmanager
def running(database_url: str, folder: Path, **settings: str) -> Iterator[Service]:
    """Yield the service, ready; killed when the block ends."""
    service = Service(database_url, folder / "service.log", TMPDIR=str(folder), **settings)
    try:
        service.start()
        yield service
    finally:
        service.kill()
        # pytest shows it when the test fails.
        sys.stdout.write(service.log())


def get(url: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Send a GET. Raises OSError when there is no answer."""
    return _send("GET", url, b"", headers or {})


def _send(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body, dict(headers))
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    except http.client.HTTPException as error:
        # Half an answer: the connection broke.
        raise ConnectionError from error
    finally:
        connection.close()


def report(address: str, service: str, payload: Mapping[str, Any], transaction: str, query: str = "") -> Answer:
    """Send a report over SOAP 1.1 as bytes, fast. Raises OSError when the connection breaks."""
    body = envelope(service, service, payload, transaction).encode()
    headers = {"Content-Type": SOAP11.content_type, "Authorization": basic()}
    return _send("POST", f"{address}{SERVICES[service].path}{query}", body, headers)


def text_of(answer: Answer, element: str) -> str | None:
    """Return the text of an answer's first element of a local name."""
    found: str | None = etree.fromstring(answer.body).findtext(f".//{{*}}{element}")
    return found
