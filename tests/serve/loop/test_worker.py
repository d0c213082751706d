"""A worker as a process: its threads, its room, its deadlines, its end."""

import errno
import os
import resource
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from types import SimpleNamespace

import pytest

from tests.support.loop_server import PATIENCE, running
from tests.support.played import CALLER, Log, Recorder, listener, settings
from udb.serve.loop import worker as loop
from udb.serve.loop.connection import Connection, Place

CALL = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def worker():
    """A worker that listens nowhere."""
    made = loop.within(30, 1000)(age=1, ppid=0, sockets=[], app=None, timeout=30, cfg=settings(), log=Log())
    made.tmp.close()
    made.wsgi = Recorder()
    made.begin()
    yield made
    for connection in list(made.open):
        connection.close()


def wait_for(what):
    """Wait until something is so, and return it."""
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def is_closed(caller):
    caller.settimeout(0)
    try:
        return caller.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_its_threads_answer_calls_at_the_same_time(log):
    with running(log, threads=5) as server, ThreadPoolExecutor(5) as pool:
        assert [found[-2:] for found in pool.map(server.get, ["/together"] * 5)] == [b"ok"] * 5


def test_the_one_that_has_waited_longest_makes_room(log):
    with running(log, worker_connections=40) as server, ExitStack() as stack:
        server.get()
        callers = []
        for _ in range(60):
            callers.append(stack.enter_context(server.connect()))
            assert server.get()[-2:] == b"ok"
        wait_for(lambda: is_closed(callers[0]))
        assert not is_closed(callers[-1])


def test_a_worker_without_a_file_number_left_makes_room_and_goes_on(log):
    with running(log) as server, ExitStack() as stack:
        server.get()
        (pid,) = server.workers()
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (48, 48))
        callers = [stack.enter_context(server.connect()) for _ in range(100)]
        assert server.get()[-2:] == b"ok"
        assert server.workers() == [pid]
        wait_for(lambda: is_closed(callers[0]))
        assert "accept: EMFILE" in server.log()


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_no_error_of_accept_ends_a_worker(worker, number):
    def accept():
        raise OSError(number, "")

    place = Place(listener(), worker.cfg)
    place.listener.accept = accept
    worker._accept(place)
    assert (place in worker._paused) == (number not in loop._NO_CALLER)


def connection_of(worker, stack, sent):
    ours, theirs = socket.socketpair()
    stack.enter_context(theirs)
    found = Connection(worker, Place(listener(), worker.cfg), ours, CALLER)
    ours.settimeout(0)
    worker.open.add(found)
    worker._waiting.add(found)
    theirs.sendall(sent)
    while sent and found.held() < len(sent):
        assert worker._waiting.take(found.number) is found
        worker._waiting.put_back(found, found.step())
    return found


def test_too_many_bytes_of_requests_make_room_of_those_that_hold_many(worker, monkeypatch):
    monkeypatch.setattr(loop, "_MOST_HELD", 200_000)
    worker.most_body = 95_000
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 95000\r\n\r\n"
    with ExitStack() as stack:
        small = connection_of(worker, stack, b"POST ")
        large = [connection_of(worker, stack, head + b"x" * 90_000) for _ in range(2)]
        worker.relieve()
        assert len(worker.open) == 3
        large.append(connection_of(worker, stack, head + b"x" * 90_000))
        worker.relieve()
        assert worker.open == {small}


def test_of_those_that_waited_too_long_each_is_ended_in_its_way(worker):
    call = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
    signals = SimpleNamespace(poll=lambda _milliseconds: [])
    worker.notify = lambda: None
    with ExitStack() as stack:
        silent, begun = (connection_of(worker, stack, sent) for sent in (b"", call))
        for one in (silent, begun):
            one.deadline = 0
        worker._rest(signals, 0)
        assert silent not in worker.open
        assert begun in worker.open
        for number, _ in worker._poller.poll(0):
            connection = worker._waiting.take(number)
            worker._waiting.put_back(connection, connection.step())
        assert worker.wsgi.seen == [("POST", "/", None)]


def test_a_silent_caller_is_ended_when_its_time_is_up(log):
    with running(log, seconds=1) as server:
        server.get()
        with server.connect() as silent, server.connect() as dripping:
            assert silent.recv(1) == b""
            with suppress(ConnectionError):
                while True:
                    dripping.sendall(b"x")
                    time.sleep(0.1)
        assert server.get()[-2:] == b"ok"


def test_a_worker_that_is_being_born_hears_that_it_shall_end(log):
    with running(log, birth=1) as server:
        wait_for(lambda: "born" in server.log())
        (first,) = server.workers()
        os.kill(first, signal.SIGTERM)
        wait_for(lambda: first not in server.workers())
        assert f"Worker exiting (pid: {first})" in server.log()
        assert server.get()[-2:] == b"ok", "another has taken its place"


def test_a_stop_answers_the_queue_and_what_has_begun_and_ends_the_silent(log):
    with running(log) as server, ExitStack() as stack:
        server.get()
        (pid,) = server.workers()
        silent, begun, kept = (stack.enter_context(server.connect()) for _ in range(3))
        begun.sendall(CALL[:20])
        kept.sendall(CALL)
        assert kept.recv(1000)[-2:] == b"ok"
        os.kill(pid, signal.SIGSTOP)
        queued = [stack.enter_context(server.connect()) for _ in range(10)]
        for caller in queued:
            caller.sendall(CALL)
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGCONT)
        assert [caller.recv(1000)[-2:] for caller in queued] == [b"ok"] * 10
        begun.sendall(CALL[20:])
        assert begun.recv(1000)[-2:] == b"ok"
        assert silent.recv(1) == kept.recv(1) == b""
        wait_for(lambda: pid not in server.workers())
