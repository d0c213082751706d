"""Strangers hold the service up, without nginx: honest calls beside them are answered, and no worker ends."""

import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import database
from tests.support.certificates import folder
from tests.support.fake_context import envelope, ping
from tests.support.size import LARGE, size
from tests.support.strangers import KINDS, Target, beset, call
from tests.support.tls import PATH, tls_options
from tests.support.udb_serve import environment
from udb.sandbox.running import free_address
from udb.wsdl.soap import SOAP11

SECONDS = size(small=2, large=40)
"""For how long each kind of stranger calls. Whole: longer than the time that a call has to arrive."""
PATIENCE = 20
"""How many seconds an honest call may take on a busy machine; ``make bench WHAT=loop`` says how many it takes."""
FEW = "few files"
SERVERS = ["plain", "tls", *([f"plain, {FEW}", f"tls, {FEW}"] if LARGE else [])]
pytestmark = pytest.mark.large


@contextmanager
def served(how: str, at: Path) -> Iterator[tuple[Target, Path]]:
    """Run ``udb serve`` with one worker; yield it and its log."""
    bind = free_address()
    host, _, port = bind.rpartition(":")
    options = tls_options() if "tls" in how else []
    # As a shell has it, when nothing has raised the limit.
    files = 1024 if FEW in how or not LARGE else 65536
    start = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh"]
    command = [*start, sys.executable, "-m", "udb", "serve", "--bind", bind, "--workers", "1", *options]
    secure = ssl.create_default_context(cafile=str(folder() / "ca.pem")) if options else None
    target = Target(host, int(port), secure)
    log = at / "log"
    with database.sqlite(at) as source, source.migrated() as url, log.open("wb") as output:
        settings = environment(url, TMPDIR=str(at))
        with subprocess.Popen(command, env=settings, stdout=output, stderr=output) as process:
            try:
                wait_until_up(target, process, log)
                yield target, log
            finally:
                process.terminate()


def wait_until_up(target: Target, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        try:
            if call(target) == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(log.read_text())


@pytest.fixture(scope="module", params=SERVERS)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Target, Path]]:
    with served(request.param, tmp_path_factory.mktemp("service")) as found:
        yield found


@pytest.mark.parametrize("kind", KINDS)
def test_honest_calls_beside_strangers_are_answered_and_no_worker_ends(service: tuple[Target, Path], kind: str) -> None:
    target, log = service
    body = envelope(ping("DataTilKommune"), SOAP11)
    made = 0
    with beset(target, kind):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end or made < 10:
            began = time.monotonic()
            assert call(target) == 200
            assert call(target, "POST", PATH, body, SOAP11.content_type) == 200
            assert time.monotonic() - began < PATIENCE
            made += 1
    assert call(target) == 200
    text = log.read_text()
    assert text.count("Booting worker") == 1
    assert "Traceback" not in text
    assert "traceback" not in text
