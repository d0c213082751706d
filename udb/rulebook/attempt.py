"""An example as calls to a sandbox: whole envelopes, and a shell script that makes every call."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from udb.domain.clock import DANISH
from udb.domain.elementer import SYSTEM_TRANSACTION_ID
from udb.domain.services import PAYLOAD_NAMESPACE, SERVICES
from udb.rulebook.examples import NUMBER_OF, Example, Line, compared
from udb.wsdl.soap import PAYLOAD_PREFIX, SOAP11, WRAPPER_PREFIX

SYSTEM_NAME: Final = "Regelbogen"
MAKE_RUN: Final = "http://127.0.0.1:8080"
"""The address of the sandbox that ``make run`` starts."""
NAME: Final = "Ung Opdigtet"
"""The name of every youth of the examples."""
CPR_COLUMNS: Final = "cprnr;navn;status;kommunekode;nyt_cprnr;mail;telefon"
BEVIS_COLUMNS: Final = "cprnr;institutionsnummer;cosa_formaal;dato"
MORNING: Final = time(9)

_OPENING: Final = re.compile(r' xmlns:v1="[^"]*"')
_SCRIPT: Final = """\
udb={base}
sandkasse() {{ curl -sS -H 'X-UDB-Sandbox: 1' "$@"; echo; }}
noegle=$(sandkasse "$udb/sandbox/status" | tr -d '\\n ' |
  sed 's/.*"id":"sandbox"[^}}]*"noegle":"\\([^"]*\\)".*/\\1/')
send() {{ curl -sS --user "sandbox:$noegle" -H 'Content-Type: {content_type}' --data-binary @- "$udb$1"; }}
"""
_DRAWN: Final = f"sed -n 's/.*<{PAYLOAD_PREFIX}:HaendelseNummer>\\([^<]*\\)<.*/\\1/p'"


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP call.

    ``content``: the body, in which NUMBER_OF stands for the number of an earlier report. ``point``: the point of the
    story at which it is made, counted from 1; None for the message itself.
    """

    method: str
    path: str
    content: str
    point: int | None = None

    @property
    def is_report(self) -> bool:
        """True for a call of a service, False for one of the sandbox's own."""
        return self.path.startswith("/services/")


def envelope(service: str, transaction: str, xml: str) -> str:
    """Return a report as a whole SOAP 1.1 message."""
    return "\n".join(envelope_lines(service, transaction, xml.splitlines())) + "\n"


def envelope_lines(service: str, transaction: str, payload: Iterable[str]) -> list[str]:
    """Return the lines of a whole SOAP 1.1 message around those of a report."""
    wrapper = WRAPPER_PREFIX
    return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<soap:Envelope xmlns:soap="{SOAP11.namespace}"',
        f'               xmlns:{wrapper}="{SERVICES[service].namespace}"',
        f'               xmlns:{PAYLOAD_PREFIX}="{PAYLOAD_NAMESPACE}">',
        "  <soap:Body>",
        f"    <{wrapper}:{service}Request>",
        f"      <{wrapper}:Identifier>",
        f"        <{wrapper}:SystemName>{SYSTEM_NAME}</{wrapper}:SystemName>",
        f"        <{wrapper}:SystemTransactionID>{transaction}</{wrapper}:SystemTransactionID>",
        f"      </{wrapper}:Identifier>",
        f"      <{wrapper}:Message>",
        *(f"        {_OPENING.sub('', line)}" for line in payload),
        f"      </{wrapper}:Message>",
        f"    </{wrapper}:{service}Request>",
        "  </soap:Body>",
        "</soap:Envelope>",
    ]


def marked(example: Example, other: Example) -> list[Line]:
    """Return the lines of an example's whole message, with those in which the other's report differs."""
    report = compared(example, other)
    lines = envelope_lines(example.service, example.transaction, [line.text for line in report])
    first = lines.index(f"      <{WRAPPER_PREFIX}:Message>") + 1
    differs = {number for number, line in enumerate(report, first) if line.differs}
    if example.repeats_its_id != other.repeats_its_id:
        differs |= {number for number, line in enumerate(lines) if f":{SYSTEM_TRANSACTION_ID}>" in line}
    return [Line(line, number in differs) for number, line in enumerate(lines)]


def calls(example: Example) -> list[Call]:
    """Return every call of an example in order; the last one is its message."""
    made = [call for point, fact in enumerate(example.before, 1) for call in _calls(fact, point, example)]
    return [*made, _report(example.service, example.transaction, example.xml, None)]


def script(example: Example, base: str = MAKE_RUN) -> str:
    """Return a shell script that tries an example in a sandbox. ``base``: its address, without a path."""
    return _SCRIPT.format(base=shlex.quote(base), content_type=SOAP11.content_type) + "\n".join(
        map(_command, calls(example))
    )


def _calls(fact: Mapping[str, Any], point: int, example: Example) -> Iterator[Call]:
    if fact["what"] == "day":
        now = datetime.combine(date.fromisoformat(fact["day"]), MORNING, DANISH)
        yield Call("PUT", "/sandbox/ur", f'{{"nu": "{now.isoformat()}"}}', point)
    elif fact["what"] == "number":
        old = f"{fact['old']};{NAME};60;{fact['kommune']};{fact['new']};;"
        new = f"{fact['new']};{NAME};01;{fact['kommune']};;;"
        yield Call("POST", "/sandbox/import/cpr", f"{CPR_COLUMNS}\n{old}\n{new}\n", point)
    elif fact["what"] == "leveret":
        beviser = (one for one in example.before if one["what"] == "bevis")
        lines = "".join(f"{one['cprnr']};{one['nummer']};{one['formaal']};{one['day']}\n" for one in beviser)
        yield Call("POST", f"/sandbox/import/eksamensbeviser?til={fact['day']}", f"{BEVIS_COLUMNS}\n{lines}", point)
    elif fact["what"] == "report":
        yield _report(fact["service"], fact["transaction"], fact["xml"], point)


def _report(service: str, transaction: str, xml: str, point: int | None) -> Call:
    return Call("POST", SERVICES[service].path, envelope(service, transaction, xml), point)


def _command(call: Call) -> str:
    content = call.content.rstrip("\n")
    if not call.is_report:
        data = f"-X {call.method} --data-binary @- " + f'"$udb{call.path}"'
        return f"sandkasse {data} <<'SLUT'\n{content}\nSLUT"
    sent = f"send {call.path} <<SLUT\n{content}\nSLUT"
    if call.point is None:
        return f"{sent}\n"
    return f"{NUMBER_OF.format(call.point)[1:]}=$(send {call.path} <<SLUT | {_DRAWN}\n{content}\nSLUT\n)"
