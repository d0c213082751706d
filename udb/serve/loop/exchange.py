"""The application's answer to one request, as bytes to send."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from gunicorn.http.errors import NoMoreData

from udb.serve.loop.answer import Answer, Outbox
from udb.serve.loop.incoming import Request
from udb.serve.loop.plain import Plain

if TYPE_CHECKING:
    from udb.serve.loop.worker import Loop


class Exchange:
    """An answer under way. Its iterable goes on as the caller reads: so the application knows whether all was taken."""

    __slots__ = ("_answer", "_head", "_iterable", "_loop", "_pieces", "client", "must_close", "outbox", "unread")

    def __init__(self, loop: "Loop", client: Any) -> None:
        """``client``: the caller's address."""
        self._loop, self.client = loop, client
        self.outbox: Final = Outbox()
        self.unread = 0
        self._answer: Any = None
        self._head: Any = None
        self._iterable: Iterable[bytes] = ()
        self._pieces: Iterator[bytes] | None = None
        self.must_close = True

    def serve(self, request: Request, sock: Any, own: Any) -> None:
        """Call the application. ``sock``: the connection, for its certificate; ``own``: the address that was called."""
        loop, head = self._loop, request.head
        self._head, self.unread = head, request.unread
        must_close = not request.is_whole or not loop.alive
        try:
            if isinstance(head, Plain):
                environ = head.environ
                self._answer = Answer(self.outbox, must_close=must_close or head.should_close)
            else:
                self._answer, environ = head.create(loop.cfg, self.outbox, (self.client, own))
                if must_close:
                    self._answer.force_close()
            environ["wsgi.input"] = request.body
            environ["gunicorn.socket"] = sock
            self._iterable = loop.wsgi(environ, self._answer.start_response)
            self._pieces = iter(self._iterable)
        except Exception as error:  # noqa: BLE001 - every caller gets an answer
            self.break_off(error)

    def write(self) -> bool:
        """Write the next piece to the outbox; return False when there is none."""
        if self._pieces is None:
            return False
        try:
            for piece in self._pieces:
                self._answer.write(piece)
                return True
            self._pieces = None
            self._answer.close()
            self.must_close = self._answer.should_close() or not (isinstance(self._head, Plain) or self._head.is_read())
        except Exception as error:  # noqa: BLE001 - every caller gets an answer
            self.break_off(error)
        return bool(self.outbox)

    def break_off(self, error: Exception) -> None:
        """End the answer with an error: with an answer of its own, if none has begun."""
        self._pieces, self.must_close = None, True
        if getattr(self._answer, "headers_sent", False):
            self._loop.log.error("Error handling request", exc_info=error)
        elif not isinstance(error, NoMoreData | StopIteration):
            request = getattr(self._head, "request", None)
            self._loop.handle_error(request, self.outbox, self.client, error)

    def close(self) -> None:
        """Tell the application that its answer has been sent, or that it was broken off."""
        close = getattr(self._iterable, "close", None)
        self._iterable = ()
        if close is not None:
            try:
                close()
            except Exception:
                self._loop.log.exception("Error handling request")
