"""The address of a database: libpq's own list of hosts, and SQLAlchemy's repeated ``host=``."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode

POSTGRESQL: Final = "postgresql+psycopg"
SESSIONS: Final = ("any", "read-write", "read-only", "primary", "standby", "prefer-standby")
"""The values of ``target_session_attrs``."""
_SCHEMES: Final = frozenset({"postgres", "postgresql", POSTGRESQL})
_PARTS: Final = re.compile(
    r"(?P<user>(?:[^:/@]*(?::[^@]*)?@)?)(?P<hosts>[^/?]*)(?P<database>(?:/[^?]*)?)(?:\?(?P<more>.*))?"
)
_HOST: Final = re.compile(r"(?P<host>\[[^\]]+\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
_HIGHEST_PORT: Final = 65535


class Host(NamedTuple):
    """A place where the database may be: a name, an address or a socket's folder, and its port as text, or none."""

    host: str
    port: str


def with_driver(url: str) -> str:
    """Return an address as SQLAlchemy takes it: with the driver, and several hosts as ``host=`` and ``port=``.

    Raises ValueError, without a word of the address, since that may hold a password.
    """
    scheme, separator, rest = url.partition("://")
    if scheme not in _SCHEMES:
        return url
    parts = _PARTS.fullmatch(rest)
    if parts is None:
        raise ValueError(_FORM)
    more = parse_qsl(parts["more"] or "", keep_blank_values=True)
    listed = [_host(one) for one in parts["hosts"].split(",")] if parts["hosts"] else []
    repeated = [_host(one) for name, one in more if name == "host" and not _is_folder(one) and "," not in one]
    _require_known(more)
    if len(listed) > 1:
        if any(name in {"host", "port"} for name, _ in more):
            raise ValueError("names hosts twice: in a list, and as host= or port=")
        return _spelled(separator, parts, listed, more)
    if len(repeated) > 1:
        if any(name == "port" for name, _ in more):
            raise ValueError("with host= for each host the port stands behind it: host=db1:5432&host=db2:5432")
        return _spelled(separator, parts, repeated, [pair for pair in more if pair[0] != "host"])
    # SQLAlchemy takes no empty port, libpq does.
    alone = parts["hosts"].removesuffix(":")
    return f"{POSTGRESQL}{separator}{parts['user']}{alone}{rest[parts.end('hosts') :]}"


def is_postgresql(url: str) -> bool:
    """Return whether an address is one of PostgreSQL."""
    return url.partition("://")[0] in _SCHEMES


def hosts_of(parameters: Mapping[str, Any]) -> list[Host]:
    """Return the hosts that libpq's parameters ``host`` and ``port`` name, in their order."""
    names = str(parameters.get("host") or "").split(",")
    ports = str(parameters.get("port") or "").split(",")
    if len(ports) == 1:
        ports *= len(names)
    return [Host(name, port) for name, port in zip(names, ports, strict=True)]


def parameters_of(hosts: Iterable[Host]) -> dict[str, str]:
    """Return libpq's parameters ``host`` and ``port`` for hosts."""
    found = list(hosts)
    return {"host": ",".join(one.host for one in found), "port": ",".join(one.port for one in found)}


def _spelled(separator: str, parts: re.Match[str], hosts: list[Host], more: list[tuple[str, str]]) -> str:
    if not all(one.host for one in hosts):
        raise ValueError("has an empty host in its list")
    query = urlencode([*parameters_of(hosts).items(), *more], quote_via=quote, safe="/,:")
    return f"{POSTGRESQL}{separator}{parts['user']}{parts['database'] or '/'}?{query}"


def _host(text: str) -> Host:
    found = _HOST.fullmatch(unquote(text))
    if found is None or (found["port"] and not 1 <= int(found["port"]) <= _HIGHEST_PORT):
        raise ValueError("has a host or a port that is none: host, host:5432 or [::1]:5432")
    return Host(found["host"].strip("[]"), found["port"] or "")


def _is_folder(host: str) -> bool:
    return host.startswith(("/", "@"))


def _require_known(more: list[tuple[str, str]]) -> None:
    if not more:
        return
    # Not before it is needed: most commands that only print help have no database.
    from psycopg.pq import Conninfo

    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    for name, value in more:
        if name not in known:
            raise ValueError(f"has {name}=, which PostgreSQL's library does not know")
        if name == "target_session_attrs" and value not in SESSIONS:
            raise ValueError(f"has target_session_attrs={value}, which is none of {', '.join(SESSIONS)}")


_FORM: Final = (
    "must be postgresql://user:password@host/database, or with several hosts: user@db1:5432,db2:5432/database"
)
