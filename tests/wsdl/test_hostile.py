"""Every hostile request of the table gets exactly its answer, and the worker goes on (in this process)."""

import io
import logging
from functools import partial

import pytest
import structlog

from tests.support.fake_context import CPR, REPORT, app_of, envelope, ping, post, send
from tests.support.garbage import left_by
from tests.wsdl.hostile import CASES, as_environ
from udb.wsdl.soap import SOAP11

PAIRS = [pytest.param(case, version, id=f"{case.name}-{version.number}") for case in CASES for version in case.versions]


@pytest.fixture(scope="module")
def app():
    return app_of()


@pytest.mark.parametrize(("case", "version"), PAIRS)
def test_every_case_gets_its_answer_and_nothing_is_given_away(app, case, version, caplog):
    spyne = logging.getLogger("spyne")
    spyne.addHandler(caplog.handler)
    try:
        with structlog.testing.capture_logs() as lines, caplog.at_level(logging.DEBUG):
            answer = send(app, as_environ(case, version))
    finally:
        spyne.removeHandler(caplog.handler)
    assert (answer.status, answer.soap_code, answer.error_code) == case.expected.of(version)
    assert answer.version is version
    assert answer.headers["Content-Type"] == version.content_type
    assert CPR not in answer.body.decode()
    assert CPR not in f"{lines}{caplog.text}"
    assert "libxml" not in answer.body.decode()
    assert caplog.text == "", "spyne and lxml have nothing to say"
    alive = post(app, REPORT, envelope(ping(REPORT)), HTTP_AUTHORIZATION=None)
    assert (alive.status, alive.text("Status")) == (200, "up")


def test_no_case_leaves_anything_to_the_collector(app):
    for _ in range(2):
        calls = [partial(send, app, as_environ(case, case.versions[0])) for case in CASES]
        left = left_by(calls)
    assert left == 0


def test_names_are_not_used_twice():
    assert len({case.name for case in CASES}) == len(CASES)


def test_a_body_shorter_than_its_length_is_a_fault(app):
    body = envelope(ping(REPORT), SOAP11)[:-5]
    answer = post(app, REPORT, body, SOAP11, CONTENT_LENGTH=str(len(body) + 5))
    assert (answer.status, answer.error_code) == (500, "IPL000002")


def test_a_body_above_the_limit_is_read_no_further_than_it_must_be(app):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 < size <= 64 * 1024
            self.given += size
            return b" " * size

    stream = Endless()
    answer = post(app, REPORT, b"", CONTENT_LENGTH=str(10**12), **{"wsgi.input": stream})
    assert (answer.status, answer.error_code) == (413, "UDB009103")
    assert stream.given <= 16 * 1024 * 1024
