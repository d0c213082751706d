"""A cluster on this machine, of the files in ``deploy/cluster``: etcd and Patroni three times, HAProxy, two hosts of
the service. What differs from a real one are addresses, folders and passwords.
"""

import base64
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from tests.support.service import Service
from udb.paths import ROOT
from udb.sandbox.running import free_address

FILES: Final = ROOT / "deploy" / "cluster"
NODES: Final = ("db1", "db2", "db3")
PROGRAMS: Final = Path("/usr/lib/postgresql/15/bin")
PATRONI: Final = ROOT / "build" / "patroni"
"""Patroni's packages, in an environment of their own."""
PATIENCE: Final = 240
"""Seconds that the cluster may take to be whole."""
PASSWORD: Final = "proevet"  # noqa: S105 - of a cluster that lives for one measurement
_OWNER: Final = "postgres"
"""PostgreSQL does not run as root; then this user, which Debian's package makes, has the cluster."""


def missing() -> list[str]:
    """Return what this machine lacks for a cluster, with the command that gets it."""
    found = [
        f"{program}: apt-get install {package}"
        for program, package in (("etcd", "etcd-server"), ("haproxy", "haproxy"))
        if _program(program) is None
    ]
    if not (PROGRAMS / "postgres").exists():
        found.append(f"{PROGRAMS}/postgres: apt-get install postgresql")
    if not (PATRONI / "patroni").exists():
        found.append(f"patroni: {sys.executable} -m pip install --target {PATRONI} {shlex.join(packages())}")
    elif not found and _interpreter() is None:
        found.append(f"no Python of this version that the user {_OWNER} may run: apt-get install python3")
    return found


def packages() -> list[str]:
    """Return the packages that ``deploy/cluster/udb-patroni.service`` installs."""
    head = (FILES / "udb-patroni.service").read_text(encoding="utf-8").partition("\n")[0]
    return [one.strip("'") for one in head.partition("pip install ")[2].split()]


def _program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join((os.environ["PATH"], "/usr/sbin")))


def _owner() -> dict[str, Any]:
    return {"user": _OWNER, "group": _OWNER, "extra_groups": []} if os.geteuid() == 0 else {}


def _interpreter() -> str | None:
    """Return a Python that can run Patroni as the cluster's owner, who may not be allowed into this one's folder."""
    for python in (sys.executable, "/usr/bin/python3"):
        with suppress(OSError):
            command = [python, "-m", "patroni", "--version"]
            done = subprocess.run(
                command, env={"PYTHONPATH": str(PATRONI)}, capture_output=True, check=False, **_owner()
            )
            if done.returncode == 0:
                return python
    return None


def _settings(file: str, **given: str) -> dict[str, str]:
    """Return the settings of a file of ``deploy/cluster``, with those values in place of the file's."""
    lines = (FILES / file).read_text(encoding="utf-8").splitlines()
    found = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    if strange := given.keys() - found.keys():
        raise AssertionError(f"{file} does not set {strange}")
    return found | given


