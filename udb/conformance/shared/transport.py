"""Call the target over HTTP: one call at a time, with limits to time and size, and a message when no answer comes."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import urlsplit

from udb.domain.errors import TargetUnavailable, WrongUse
from udb.domain.text import Text

PATIENCE: Final = 30.0
"""The default limit, in seconds, for an answer."""
LARGEST: Final = 16 * 1024 * 1024
"""The largest answer in bytes; a page of 1,000 events has under two million."""
_PIECE: Final = 64 * 1024
_SCHEMES: Final = ("http", "https")


CUT: Final = Text(
    "Forbindelsen blev afbrudt, før svaret var kommet.", "The connection was closed before the answer had come."
)
NOBODY: Final = Text(
    "Ingen svarer på adressen: forbindelsen blev afvist.",
    "Nothing answers at the address: the connection was refused.",
)
NO_TLS: Final = Text(
    "Det, der svarer på adressen, taler ikke TLS, som det skal. Begynder adressen med http:// og ikke https://?",
    "What answers at the address does not speak TLS. Does the address begin with http:// instead of https://?",
)
NO_HTTP: Final = Text(
    "Det, der svarer på adressen, taler ikke HTTP, som det skal.", "What answers at the address does not speak HTTP."
)
TOO_LARGE: Final = Text(
    f"Svaret er over {LARGEST // (1024 * 1024)} MiB.", f"The answer is over {LARGEST // (1024 * 1024)} MiB."
)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; ``path`` with its query."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer; header names in lower case, ``seconds`` from the first byte sent to the last received."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0

    @property
    def media_type(self) -> str:
        """The Content-Type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Transport(Protocol):
    """A way to the target."""

    def send(self, request: Request) -> Reply:
        """Send a request and return the answer. Raises TargetUnavailable when there is no whole answer."""
        ...


class HttpTransport:
    """A connection to an address that is kept open between calls."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        """``url``: the part before ``/services``; ``patience``: seconds for one call. Raises WrongUse."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise WrongUse(f"{url} is not an address: write http://127.0.0.1:8080") from None
        if parts.scheme not in _SCHEMES or not parts.hostname or parts.query or parts.fragment:
            raise WrongUse(f"{url} is not an address: write http://127.0.0.1:8080")
        self._patience = patience
        self._host, self._port, self._secure = parts.hostname, port, parts.scheme == "https"
        self._base = parts.path.rstrip("/")
        self._connection: http.client.HTTPConnection | None = None

    def send(self, request: Request) -> Reply:
        """Send a request: see ``Transport``. An idle connection that the other side has closed is reopened, once."""
        try:
            return self._sent(request)
        except KeyboardInterrupt:
            # Half an answer may be on the way, and the clock is still to be given back over this transport.
            self.close()
            raise

    def _sent(self, request: Request) -> Reply:
        reused = self._connection is not None
        try:
            return self._send(request)
        except (ConnectionError, http.client.RemoteDisconnected):
            self.close()
            if not reused:
                raise TargetUnavailable(CUT) from None
        return self._first(request)

    def _first(self, request: Request) -> Reply:
        try:
            return self._send(request)
        except (ConnectionError, http.client.RemoteDisconnected):
            self.close()
            raise TargetUnavailable(CUT) from None

    def _send(self, request: Request) -> Reply:
        # The socket's own limit is for each piece: a head that comes a byte at a time would never be late.
        connection = self._connected()
        begun = time.monotonic()
        deadline = threading.Timer(self._patience, self._hang_up)
        deadline.daemon = True
        deadline.start()
        try:
            reply = self._answer(connection, request, begun)
        except (TargetUnavailable, ConnectionError):
            if time.monotonic() - begun < self._patience:
                raise
        else:
            # http.client accepts a head that was cut off as a whole one.
            if reply.seconds < self._patience:
                return reply
        finally:
            deadline.cancel()
        self.close()
        raise TargetUnavailable(self._late)

    @property
    def _late(self) -> Text:
        seconds = f"{self._patience:g}"
        return Text(f"Intet svar inden for {seconds} sekunder.", f"No answer within {seconds} seconds.")

    def _hang_up(self) -> None:
        held = self._connection.sock if self._connection is not None else None
        if held is not None:
            with suppress(OSError):
                # Not the method of a TLS socket, which removes TLS while another thread reads.
                socket.socket.shutdown(held, socket.SHUT_RDWR)

    def _answer(self, connection: http.client.HTTPConnection, request: Request, begun: float) -> Reply:
        try:
            connection.request(request.method, self._base + request.path, request.body or None, dict(request.headers))
            response = connection.getresponse()
            body = self._read(response, begun)
        except TimeoutError:
            self.close()
            raise TargetUnavailable(self._late) from None
        except ConnectionError as error:
            if isinstance(error, ConnectionRefusedError):
                self.close()
                raise TargetUnavailable(NOBODY) from None
            raise
        except http.client.RemoteDisconnected:
            raise
        except ssl.SSLCertVerificationError as error:
            self.close()
            why = error.verify_message
            raise TargetUnavailable(
                Text(
                    f"Tjenestens certifikat kan ikke godkendes ({why}). Er dets udsteder jeres egen, "
                    "så angiv dens certifikat i SSL_CERT_FILE.",
                    f"The service's certificate cannot be verified ({why}). If its issuer is your own, "
                    "give the issuer's certificate in SSL_CERT_FILE.",
                )
            ) from None
        except ssl.SSLError:
            self.close()
            raise TargetUnavailable(NO_TLS) from None
        except http.client.HTTPException:
            self.close()
            raise TargetUnavailable(NO_HTTP) from None
        except OSError as error:
            self.close()
            why = error.strerror or str(error)
            text = Text(f"Adressen kan ikke nås: {why}.", f"The address cannot be reached: {why}.")
            raise TargetUnavailable(text) from None
        headers = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.close()
        return Reply(response.status, headers, body, time.monotonic() - begun)

    def _read(self, response: http.client.HTTPResponse, begun: float) -> bytes:
        body = bytearray()
        try:
            while piece := response.read1(_PIECE):
                body += piece
                if time.monotonic() - begun > self._patience:
                    raise TimeoutError
                if len(body) > LARGEST:
                    self.close()
                    raise TargetUnavailable(TOO_LARGE)
        finally:
            left = response.length
            # Python 3.11 does not notice the end of an answer that is read piece by piece.
            response.close()
        if left:
            raise http.client.IncompleteRead(bytes(body), left)
        return bytes(body)

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
            self._connection = kind(self._host, self._port, timeout=self._patience)
        return self._connection

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
