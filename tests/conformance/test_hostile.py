"""Hostile targets and senders: the run goes on to its report, and terminal, page and memory stay whole."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from lxml import etree
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.conformance import strangers
from tests.conformance.senders import Sender
from tests.conformance.target import InProcess, service
from udb.conformance.report import data as report_data
from udb.conformance.report import html as report_html
from udb.conformance.report import terminal
from udb.conformance.sender import judge, workbook
from udb.conformance.service.run import run
from udb.conformance.shared import places, preflight, proxy
from udb.conformance.shared.outcome import Run, Verdict
from udb.conformance.shared.scenario import scenarios
from udb.conformance.shared.stage import Caller, Stage
from udb.conformance.shared.transport import Reply, Request
from udb.conformance.shared.xml import MOST_TAGS, Unreadable, parsed
from udb.domain.visible import visible

SOAP = "application/soap+xml"
CHOSEN = [one for one in scenarios() if one.id == "hentning-dato"]
TASK = {task.id: task for task in workbook.tasks()}["afsender-optag"]


def envelope(content: str, before: str = "") -> bytes:
    return f'{before}<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">{content}</s:Envelope>'.encode()


ANSWERS = {
    "a comment in Body": (envelope("<s:Body><!-- c --></s:Body>"), SOAP, "præcis ét element"),
    "a processing instruction in Body": (envelope("<s:Body><?evil pi?></s:Body>", "<?x y?>"), SOAP, "præcis ét"),
    "a comment in detail": (
        envelope("<s:Body><s:Fault><s:Detail><!--x--></s:Detail></s:Fault></s:Body>"),
        SOAP,
        "ikke præcis ét element i detail",
    ),
    "an entity in Body": (
        envelope("<s:Body>&e;</s:Body>", '<!DOCTYPE s [<!ENTITY e "x">]>'),
        SOAP,
        "XML med DOCTYPE, som SOAP ikke tillader",
    ),
    "too deep": (envelope("<s:Body>" + "<a>" * 1500 + "</a>" * 1500 + "</s:Body>"), SOAP, "ikke XML"),
    "too large": (envelope("<s:Body>" + "<a/>" * MOST_TAGS + "</s:Body>"), SOAP, "for stort"),
    "terminal escapes": (b"\x1b]0;owned\x07", "text/\x1b[31mevil\x1b]0;t\x07", r"text/\x1b[31mevil"),
    "C1 and bidi controls": (
        envelope("<s:Body><s:Fault><s:Detail>\u009b\u202e</s:Detail></s:Fault></s:Body>"),
        "text/\u009b\u202e",
        r"Content-Type er text/\x9b\u202e",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_is_a_failure_with_a_whole_report(target: InProcess, capsys, name: str) -> None:
    body, kind, said = ANSWERS[name]

    class Hostile(InProcess):
        def send(self, request_: Request) -> Reply:
            reply = super().send(request_)
            hostile = Reply(200, {"content-type": kind}, body)
            return hostile if b"HentHaendelserRequest" in request_.body else reply

    result = run(Hostile(target.app), "here", CHOSEN, places=places.read())
    assert result.count(Verdict.FAILED) == 1
    assert said in " ".join(result.outcomes[0].wrong)
    _is_whole(result, capsys)


def _is_whole(result: Run, capsys) -> None:
    """Check that no report holds a control character, and that none is larger than a reader bears."""
    terminal.show(result, None)
    texts = [capsys.readouterr().out, report_html.page(result), report_data.as_json(result)]
    texts.append(report_data.as_junit(result).decode())
    for text in texts:
        assert [one for one in text if not one.isprintable() and one not in "\n\t\N{NO-BREAK SPACE}"] == []
        assert len(text) < 1_000_000


def test_text_after_an_answers_element_is_no_crash(target: InProcess) -> None:
    class Trailing(InProcess):
        def send(self, request_: Request) -> Reply:
            reply = super().send(request_)
            head, end, tail = reply.body.rpartition(b"Response>")
            return Reply(reply.status, reply.headers, head + end + b"tekst<!-- c -->" * bool(end) + tail)

    result = run(Trailing(target.app), "here", CHOSEN, places=places.read())
    assert (result.passed, [outcome.wrong for outcome in result.outcomes]) == (True, [[]])


def test_comments_in_every_answer_are_no_fault(target: InProcess) -> None:
    class Commenting(InProcess):
        def send(self, request_: Request) -> Reply:
            reply = super().send(request_)
            body = reply.body
            if body.startswith(b"<") and reply.media_type == SOAP:
                body = body.replace(b"><", b"><!-- c --><")
            return Reply(reply.status, reply.headers, body)

    result = run(Commenting(target.app), "here", CHOSEN, places=places.read())
    assert (result.passed, [outcome.wrong for outcome in result.outcomes]) == (True, [[]])


@pytest.mark.parametrize(
    "status",
    [
        b"[" * 100_000,
        b'{"nu": 1}',
        b'{"nu": "2026-08-17T09:00:00+02:00", "unge": "mange"}',
        b'{"nu": "2026-08-17T09:00:00+02:00", "seed": 1}',
        b'{"nu": "2026-08-17T09:00:00+02:00", "systemer": [1]}',
    ],
    ids=["deep", "no instant", "no count", "no seed", "no systems"],
)
def test_a_status_that_is_none_is_no_sandbox(target: InProcess, status: bytes) -> None:
    class Odd(InProcess):
        def send(self, request_: Request) -> Reply:
            is_status = request_.path == "/sandbox/status"
            return Reply(200, {"content-type": "application/json"}, status) if is_status else super().send(request_)

    result = run(Odd(target.app), "here", CHOSEN, places=places.read())
    assert (result.ended, result.count(Verdict.NOT_RUN)) == (None, 1)
    assert preflight.NO_SANDBOX in result.without


def test_what_is_printable_stays_as_it_is() -> None:
    assert visible("Ærø – »å«\n\tx") == "Ærø – »å«\n\tx"
    assert visible("a\x1b[31m\x00\u202eb") == r"a\x1b[31m\x00\u202eb"


def test_entities_and_too_many_elements_are_unreadable() -> None:
    for content in (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', b"<a>" + b"<a/>" * MOST_TAGS + b"</a>", b"", b"<a"):
        with pytest.raises(Unreadable):
            parsed(content)
    assert [child.tag for child in parsed(b"<?x?><a><!-- c --><?p?><b/>t</a>")] == ["b"]


# Senders ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(one_sandbox: Engine) -> Iterator[str]:
    """The address of the sandbox."""
    with capture_logs(), strangers.served(service(one_sandbox)) as url:
        yield url


@pytest.fixture
def stage(one_sandbox: Engine) -> Stage:
    return preflight.look(InProcess(service(one_sandbox)), places.read(), None).stage


class Commenting(Sender):
    """A sender whose toolkit writes comments, as SoapUI does."""

    def changed(self, body: bytes) -> bytes:
        return body.replace(b"<soap:Body>", b"<!-- 1 --><soap:Body><!-- from SoapUI -->").replace(
            b"</soap:Body>", b"<!-- 2 --></soap:Body>"
        )


def test_a_comment_in_the_message_does_not_end_the_session(stage: Stage, served: str) -> None:
    assignments = workbook.assign(stage, [TASK])
    watched = proxy.Proxy(served)
    with proxy.running(watched) as address:
        Commenting(address, stage.callers[""]).work(assignments)
    (outcome,) = [judge.judged(one, watched.passed, places.read()) for one in assignments]
    assert (outcome.wrong, len(outcome.parts[0].exchanges)) == ([], 1)
    assert b"from SoapUI" in outcome.parts[0].exchanges[0].sent


def test_calls_without_the_sessions_key_are_counted_and_not_judged(stage: Stage, served: str) -> None:
    assignments = workbook.assign(stage, [TASK])
    watched = proxy.Proxy(served)
    with proxy.running(watched) as address:
        Sender(address, Caller("sandbox", "forkert")).work(assignments)
        Sender(address, stage.callers[""]).work(assignments)
    (outcome,) = [judge.judged(one, watched.passed, places.read()) for one in assignments]
    assert (outcome.wrong, watched.strangers, len(watched.passed)) == ([], 1, 1)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 99999999\r\n\r\n",
        b"Content-Length: 1_0\r\n\r\n",
        b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nffffffffff\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["negative", "too large", "underscore", "digits", "negative chunk", "large chunk", "no chunk"],
)
def test_a_length_that_is_none_is_answered_and_read_no_further(served: str, head: bytes) -> None:
    watched = proxy.Proxy(served)
    with proxy.running(watched) as address:
        connection = socket.create_connection(urlsplit(address).netloc.split(":"), timeout=10)
        with connection:
            connection.sendall(b"POST /services/UDB/DataTilKommune/v1 HTTP/1.1\r\nHost: x\r\n" + head)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert (watched.passed, watched.waiting) == ([], 0)


@pytest.mark.parametrize("path", ["/services/UDB/\xe6", "/services/UDB/a\x7fb"])
def test_an_address_that_is_no_http_does_not_keep_the_session_waiting(served: str, path: str) -> None:
    watched = proxy.Proxy(served)
    with proxy.running(watched) as address:
        connection = socket.create_connection(urlsplit(address).netloc.split(":"), timeout=10)
        with connection:
            connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode("latin-1"))
            answer = connection.recv(65536)
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 502 "))
    assert watched.waiting == 0


def test_a_chunked_call_arrives_whole(stage: Stage, served: str) -> None:
    watched = proxy.Proxy(served)
    body = etree.tostring(etree.fromstring(envelope("<s:Body/>")))
    with proxy.running(watched) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        headers = {"Content-Type": SOAP, "Authorization": stage.callers[""].authorization}
        connection.request(
            "POST", "/services/UDB/DataTilKommune/v1", iter([body[:9], body[9:]]), headers, encode_chunked=True
        )
        connection.getresponse().read()
        connection.close()
    assert [one.request.body for one in watched.passed] == [body]
    assert watched.strangers == 0