class Node:
    """A node of the database: a Patroni and its PostgreSQL."""

    def __init__(self, name: str, folder: Path, etcd: str) -> None:
        """``folder``: of the cluster. ``etcd``: the addresses of its members."""
        self.name: Final = name
        self.data: Final = folder / name
        self.rest, self.address = free_address(), free_address()
        self._folder = folder
        self._log: IO[bytes] = (folder / f"{name}.log").open("ab")
        self._environment = _settings(
            "node.env",
            PATRONI_NAME=name,
            PATRONI_ETCD3_HOSTS=etcd,
            PATRONI_RESTAPI_LISTEN=self.rest,
            PATRONI_RESTAPI_CONNECT_ADDRESS=self.rest,
            PATRONI_RESTAPI_PASSWORD=PASSWORD,
            PATRONI_POSTGRESQL_LISTEN=self.address,
            PATRONI_POSTGRESQL_CONNECT_ADDRESS=self.address,
            PATRONI_POSTGRESQL_DATA_DIR=str(self.data),
            PATRONI_POSTGRESQL_PGPASS=str(folder / f"{name}.pgpass"),
            PATRONI_SUPERUSER_PASSWORD=PASSWORD,
            PATRONI_REPLICATION_PASSWORD=PASSWORD,
        )
        self._patroni: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start Patroni, which starts PostgreSQL."""
        command = [str(_interpreter()), "-m", "patroni", str(FILES / "patroni.yml")]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PATRONI), "LANG": "C.UTF-8", **self._environment}
        self._patroni = subprocess.Popen(
            command, env=environment, cwd=self._folder, stdout=self._log, stderr=self._log, **_owner()
        )

    def processes(self) -> list[int]:
        """Return Patroni's and PostgreSQL's processes, parents first."""
        found = [] if self._patroni is None else [self._patroni.pid]
        with suppress(OSError, ValueError, IndexError):
            found.append(int((self.data / "postmaster.pid").read_text().split()[0]))
        for pid in found:
            with suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return list(dict.fromkeys(found))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all of them."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """Kill Patroni and PostgreSQL at once."""
        self.signal(signal.SIGKILL)
        if self._patroni is not None:
            self._patroni.wait(PATIENCE)
            self._patroni = None

    def ask(self, path: str, method: str = "GET", **body: Any) -> Any:
        """Return what Patroni's REST interface answers. Raises OSError."""
        login = base64.b64encode(f"patroni:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(
            f"http://{self.rest}{path}",
            method=method,
            data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Basic {login}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - http, of this machine
            text = answer.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text


class Cluster:
    """All of it. Its databases' addresses are those that ``url`` lists."""

    def __init__(self, folder: Path) -> None:
        """``folder``: empty; the owner of the cluster must be able to reach it."""
        self.folder = folder
        self.bind = free_address()
        if os.geteuid() == 0:
            shutil.chown(folder, _OWNER, _OWNER)
        self._etcd: dict[str, subprocess.Popen[bytes]] = {}
        self._clients = {name: free_address() for name in NODES}
        self._peers = {name: free_address() for name in NODES}
        self.nodes = {name: Node(name, folder, ",".join(self._clients.values())) for name in NODES}
        hosts = ",".join(node.address for node in self.nodes.values())
        self.url = f"postgresql+psycopg://postgres:{PASSWORD}@{hosts}/postgres?target_session_attrs=read-write"
        self.services = [Service(self.url, folder / f"vaert{i}.log", TMPDIR=str(folder)) for i in (1, 2)]
        self._haproxy: subprocess.Popen[bytes] | None = None

    def start_database(self, settings: Mapping[str, int]) -> None:
        """Start etcd and the nodes, and wait until a second node has what the first has. ``settings``: Patroni's."""
        self.start_etcd()
        for node in self.nodes.values():
            node.start()
        self.wait_whole()
        if settings:
            self.leader().ask("/config", "PATCH", **settings)

    def start_service(self) -> None:
        """Start both hosts of the service, and HAProxy before them."""
        for service in self.services:
            service.start()
        first, second = (service.bind for service in self.services)
        given = {"UDB_BIND": self.bind, "UDB_VAERT": "udb", "UDB_VAERT_1": first, "UDB_VAERT_2": second}
        with (self.folder / "haproxy.log").open("ab") as log:
            self._haproxy = subprocess.Popen(
                [str(_program("haproxy")), "-db", "-f", str(FILES / "haproxy.cfg")],
                env=os.environ | given,
                stdout=log,
                stderr=log,
            )

    def start_etcd(self) -> None:
        """Start etcd's members."""
        members = ",".join(f"{name}=http://{peer}" for name, peer in self._peers.items())
        for name in NODES:
            environment = _settings(
                "etcd.env",
                ETCD_NAME=name,
                ETCD_DATA_DIR=str(self.folder / f"etcd-{name}"),
                ETCD_LISTEN_CLIENT_URLS=f"http://{self._clients[name]}",
                ETCD_ADVERTISE_CLIENT_URLS=f"http://{self._clients[name]}",
                ETCD_LISTEN_PEER_URLS=f"http://{self._peers[name]}",
                ETCD_INITIAL_ADVERTISE_PEER_URLS=f"http://{self._peers[name]}",
                ETCD_INITIAL_CLUSTER=members,
            )
            with (self.folder / "etcd.log").open("ab") as log:
                self._etcd[name] = subprocess.Popen(
                    [str(_program("etcd"))], env=os.environ | environment, stdout=log, stderr=log, **_owner()
                )

    def stop_etcd(self) -> None:
        """Kill all members of etcd."""
        for process in self._etcd.values():
            process.kill()
            process.wait()

    def members(self) -> list[dict[str, Any]]:
        """Return what a node says of all nodes; nothing when none answers."""
        for node in self.nodes.values():
            with suppress(OSError, urllib.error.HTTPError, ValueError):
                found: list[dict[str, Any]] = node.ask("/cluster")["members"]
                return found
        return []

    def leader(self) -> Node:
        """Return the node that leads. Raises LookupError when none does."""
        for member in self.members():
            if member["role"] == "leader" and member["state"] == "running":
                return self.nodes[member["name"]]
        raise LookupError

    def is_whole(self) -> bool:
        """Return whether one node leads, two follow, and one of these confirms each commit."""
        # A leader that was frozen and let go says that it runs, until it has found out.
        found = sorted((member["role"], member["state"]) for member in self.members())
        return found == [("leader", "running"), ("replica", "streaming"), ("sync_standby", "streaming")]

    def wait_whole(self) -> None:
        """Wait until it is whole. Raises AssertionError after PATIENCE."""
        wait(self.is_whole, f"the cluster is not whole: {self.members()}")

    def stop(self) -> None:
        """Kill everything."""
        if self._haproxy is not None:
            self._haproxy.kill()
        for service in self.services:
            service.kill()
        for node in self.nodes.values():
            node.signal(signal.SIGCONT)
            node.kill()
        self.stop_etcd()


def wait(is_so: Callable[[], bool], otherwise: str) -> None:
    """Wait until something is so. Raises AssertionError after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, otherwise
        time.sleep(0.2)
