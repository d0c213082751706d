"""The calls to a sandbox that the suite uses, where it offers them (sources 4): clock, reset, imports, status."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from udb.conformance.shared.transport import Reply, Request, Transport
from udb.domain.errors import TargetUnavailable, UdbRefused
from udb.domain.text import Text
from udb.domain.visible import visible
from udb.imports.cpr import KINDS as CPR_COLUMNS

_HEADERS: Final = {"X-UDB-Sandbox": "1"}
_JSON: Final = _HEADERS | {"Content-Type": "application/json"}
_CSV: Final = _HEADERS | {"Content-Type": "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Doors:
    """A sandbox at an address."""

    transport: Transport

    def status(self) -> dict[str, Any] | Text | None:
        """Return the sandbox's status, or why it refuses to show it; None when there is no sandbox.

        Raises TargetUnavailable, also when the target refuses the name under which it is called.
        """
        reply = self.transport.send(Request("GET", "/sandbox/status", headers=_HEADERS))
        found = _document(reply) if reply.media_type == "application/json" else {}
        said = visible(str(found.get("fejl") or ""))
        if reply.status == HTTPStatus.MISDIRECTED_REQUEST or (reply.status == HTTPStatus.FORBIDDEN and "Host" in said):
            raise TargetUnavailable(
                Text(
                    f"Tjenesten afviser det navn, den kaldes under (HTTP {reply.status}): {said}",
                    f"The service refuses the name by which it is called (HTTP {reply.status}). "
                    f"Name it in UDB_VAERTER, or call it by its own address. It says, in Danish:\n{said}",
                )
            )
        if reply.status != HTTPStatus.OK and said:
            return Text(
                f"Sandkassen afviser kald (HTTP {reply.status}): {said}",
                f"The sandbox refuses calls (HTTP {reply.status}), in Danish: {said}",
            )
        return found if reply.status == HTTPStatus.OK and _is_status(found) else None

    def set_clock(self, now: datetime | None, loan: int | None = None) -> None:
        """Set the clock, for ``loan`` seconds or until it is set again; None is real time. Raises UdbRefused."""
        self._clock({"nu": None if now is None else now.isoformat()} | ({} if loan is None else {"laan": loan}))

    def extend_loan(self, loan: int) -> None:
        """Let the loan of the clock end in so many seconds; 0 gives it back as it was. Raises UdbRefused."""
        self._clock({"laan": loan})

    def _clock(self, said: Mapping[str, Any]) -> None:
        self._done(self.transport.send(Request("PUT", "/sandbox/ur", json.dumps(said).encode(), _JSON)))

    def reset(self) -> None:
        """Restore the state after the seed. Raises UdbRefused."""
        self._done(self.transport.send(Request("POST", "/sandbox/nulstil", b"", _HEADERS | {"Content-Length": "0"})))

    def import_cpr(self, rows: Iterable[Mapping[str, str]]) -> dict[str, Any]:
        """Import lines of the CPR register; return what ``udb import cpr --json`` would print. Raises UdbRefused."""
        return self.import_csv("cpr", CPR_COLUMNS, rows)

    def import_csv(
        self, kind: str, columns: Iterable[str], rows: Iterable[Mapping[str, str]], query: str = ""
    ) -> dict[str, Any]:
        """Import rows as a file of a kind and return the result; ``query``: its options. Raises UdbRefused."""
        text = io.StringIO()
        writer = csv.DictWriter(text, list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)
        body = text.getvalue().encode()
        reply = self.transport.send(Request("POST", f"/sandbox/import/{kind}{query}", body, _CSV))
        return self._done(reply)

    @staticmethod
    def _done(reply: Reply) -> dict[str, Any]:
        found = _document(reply)
        if reply.status != HTTPStatus.OK or not found:
            said = visible(str(found.get("fejl") or ""))
            raise UdbRefused(
                Text(
                    f"Sandkassen afviste (HTTP {reply.status}): {said or 'uden forklaring'}",
                    f"The sandbox refused (HTTP {reply.status}), in Danish:\n{said or '-'}",
                )
            )
        return found


def _document(reply: Reply) -> dict[str, Any]:
    """Return the JSON object of an answer; an empty one when it has none."""
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_status(found: dict[str, Any]) -> bool:
    """Return whether this is the status of a sandbox (sources 4), as far as the suite reads it."""
    seed, systems = found.get("seed", {}), found.get("systemer", [])
    counts = [found.get(name, 0) for name in ("unge", "numre_flest_paa_en_dag")]
    return (
        _is_instant(found.get("nu"))
        and isinstance(seed, dict)
        and all(type(count) is int for count in (*counts, seed.get("unge", 0)))
        and isinstance(systems, list)
        and all(isinstance(one, dict) and "id" in one for one in systems)
    )


def _is_instant(text: object) -> bool:
    try:
        datetime.fromisoformat(str(text))
    except ValueError:
        return False
    return True
