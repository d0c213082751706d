"""Start, wait for and stop the sandbox's service as a process of its own."""

import errno
import os
import socket
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from udb.domain.errors import CommandFailed, UdbRefused, WrongUse
from udb.sandbox.soapcall import DIRECT

READY_SECONDS: Final = 120
HIGHEST_PORT: Final = 65535
_PAUSE: Final = 0.05


def run_command(environment: Mapping[str, str], *arguments: str, quiet: bool = False) -> None:
    """Run ``udb`` in its own process, with these settings added to the present ones; ``quiet``: without its output.

    Raises CommandFailed; the command has then written why to standard error.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "udb", *arguments],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL if quiet else None,
        check=False,
    )
    if ended.returncode:
        raise CommandFailed(ended.returncode)


@contextmanager
def running(
    bind: str, environment: Mapping[str, str] | None = None, *, quiet: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``udb serve --sandbox``, ready when the block begins and stopped when it ends; ``quiet``: without its logs.

    Raises WrongUse if the address is taken or is none, UdbRefused if the service ends at once.
    """
    require_free(bind)
    command = [sys.executable, "-m", "udb", "serve", "--sandbox", "--bind", bind]
    surroundings = {**os.environ, **(environment or {})}
    output = subprocess.DEVNULL if quiet else None
    with subprocess.Popen(command, env=surroundings, stdout=output, stderr=output) as service:
        try:
            if not _is_ready(service, f"http://{bind}/health/ready"):
                why = "To see why: udb sandbox start" if quiet else "Its own message is above."
                raise UdbRefused(f"The service did not start. {why}")
            yield service
        finally:
            service.terminate()


def free_address() -> str:
    """Return a free address on this machine, of which the next port is free too: the test log-in takes it."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
            # After the highest port there is none.
            with suppress(OSError, OverflowError):
                socket.create_server(("127.0.0.1", port + 1)).close()
                return f"127.0.0.1:{port}"


def require_free(bind: str, instead: str = "--bind 127.0.0.1:8081") -> None:
    """Check that the address is one and is free. Raises WrongUse, which names ``instead``."""
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal() or int(port) > HIGHEST_PORT:
        raise WrongUse(f"{bind} is not ADDRESS:PORT: write for example 127.0.0.1:8080.")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host.strip("[]"), int(port)), family=family).close()
    except OSError as error:
        why = "another program uses it" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        raise WrongUse(f"The address {bind} cannot be used: {why}. Choose another: {instead}") from None


def _is_ready(service: subprocess.Popen[bytes], url: str) -> bool:
    for _ in range(int(READY_SECONDS / _PAUSE)):
        if service.poll() is not None:
            break
        try:
            with DIRECT.open(url):
                return True
        except (urllib.error.URLError, ConnectionError):
            time.sleep(_PAUSE)
    return False
