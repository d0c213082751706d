"""One connection, step by step: what waits, what is answered, what is ended."""

import gc
import ssl

import pytest

from tests.support.certificates import folder, for_service
from tests.support.played import MOST_BODY, Recorder, played, statuses
from udb.serve import tls
from udb.serve.loop.connection import Connection
from udb.serve.loop.exchange import Exchange
from udb.serve.loop.incoming import Incoming
from udb.serve.loop.waiting import READ, WRITE
from udb.settings import Settings

HEAD = b"POST /a HTTP/1.1\r\nHost: x\r\n"
CALL = HEAD + b"Content-Length: 3\r\n\r\nabc"


@pytest.fixture
def application():
    return Recorder()


class Streamed:
    """An application with a long answer in pieces, which notes how it was sent."""

    def __init__(self, pieces=40, piece=100_000, fails_at=None):
        self.pieces, self.piece, self.fails_at = pieces, piece, fails_at
        self.taken = 0
        self.is_complete = self.is_closed = False

    def __call__(self, _environ, start_response):
        start_response("200 OK", [("Content-Type", "text/xml")])
        return self

    def __iter__(self):
        for number in range(self.pieces):
            if number == self.fails_at:
                raise ValueError("a name: Jensen")
            self.taken = number
            yield b"x" * self.piece
        self.is_complete = True

    def close(self):
        self.is_closed = True


def test_nothing_is_asked_of_the_application_before_all_has_come(application):
    with played(application) as caller:
        for end in range(1, len(CALL)):
            caller.send(CALL[end - 1 : end])
            assert application.seen == []
            assert caller.event == READ
        caller.send(CALL[-1:])
        assert application.seen == [("POST", "/a", b"abc")]
        assert statuses(caller.received()) == [200]
        caller.send(CALL)
        assert statuses(caller.received()) == [200]


