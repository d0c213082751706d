"""The plain POST, which every report and fetch is: one regular expression reads its head.

It reads only what has one meaning. Any other head, and any header that says how a message is sent or answered, is left
to gunicorn's parser. Where both read, they give the application the same (``tests/serve/test_two_parsers.py``).
"""

import re
from typing import Any, Final

from gunicorn.http.message import _ip_in_allow_list
from gunicorn.http.wsgi import base_environ

_MOST_HEAD: Final = 4000
"""Below every limit that gunicorn's parser has for a line."""
_MOST_FIELDS: Final = 100
_HEAD: Final = re.compile(
    r"POST ((?:/[A-Za-z0-9._-]+)+)(?:\?([A-Za-z0-9._=&-]*))? HTTP/1\.1\r\n"
    r"((?:[A-Za-z][A-Za-z0-9-]*: [ -~]*\r\n)+)\r\n"
)
_FIELD: Final = re.compile(r"([A-Za-z0-9-]+): ([ -~]*)\r\n")
_LENGTH: Final = re.compile(r"[0-9]{1,10}")
_OTHER_WAY: Final = frozenset({"TRANSFER-ENCODING", "EXPECT", "UPGRADE", "HTTP2-SETTINGS"})
_WITHOUT_PREFIX: Final = {"CONTENT-TYPE": "CONTENT_TYPE", "CONTENT-LENGTH": "CONTENT_LENGTH"}
_CONNECTION: Final = {"keep-alive": False, "close": True}
_MOST_NAMES: Final = 256


class Plain:
    """A plain POST whose head was read."""

    __slots__ = ("environ", "length", "should_close")

    def __init__(self, environ: dict[str, Any], length: int, *, should_close: bool) -> None:
        self.environ = environ
        self.length = length
        self.should_close = should_close


class Reader:
    """Reads the heads of plain POSTs for one worker."""

    def __init__(self, cfg: Any, server: Any) -> None:
        """``cfg``: gunicorn's settings; ``server``: the address that callers connect to."""
        self._cfg = cfg
        self._schemes: dict[str, str] = dict(cfg.secure_scheme_headers)
        self._keys: dict[str, tuple[str, str]] = {}
        self._base = {
            **base_environ(cfg),
            "wsgi.multithread": True,
            "wsgi.url_scheme": "https" if cfg.is_ssl else "http",
            "wsgi.early_hints": _no_hints,
            "REQUEST_METHOD": "POST",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": server[0],
            "SERVER_PORT": str(server[1]),
            "SCRIPT_NAME": "",
        }

    def read(self, data: bytes | bytearray, head_end: int, client: Any) -> Plain | None:
        """Return the request whose head ends at ``head_end``; None: it is for gunicorn's parser."""
        # Latin-1 makes one character of each byte.
        if head_end > _MOST_HEAD or not (found := _HEAD.fullmatch(data[:head_end].decode("latin-1"))):
            return None
        path, query, lines = found.groups()
        fields = _FIELD.findall(lines)
        if len(fields) > _MOST_FIELDS:
            return None
        environ = dict(self._base)
        should_close = False
        for name, value in fields:
            upper, key = self._keys.get(name) or self._key(name)
            if key in environ or upper in _OTHER_WAY:
                return None
            environ[key] = value.strip(" ")
            if upper == "CONNECTION":
                if (asked := environ[key].lower()) not in _CONNECTION:
                    return None
                should_close = _CONNECTION[asked]
            elif upper in self._schemes and self._is_trusted(client):
                environ["wsgi.url_scheme"] = "https" if environ[key] == self._schemes[upper] else "http"
        length = environ.get("CONTENT_LENGTH", "0")
        if not _LENGTH.fullmatch(length):
            return None
        environ["PATH_INFO"], environ["QUERY_STRING"] = path, query or ""
        environ["RAW_URI"] = path if query is None else f"{path}?{query}"
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = client[0], str(client[1])
        return Plain(environ, int(length), should_close=should_close)

    def _key(self, name: str) -> tuple[str, str]:
        upper = name.upper()
        found = upper, _WITHOUT_PREFIX.get(upper) or f"HTTP_{upper.replace('-', '_')}"
        if len(self._keys) < _MOST_NAMES:
            self._keys[name] = found
        return found

    def _is_trusted(self, client: Any) -> bool:
        networks = self._cfg.forwarded_allow_networks()
        return bool(_ip_in_allow_list(client[0], self._cfg.forwarded_allow_ips, networks))


def _no_hints(_headers: Any) -> None:
    """Send no early hints (103): a caller of a service does not use them."""
