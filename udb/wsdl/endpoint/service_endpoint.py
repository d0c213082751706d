"""The endpoint of one service: it reads a request's bytes and returns the pieces of its answer."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from lxml import etree

from udb.domain.call import Caller, nothing
from udb.domain.errors import NotAuthenticated
from udb.domain.services import Service
from udb.wsdl import record
from udb.wsdl.endpoint.http import Environ, Response, media, read_body, require_post, validate_only
from udb.wsdl.endpoint.operation import FUNCTIONS, Session, SpyneContext
from udb.wsdl.endpoint.protocol import Operations
from udb.wsdl.endpoint.translate import log_unexpected
from udb.wsdl.endpoint.trial import is_trial, refuse_at_fetch
from udb.wsdl.models.envelope import PING
from udb.wsdl.signature.header import is_there
from udb.wsdl.signature.require import require_signature
from udb.wsdl.soap import Version
from udb.wsdl.xml.envelope import open_envelope
from udb.wsdl.xml.parse import parse

SIGNED_ALONE: Final = (
    "Kaldet har en signatur, men den er ikke nok: giv også klientcertifikatet til det, der opretter TLS-forbindelsen."
)
HELD_BACK: Final = 64 * 1024
"""An answer of up to this many bytes is sent whole, with its length; a longer answer is sent in pieces."""


class Sending:
    """The bytes of an answer; then it calls ``delivered`` if the server took all of them, else ``broken``."""

    def __init__(self, pieces: Iterable[bytes], session: Session) -> None:
        self._pieces = pieces
        self._session = session
        self._complete = False
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces; possible only once."""
        yield from self._pieces
        # Reached only when the server has taken the last piece and requests another.
        self._complete = True

    def close(self) -> None:
        """End the call. WSGI servers call this when the answer has been sent, and also when it could not be sent."""
        if self._closed:
            return
        self._closed = True
        after = self._session.delivered if self._complete else self._session.broken
        if after is nothing:
            return
        # The log binding of the call ended before the answer was sent.
        token = record.begin(correlation_id=self._session.correlation_id)
        try:
            after()
        except Exception as error:  # noqa: BLE001 - the answer has been sent; the error can only be logged
            log_unexpected("call.after_answer_failed", error)
        finally:
            record.end(token)


class Endpoint:
    """A service in both SOAP versions."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.operations = Operations(service, FUNCTIONS[service.name])

    def answer(self, environ: Environ, session: Session) -> Response:
        """Return the answer to one call. Raises ServiceFault, NotAuthenticated, or the exception of any other error."""
        require_post(environ)
        in_query = validate_only(environ)
        refuse_at_fetch(self.service, asked=in_query)
        version, charset = media(environ)
        root = parse(read_body(environ, session.context.settings.maks_body), charset)
        envelope = open_envelope(root, version)
        operation = self.operations.of(envelope.payload)
        session.operation = operation.name
        record.note(operation=operation.name)
        if operation.name != PING:
            session.caller = _authenticated(environ, session, root, version)
            record.note(system_id=session.caller.system_id, certificate=session.caller.certificate)
            session.context.count_call(session.caller.system_id)
            if self.service.reports:
                # Before anything of the message is used: the same answer, whomever it is about.
                session.context.require_room(session.caller.system_id)
            require_signature(root, version, session.context, session.caller.system_id)
            settings = session.context.settings
            session.validate_only = is_trial(envelope.headers, version, self.service, settings, in_query=in_query)
        answer = operation.carry_out(SpyneContext(session), operation.read(envelope.payload))
        try:
            pieces = _signed(operation.write(answer, version), version, session)
            return _response(pieces, version.content_type, session)
        except BaseException:
            # There is no Sending yet, which would otherwise call it.
            session.broken()
            raise


def _authenticated(environ: Environ, session: Session, root: etree._Element, version: Version) -> Caller:
    try:
        return session.context.authenticate(environ)
    except NotAuthenticated as error:
        if error.without_certificate and is_there(root, version):
            error.details = f"{error.details} {SIGNED_ALONE}" if error.details else SIGNED_ALONE
        raise


def _signed(pieces: Iterator[bytes], version: Version, session: Session) -> Iterator[bytes]:
    sign = session.soap.sign_answer
    if sign is None or session.operation == PING:
        return pieces
    # The signature covers the whole answer, so no part of it can be sent earlier.
    return iter([sign(b"".join(pieces), version)])


def _response(pieces: Iterator[bytes], content_type: str, session: Session) -> Response:
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > HELD_BACK:
            return Response(200, content_type, Sending(chain(held, pieces), session))
    return Response(200, content_type, Sending([b"".join(held)], session), {"Content-Length": str(size)})
