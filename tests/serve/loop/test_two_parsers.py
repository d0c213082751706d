"""The two ways of reading a request give the same, and the same as gunicorn's own worker."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.serve.loop.smuggled import REQUESTS
from tests.support.played import CALLER, Recorder, by_gunicorn, by_the_loop, played, settings
from tests.support.size import size
from udb.serve.loop.answer import Outbox
from udb.serve.loop.parsed import Parsed
from udb.serve.loop.plain import Reader

ADDRESS = ("127.0.0.1", 8080)
CUT_OFF = "body-cut-off"
"""gunicorn gives the application a short body and no error."""
EVERY = size(small=41, large=1)
"""At how many places a request is divided: at each of them, or at some."""


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_that_can_be_misread_is_read_as_gunicorns_own_worker_reads_it(name: str) -> None:
    data = REQUESTS[name]
    seen, statuses = by_gunicorn(data)
    if name == CUT_OFF:
        seen, statuses = [("POST", "/a", None)], [500]
    if name == "expect-100":
        # Sent only to a caller that waits for it.
        statuses.remove(100)
    assert by_the_loop(data) == (seen, statuses)
    assert "/smuggled" not in [path for _, path, _ in seen[:1]] or name == "empty-line-first"


@pytest.mark.large
@pytest.mark.parametrize("name", REQUESTS)
def test_it_is_read_the_same_however_it_is_divided(name: str) -> None:
    data = REQUESTS[name]
    whole = by_the_loop(data)
    divided = [[end] for end in range(1, min(len(data), 700), EVERY)]
    if len(data) < 700:
        divided.append([*range(1, len(data))])
    for ends in divided:
        seen, statuses = by_the_loop(data, ends)
        assert (seen, [status for status in statuses if status != 100]) == whole, ends


def test_there_are_at_least_the_42_that_were_tried_against_gunicorn() -> None:
    assert len(REQUESTS) >= 42


NAMES = st.sampled_from(
    [
        *("Host", "Content-Type", "Content-Length", "Authorization", "SOAPAction", "Connection", "X-Forwarded-Proto"),
        *("Accept", "X-A", "x-a", "Client-Cert", "Expect", "Transfer-Encoding", "SCRIPT-NAME", "X_Under", "Te"),
    ]
)
VALUES = st.one_of(
    st.sampled_from(["3", "0", "03", "chunked", "close", "Keep-Alive", "https", "http", "100-continue", "", "a\tb"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=12),
)
TARGETS = st.one_of(
    st.sampled_from(["/services/UDB/DataTilKommune/v1", "/a?kun-validering=1", "/", "//a", "/a//b", "/a?", "/a/"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12).map("/{}".format),
)
HEADS = st.builds(
    lambda target, fields: f"POST {target} HTTP/1.1\r\n{''.join(fields)}\r\n",
    TARGETS,
    st.lists(st.builds("{}: {}{}\r\n".format, NAMES, VALUES, st.sampled_from(["", " "])), max_size=6),
)


@given(HEADS, st.sampled_from(["", "127.0.0.1", "10.0.0.0/8"]))
def test_a_plain_post_gives_the_application_what_gunicorns_parser_gives(head: str, proxies: str) -> None:
    cfg = settings(forwarded_allow_ips=proxies)
    data = head.encode("latin-1")
    plain = Reader(cfg, ADDRESS).read(data, len(data), CALLER)
    if plain is None:
        return
    parsed = Parsed(cfg, data, CALLER)
    response, environ = parsed.create(cfg, Outbox(), (CALLER, ADDRESS))
    for one in (plain.environ, environ):
        for name in ("wsgi.input", "gunicorn.socket", "wsgi.early_hints", "wsgi.errors"):
            one.pop(name, None)
    assert plain.environ == environ
    assert (plain.length, plain.should_close) == (parsed.length, response.req.should_close())
    assert not parsed.is_chunked
    assert not parsed.waits


def test_most_calls_are_plain_posts() -> None:
    """Else the comparison above would compare nothing."""
    fields = "Host: x\r\nAccept-Encoding: gzip\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: 900\r\n"
    for path in ("/services/UDB/DataTilKommune/v1", "/services/UDB/IndberetningFGU/v1?kun-validering=1"):
        for more in (
            "",
            'SOAPAction: ""\r\n',
            "Connection: close\r\nX-Forwarded-Proto: https\r\nClient-Cert: :AA=:\r\n",
        ):
            data = f"POST {path} HTTP/1.1\r\n{fields}{more}\r\n".encode()
            assert Reader(settings(), ADDRESS).read(data, len(data), CALLER) is not None


ANSWERS = {
    "with a length": ("200 OK", [("Content-Type", "text/xml"), ("Content-Length", "6")], [b"abc", b"", b"def"]),
    "in pieces": ("200 OK", [("Content-Type", "text/xml")], [b"abc", b"", b"d" * 300]),
    "longer than it says": ("200 OK", [("Content-Length", "4")], [b"abc", b"def"]),
    "shorter than it says": ("200 OK", [("Content-Length", "40")], [b"abc"]),
    "without body": ("204 No Content", [("Content-Length", "0")], []),
    "not changed": ("304 Not Modified", [("Content-Length", "9")], []),
    "empty": ("500 Internal Server Error", [("Content-Length", "0")], []),
    "nothing at all": ("200 OK", [], []),
    "fields that only a server sends": ("200 OK", [("Connection", "close"), ("Date", "x"), ("X-A", " b ")], [b"a"]),
    "a field that is two": ("200 OK", [("X-A", "b\r\nX-C: d")], [b"a"]),
    "a field that ends a line": ("200 OK", [("X-A", "b\r\n")], [b"a"]),
    "a name that is none": ("200 OK", [("X A", "b")], [b"a"]),
    "a status that is none": ("200 OK\r\nX: y", [], [b"a"]),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_an_answer_to_a_plain_post_is_what_gunicorn_would_write(name: str, connection: str) -> None:
    status, fields, pieces = ANSWERS[name]

    def application(_environ, start_response):
        start_response(status, fields)
        return iter(pieces)

    found = []
    # A tab is a reason to leave the request to gunicorn's parser.
    for space in (" ", "\t"):
        with played(application) as caller:
            head = f"POST /a HTTP/1.1\r\nHost: x\r\nX:{space}y\r\nConnection: {connection}\r\nContent-Length: 0\r\n\r\n"
            caller.send(head.encode())
            answer = caller.received()
            lines = [line for line in answer.split(b"\r\n") if not line.startswith(b"Date: ")]
            caller.hang_up()
            found.append((lines, caller.is_closed(), caller.received()))
    assert found[0] == found[1]
    assert found[0][0][0].startswith(b"HTTP/1.1 ")


def test_the_application_sees_one_request_after_the_other() -> None:
    application = Recorder()
    with played(application) as caller:
        caller.send(b"".join(b"POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n%d" % (i, i) for i in range(9)))
        caller.go_on()
    assert application.seen == [("POST", f"/{i}", b"%d" % i) for i in range(9)]
    assert all(isinstance(environ["wsgi.input"], io.BytesIO) for environ in application.environs)