def test_a_caller_that_asks_first_is_told_to_send(application):
    with played(application) as caller:
        caller.send(HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert caller.received() == b"HTTP/1.1 100 Continue\r\n\r\n"
        caller.send(b"a")
        assert caller.received() == b""
        caller.send(b"bc")
        assert statuses(caller.received()) == [200]


@pytest.mark.parametrize("way", [b"", b"X:\ty\r\n"], ids=["plain", "parsed"])
def test_too_large_a_body_is_answered_by_its_length_and_then_read(way):
    def application(environ, start_response):
        # As the service does: refused by its length, and read to its end.
        while environ["wsgi.input"].read(1000):
            pass
        start_response("413 Content Too Large", [("Content-Length", "0")])
        return []

    size = 50 * MOST_BODY
    with played(application) as caller:
        caller.send(HEAD + way + b"Expect: 100-continue\r\n" * bool(way) + b"Content-Length: %d\r\n\r\n" % size)
        assert statuses(caller.received()) == [413]
        for _ in range(50):
            caller.send(b"x" * MOST_BODY)
        caller.hang_up()
        assert caller.is_closed()


def test_too_large_a_body_in_chunks_is_given_as_far_as_shows_it(application):
    with played(application) as caller:
        caller.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        while not application.seen:
            caller.send(chunk)
        ((_, _, body),) = application.seen
        assert len(body) == MOST_BODY + 1
        answer = caller.received()
        assert statuses(answer) == [200]
        assert b"Connection: close" in answer


def test_a_head_that_does_not_end_is_refused(application):
    with played(application) as caller:
        caller.send(b"GET /a HTTP/1.1\r\n")
        while not caller.is_closed() and not (answer := caller.received()):
            caller.send(b"X: " + b"y" * 1000 + b"\r\n")
        assert statuses(answer) == [431]
    assert application.seen == []


def test_what_a_reader_does_not_read_waits_and_is_continued(application):
    application = Streamed()
    with played(application) as caller:
        caller.send(CALL)
        assert caller.event == WRITE
        assert application.taken < application.pieces - 1
        assert not application.is_closed
        received = caller.received()
        assert received.endswith(b"0\r\n\r\n")
        assert received.count(b"x" * 1000) == application.pieces * application.piece // 1000
        assert application.is_complete
        assert application.is_closed


def test_a_reader_has_its_time_for_each_part_of_an_answer_and_not_for_each_byte():
    with played(Streamed()) as caller:
        caller.connection.deadline = caller.connection.since = 1
        caller.send(CALL)
        connection = caller.connection
        assert connection.deadline - connection.since == 30, "the time of the reading, which has begun"
        connection.deadline = connection.since = 1
        caller.caller.recv(100)
        caller.go_on()
        assert connection.deadline == 1
        while connection.deadline == 1:
            assert caller.caller.recv(10_000)
            caller.go_on()


def test_an_answer_that_is_given_up_is_broken_off_for_the_application():
    application = Streamed()
    with played(application) as caller:
        caller.send(CALL)
        caller.connection.give_up()
        caller.event = READ
        caller.go_on()
        assert caller.is_closed()
        assert application.is_closed
        assert not application.is_complete


def test_a_reader_that_hangs_up_breaks_its_answer_off():
    application = Streamed()
    with played(application) as caller:
        caller.send(CALL)
        caller.caller.close()
        caller.go_on()
        assert caller.is_closed()
        assert (application.is_closed, application.is_complete) == (True, False)


def test_an_application_that_fails_in_mid_answer_ends_it_without_its_end():
    application = Streamed(pieces=3, piece=10, fails_at=2)
    with played(application) as caller:
        caller.send(CALL)
        received = caller.received()
        assert statuses(received) == [200]
        assert not received.endswith(b"0\r\n\r\n")
        assert application.is_closed
        assert "Jensen" not in str(caller.log.lines)
        caller.hang_up()
        assert caller.is_closed()


@pytest.mark.parametrize("way", [b"", b"X:\ty\r\n"], ids=["plain", "parsed"])
def test_an_application_that_fails_is_answered_for(way):
    def application(_environ, _start_response):
        raise ValueError("a name: Jensen")

    with played(application) as caller:
        caller.send(HEAD + way + b"Content-Length: 0\r\n\r\n")
        received = caller.received()
        assert statuses(received) == [500]
        assert b"Jensen" not in received


def test_who_sends_many_requests_at_once_waits_behind_others_after_each(application):
    with played(application) as caller:
        caller.caller.sendall(CALL * 5)
        assert caller.connection.step() == WRITE
        assert len(application.seen) == 1


def test_a_connection_is_kept_a_while_and_its_next_call_has_its_own_time(application):
    with played(application) as caller:
        connection = caller.connection
        first = connection.deadline
        assert first - connection.since == 30
        caller.send(CALL)
        assert connection.deadline - connection.since == 2
        assert connection.is_silent()
        caller.send(CALL[:-1])
        assert connection.deadline - connection.since == 30
        assert connection.is_begun()
        caller.send(CALL[-1:])
        assert len(application.seen) == 2


def test_a_call_that_is_late_is_answered_when_its_head_has_come(application):
    with played(application) as caller:
        caller.send(CALL[:-1])
        caller.connection.deadline = 0
        caller.event = WRITE
        caller.go_on()
        assert application.seen == [("POST", "/a", None)]
        assert statuses(caller.received()) == [500]
        caller.hang_up()
        assert caller.is_closed()
    with played(application) as caller:
        caller.send(b"PO")
        caller.connection.deadline = 0
        caller.send(b"S")
        assert caller.is_closed()
        assert caller.received() == b""


def test_a_whole_call_that_no_thread_had_time_to_read_is_not_late(application):
    with played(application) as caller:
        caller.caller.sendall(CALL)
        caller.connection.deadline = 0
        assert caller.connection.has_unread()
        caller.go_on()
        assert statuses(caller.received()) == [200]


def test_a_worker_that_stops_ends_the_connection_with_the_answer(application):
    with played(application) as caller:
        caller.loop.alive = False
        caller.send(CALL)
        assert b"Connection: close" in caller.received()
        assert caller.connection.is_ending()
        assert not caller.connection.is_answering()
        caller.hang_up()
        assert caller.is_closed()


def test_an_answered_caller_that_goes_on_sending_is_closed(application):
    with played(application) as caller:
        caller.send(HEAD + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
        assert statuses(caller.received()) == [200]
        sent = 0
        while not caller.is_closed():
            caller.send(b"x" * 10_000)
            sent += 10_000
        assert sent <= 512 * 1024


@pytest.mark.parametrize("sent", [CALL, CALL[:-1], HEAD[:-4], b"\x00\r\n", HEAD + b"\r\n", CALL.replace(b"x", b"x\ty")])
def test_a_connection_that_has_ended_leaves_nothing_to_the_garbage_collector(application, sent):
    gc.collect()
    gc.disable()
    try:
        with played(application) as caller:
            caller.send(sent)
            caller.hang_up()
            assert caller.is_closed()
        del caller
        application.environs.clear()
        assert [found for found in gc.get_objects() if isinstance(found, Connection | Exchange | Incoming)] == []
    finally:
        gc.enable()


class Secure:
    """A caller's side of TLS, whose bytes are passed on by hand."""

    def __init__(self):
        context = ssl.create_default_context(cafile=str(folder() / "ca.pem"))
        context.check_hostname = False
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.side = context.wrap_bio(self.incoming, self.outgoing)

    def do(self, what, *parts):
        try:
            return what(*parts)
        except ssl.SSLWantReadError:
            return None


@pytest.fixture
def secured():
    own = for_service()
    return tls.context(Settings(tls_certifikat=own.file, tls_noegle=own.key_file))


@pytest.mark.parametrize("step", [1, 100_000], ids=["byte by byte", "at once"])
def test_a_handshake_goes_on_with_what_has_come(application, secured, step):
    secure = Secure()
    with played(application, tls=secured) as caller:

        def pass_on():
            sent = secure.outgoing.read()
            for start in range(0, len(sent), step):
                caller.send(sent[start : start + step])
                assert not caller.is_closed()
            secure.incoming.write(caller.received())

        while not secure.side.version() or secure.outgoing.pending:
            secure.do(secure.side.do_handshake)
            pass_on()
        secure.side.write(CALL)
        pass_on()
        assert statuses(secure.side.read(10_000)) == [200]
        assert application.environs[0]["wsgi.url_scheme"] == "http", "of gunicorn's settings, which have no certificate"
        assert isinstance(application.environs[0]["gunicorn.socket"], ssl.SSLSocket)


@pytest.mark.parametrize("sent", [CALL, b"\x00" * 100, b"\x16\x03\x01\x00\x05abcde"])
def test_what_is_no_handshake_is_closed(application, secured, sent):
    with played(application, tls=secured) as caller:
        caller.send(sent)
        assert caller.is_closed()
    assert application.seen == []
