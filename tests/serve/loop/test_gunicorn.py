"""gunicorn has the methods and attributes that ``udb/serve/loop/`` overrides and uses.

An upgrade that changes one of them fails here.
"""

import inspect
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from gunicorn import arbiter, sock, util
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.http import message, wsgi
from gunicorn.http.body import Body
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import IterUnreader
from gunicorn.workers.base import Worker

from udb.serve import server
from udb.serve.loop.worker import Loop

OVERRIDDEN = {
    (Loop, Worker): {"init_signals", "run"},
    (server.Server, BaseApplication): {"__init__", "load_config", "load", "run"},
    (server.Arbiter, arbiter.Arbiter): {"spawn_worker"},
}
SIGNATURES = {
    (Worker, "__init__"): "(self, age, ppid, sockets, app, timeout, cfg, log)",
    (Worker, "init_process"): "(self)",
    (Worker, "init_signals"): "(self)",
    (Worker, "run"): "(self)",
    (Worker, "notify"): "(self)",
    (Worker, "handle_exit"): "(self, sig, frame)",
    (Worker, "handle_error"): "(self, req, client, addr, exc)",
    (arbiter.Arbiter, "spawn_worker"): "(self)",
    (arbiter.Arbiter, "run"): "(self)",
    (BaseApplication, "run"): "(self)",
    (RequestParser, "__init__"): "(self, cfg, source, source_addr)",
    (IterUnreader, "chunk"): "(self, size_hint=None)",
    (Body, "read"): "(self, size=None)",
    (wsgi, "create"): "(req, sock, client, server, cfg, response_class=None, response_args=())",
    (wsgi, "base_environ"): "(cfg)",
    (wsgi.Response, "write"): "(self, arg)",
    (wsgi.Response, "close"): "(self)",
    (wsgi.Response, "should_close"): "(self)",
    (wsgi.Response, "force_close"): "(self)",
    (wsgi.Response, "start_response"): "(self, status, headers, exc_info=None)",
    (message, "_ip_in_allow_list"): "(ip_str, allow_list, networks)",
    (Config, "forwarded_allow_networks"): "(self)",
    (util, "write"): "(sock, data, chunked=False)",
    (util, "write_error"): "(sock, status_int, reason, mesg)",
    (sock, "ssl_context"): "(conf)",
}


def methods(cls):
    return {name for name, value in vars(cls).items() if inspect.isfunction(value)}


def test_the_declared_major_version_is_the_installed_one():
    needed = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]["dependencies"]
    (bounds,) = [need for need in needed if need.startswith("gunicorn")]
    major = int(version("gunicorn").split(".")[0])
    assert re.findall("[0-9]+", bounds) == [str(major), str(major + 1)]


@pytest.mark.parametrize(("owner", "name"), SIGNATURES, ids=lambda part: getattr(part, "__name__", part))
def test_a_function_of_gunicorn_takes_what_it_took(owner, name):
    assert str(inspect.signature(getattr(owner, name))) == SIGNATURES[owner, name]


@pytest.mark.parametrize(("ours", "theirs"), OVERRIDDEN, ids=lambda cls: cls.__name__)
def test_every_override_has_its_method_and_nothing_else_has_one_of_its_name(ours, theirs):
    assert methods(ours) & methods(theirs) == OVERRIDDEN[ours, theirs]


def test_a_worker_begins_as_the_loop_expects():
    worker = Worker(age=1, ppid=7, sockets=[], app=None, timeout=30, cfg=Config(), log=None)
    worker.tmp.close()
    assert (worker.alive, worker.sockets, worker.ppid, worker.PIPE) == (True, [], 7, [])
    for name in ("tls", "open", "_poller", "_waiting", "_has_ended", "_warned", "_places", "_paused", "_wake"):
        assert not hasattr(worker, name)


def test_a_request_has_what_the_loop_reads():
    parser = RequestParser(Config(), iter([b"GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n"]), ("::1", 1))
    request = next(parser)
    assert (request.version, request.headers) == ((1, 1), [("HOST", "x"), ("EXPECT", "100-continue")])
    assert request._expected_100_continue is True
    assert parser.unreader.buf.getvalue() == b""
