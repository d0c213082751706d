"""Run the test provider beside the sandbox's service, and tell the service of it."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from udb.sandbox.idp.app import CLIENT_ID
from udb.sandbox.idp.users import STIL_CVR
from udb.sandbox.running import require_free

DOORS: Final = ("unilogin", "kommune", "stil", "mitid")
"""The doors that the provider stands for, each with an issuer of its own."""
SECRET_FILE: Final = "test-log-ind.hemmelighed"  # noqa: S105 - a file's name


def next_port(bind: str) -> str:
    """Return the address one port above another."""
    host, _, port = bind.rpartition(":")
    return f"{host}:{int(port) + 1}"


def doors_at(address: str, secret: Path) -> dict[str, str]:
    """Return the settings by which the service lets people in through a provider at ``address``."""
    found = {}
    for door in DOORS:
        prefix = f"UDB_DOOR_{door.upper()}_"
        found[f"{prefix}ISSUER"] = f"{address}/{door}"
        found[f"{prefix}CLIENT_ID"] = CLIENT_ID
        found[f"{prefix}CLIENT_SECRET_FIL"] = str(secret)
    return {**found, "UDB_DOOR_STIL_CVR": STIL_CVR}


def secret_in(folder: Path) -> Path:
    """Return the file of the client's secret in a folder, made with a random one when it is not there."""
    file = folder / SECRET_FILE
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        with os.fdopen(made, "w") as opened:
            opened.write(secrets.token_urlsafe())
    return file


@contextmanager
def provider(service: str, bind: str, secret: Path) -> Iterator[Mapping[str, str]]:
    """Run the provider for a service's address; yield the settings that the service needs.

    Raises WrongUse if the address is taken.
    """
    require_free(bind, "--idp 127.0.0.1:8091")
    command = [sys.executable, "-m", "udb", "sandbox", "idp", "--bind", bind, "--service", f"http://{service}"]
    with subprocess.Popen([*command, "--secret", str(secret)]) as process:
        try:
            yield {**doors_at(f"http://{bind}", secret), "UDB_PORTAL_ADRESSE": f"http://{service}"}
        finally:
            process.terminate()
