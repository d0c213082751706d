"""Where a request ends is found as soon as it has come, and no sooner."""

import pytest

from udb.serve.loop.arrival import Chunks, Head, Hopeless

BODIES = {
    "two chunks": b"3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n",
    "none": b"0\r\n\r\n",
    "with extension": b"3;a=b\r\nabc\r\n0;c\r\n\r\n",
    "with trailers": b"3\r\nabc\r\n0\r\nX: y\r\nZ: w\r\n\r\n",
    "a chunk that looks like an end": b"7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("name", BODIES)
def test_the_end_of_chunks_is_found_with_their_last_byte(name):
    body = BODIES[name]
    before = b"a head"
    chunks = Chunks(len(before))
    for end in range(len(body)):
        assert chunks.end(before + body[:end]) == 0
    assert chunks.end(bytearray(before + body + b"the next request")) == len(before + body)


@pytest.mark.parametrize(
    "body", [b"x\r\n", b"-1\r\n", b"0x1\r\n", b"\r\n", b"1 1\r\n", b"1" * 9000, b"f" * 17 + b"\r\n"]
)
def test_what_cannot_be_a_chunk_is_waited_for_no_longer(body):
    with pytest.raises(Hopeless):
        Chunks(0).end(body)


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\nGET / HTTP/1.0\r\n\r\n", b"\r\n\r\n"])
def test_the_end_of_a_head_is_found_with_its_last_byte(head):
    search = Head()
    for end in range(len(head)):
        assert search.end(head[:end]) == 0
    assert search.end(head + b"body") == len(head)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\n",
        b"GET / HTTP/1.1\r\nHost: x\n",
        b"SSH-2.0-x\r\n",
        b"\r\nGET\r\n",
        b"G" * 5000,
        b"\x16\x03\r\n",
    ],
)
def test_what_cannot_be_a_head_is_waited_for_no_longer(head):
    with pytest.raises(Hopeless):
        Head().end(head)
    assert is_hopeless_in_pieces(head)


def is_hopeless_in_pieces(head):
    search = Head()
    try:
        return [search.end(head[:end]) for end in range(1, len(head) + 1)] == []
    except Hopeless:
        return True
