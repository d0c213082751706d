"""gunicorn has the methods and attributes that ``udb/serve/listener.py`` overrides and uses.

An upgrade that changes one of them fails here. The listener's behaviour is tested over sockets
(``tests/wsdl/test_hostile_gunicorn.py``).
"""

import inspect
import re
import selectors
import socket
import tomllib
from collections import deque
from importlib.metadata import version
from pathlib import Path

import pytest
from gunicorn.config import Config
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from udb.serve.listener import Connection, Linger, Listener

OVERRIDDEN = {
    (Connection, TConn): {"__init__", "init", "close"},
    (Listener, ThreadWorker): {
        "accept",
        "run",
        "murder_pending",
        "murder_keepalived",
        "handle_request",
        "set_accept_enabled",
        "_cap_keepalive",
    },
}
ADDED = {Connection: {"_chunk_in_time", "_seconds", "_linger", "_chunk", "_end"}, Listener: {"_accept", "_linger"}}
SIGNATURES = {
    (TConn, "__init__"): "(self, cfg, sock, client, server)",
    (TConn, "init"): "(self)",
    (TConn, "close"): "(self, graceful=False)",
    (ThreadWorker, "__init__"): "(self, *args, **kwargs)",
    (ThreadWorker, "accept"): "(self, listener)",
    (ThreadWorker, "run"): "(self)",
    (ThreadWorker, "murder_pending"): "(self)",
    (ThreadWorker, "murder_keepalived"): "(self, force=False)",
    (ThreadWorker, "handle_request"): "(self, req, conn)",
    (ThreadWorker, "set_accept_enabled"): "(self, enabled)",
    (ThreadWorker, "_cap_keepalive"): "(self, deadline)",
    (ThreadWorker, "on_pending_socket_readable"): "(self, conn, client)",
    (SocketUnreader, "chunk"): "(self, size_hint=None)",
}


def methods(cls):
    return {name for name, value in vars(cls).items() if inspect.isfunction(value)}


def a_worker(cls=ThreadWorker):
    found = cls(age=1, ppid=0, sockets=[], app=None, timeout=30, cfg=Config(), log=None)
    found.tmp.close()
    return found


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_the_declared_major_version_is_the_installed_one():
    needed = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]["dependencies"]
    (bounds,) = [need for need in needed if need.startswith("gunicorn")]
    major = int(version("gunicorn").split(".")[0])
    assert re.findall("[0-9]+", bounds) == [str(major), str(major + 1)]


@pytest.mark.parametrize(("cls", "name"), SIGNATURES, ids=lambda part: getattr(part, "__name__", part))
def test_a_method_of_gunicorn_takes_what_it_took(cls, name):
    assert name in methods(cls)
    assert str(inspect.signature(getattr(cls, name))) == SIGNATURES[cls, name]


@pytest.mark.parametrize(("ours", "theirs"), OVERRIDDEN, ids=lambda cls: cls.__name__)
def test_every_override_has_its_method_and_nothing_else_has_one_of_its_name(ours, theirs):
    assert methods(ours) & methods(theirs) == OVERRIDDEN[ours, theirs]
    assert all((theirs, name) in SIGNATURES for name in OVERRIDDEN[ours, theirs])
    assert methods(ours) - OVERRIDDEN[ours, theirs] <= ADDED[ours]
    made = TConn(Config(), socket.socket(), None, None) if theirs is TConn else a_worker()
    assert [name for name in (*ADDED[ours], "seconds") if hasattr(made, name)] == []
    if theirs is TConn:
        made.sock.close()


def test_a_worker_begins_as_the_listener_expects():
    worker = a_worker()
    assert (worker.nr_conns, worker.pending_conns, worker.alive, worker.sockets) == (0, deque(), True, [])
    assert worker.poller is None, "made in init_process, before run"
    assert isinstance(worker.cfg, Config)


def test_a_connection_reads_by_its_unreaders_chunk(pair):
    ours, theirs = pair
    conn = TConn(Config(), ours, ("127.0.0.1", 1), ("127.0.0.1", 2))
    assert (conn.sock, conn.timeout, conn.initialized) == (ours, None, False)
    conn.init()
    assert conn.initialized
    read = conn.parser.unreader.chunk
    sizes = []
    conn.parser.unreader.chunk = lambda *size: sizes.append(size) or read(*size)
    theirs.sendall(b"GET / HTTP/1.1\r\nHost: udb\r\n\r\n")
    assert next(conn.parser).method == "GET"
    assert sizes == [(None,)]


class Round(ThreadWorker):
    """One recorded round of gunicorn's loop, which stops in it."""

    def __init__(self, **made):
        super().__init__(**made)
        self.noted = []

    def notify(self):
        pass

    def is_parent_alive(self):
        return True

    def wait_for_and_dispatch_events(self, timeout):
        self.alive = False

    def set_accept_enabled(self, enabled):
        self.noted.append(("set_accept_enabled", enabled, self.alive))
        super().set_accept_enabled(enabled)

    def murder_pending(self):
        self.noted.append(("murder_pending", self.poller.get_map() is not None))

    def murder_keepalived(self, force=False):  # noqa: FBT002 - gunicorn's own
        self.noted.append(("murder_keepalived", force, self.poller.get_map() is not None))

    def _cap_keepalive(self, deadline):
        self.noted.append(("_cap_keepalive",))


def test_a_workers_loop_calls_what_the_listener_overrides_in_this_order():
    worker = a_worker(Round)
    worker.tpool, worker.poller = worker.get_thread_pool(), selectors.DefaultSelector()
    worker.method_queue.init()
    worker.run()
    assert worker.noted == [
        ("set_accept_enabled", True, True),
        ("murder_keepalived", False, True),
        ("murder_pending", True),
        ("set_accept_enabled", False, False),
        ("_cap_keepalive",),
        ("murder_keepalived", True, True),
    ]


def test_a_connection_whose_answer_was_sent_lingers(pair):
    ours, theirs = pair
    poller = selectors.DefaultSelector()
    conn = Connection(Config(), ours, None, None, seconds=1, linger=Linger(poller))
    conn.close(graceful=True)
    assert theirs.recv(1) == b""
    assert ours.fileno() in poller.get_map()
    poller.close()
