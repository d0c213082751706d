"""Calls for the benchmarks over HTTP: reports and fetches, cut off on request."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from tests.support.endpoint import basic
from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES
from udb.sandbox.soapcall import envelope
from udb.wsdl.soap import SOAP11

PATIENCE: Final = 60
UNAVAILABLE: Final = "UDB009104"


class NoAnswerError(Exception):
    """The connection broke, or the service answered that the database is out of reach."""


class WrongAnswerError(Exception):
    """The service answered what it must not."""


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a fetch."""

    numbers: list[str]
    more: bool
    highest: str | None


def post(bind: str, service: str, operation: str, payload: Mapping[str, Any], key: str) -> etree._Element:
    """Make a call and return its answer. Raises NoAnswerError, WrongAnswerError."""
    connection = http.client.HTTPConnection(bind, timeout=PATIENCE)
    try:
        connection.request("POST", SERVICES[service].path, _body(service, operation, payload, key), _HEADERS)
        response = connection.getresponse()
        status, content = response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError from error
    finally:
        connection.close()
    answer = etree.fromstring(content)
    if status != 200:  # noqa: PLR2004 - OK
        if answer.findtext(".//{*}ErrorCode") == UNAVAILABLE:
            raise NoAnswerError
        raise WrongAnswerError(content.decode())
    return answer


def cut_off(bind: str, service: str, operation: str, payload: Mapping[str, Any], key: str) -> None:
    """Make a call and break the connection before its answer is read."""
    body = _body(service, operation, payload, key)
    head = "".join(f"{name}: {value}\r\n" for name, value in {**_HEADERS, "Content-Length": len(body)}.items())
    host, _, port = bind.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), PATIENCE) as connection:
            # The rest of the answer is refused at once and not read.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            connection.sendall(f"POST {SERVICES[service].path} HTTP/1.1\r\nHost: {bind}\r\n{head}\r\n".encode() + body)
    except OSError:
        pass


def report(bind: str, service: str, payload: Mapping[str, Any], key: str) -> str:
    """Send a report and return its number. Raises NoAnswerError, WrongAnswerError."""
    answer = post(bind, service, service, payload, key)
    number = answer.findtext(".//{*}HaendelseNummer")
    if answer.findtext(".//{*}Resultat") != "Accepteret" or number is None:
        raise WrongAnswerError(etree.tostring(answer).decode())
    return number


def fetch(bind: str, kommune: str, key: str, **criterion: str) -> Page:
    """Call HentHaendelser and return the page. Raises NoAnswerError, WrongAnswerError."""
    answer = post(bind, DATA_TIL_KOMMUNE, "HentHaendelser", {"InstitutionNummer": kommune, **criterion}, key)
    more = answer.findtext(".//{*}FindesFlereHaendelser")
    if more is None:
        raise WrongAnswerError(etree.tostring(answer).decode())
    numbers = [str(found.text) for found in answer.iterfind(".//{*}HaendelseUddannelsesForloeb/{*}HaendelseNummer")]
    return Page(numbers, more == "true", answer.findtext(".//{*}HoejesteHaendelseNummer"))


def _body(service: str, operation: str, payload: Mapping[str, Any], key: str) -> bytes:
    return envelope(service, operation, payload, key).encode()


_HEADERS: Final = {"Content-Type": SOAP11.content_type, "Authorization": basic()}
