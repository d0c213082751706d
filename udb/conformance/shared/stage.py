"""The state that all scenarios of a run share: the target, the callers, the clock, the invented youths."""

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from lxml import etree

from udb.conformance.shared import answers, contract
from udb.conformance.shared.answers import Answer
from udb.conformance.shared.places import Places
from udb.conformance.shared.sandbox_client import Doors
from udb.conformance.shared.transport import Reply, Request, Transport
from udb.domain import elementer
from udb.domain.clock import DANISH, danish_date
from udb.domain.cpr import INVENTED_DAY
from udb.domain.errors import UdbRefused
from udb.domain.services import SERVICES
from udb.domain.text import Text
from udb.wsdl.soap import SOAP12, Version

MORNING: Final = time(9)
RESIDENT: Final = "01"
REPLACED: Final = "60"
_CENTURIES: Final = {True: "0123", False: "456789"}
"""The 7th digits of those born before 2000, and from 2000 on (to 2036)."""
_PER_DIGIT: Final = 1000
_TRIES: Final = 60
"""How often numbers are tried for a group of youths, at longer and longer steps."""
_LONGEST_STEP: Final = 256
LOAN: Final = 600
"""For how many seconds the clock is lent: much longer than any call takes."""
EXTENDED_AFTER: Final = 60.0
MOST_KEPT: Final = 512 * 1024
"""How many bytes of an answer are kept for the report."""


NO_NUMBERS: Final = Text(
    "Der er ikke ledige CPR-numre nok i sandkassen. Nulstil den: --reset",
    "The sandbox has not enough free CPR numbers. Reset it: --reset",
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call and its answer, for the report; without credentials."""

    what: str
    sent: bytes
    reply: Reply


@dataclass(slots=True)
class Caller:
    """A system that calls: HTTP Basic with id and key."""

    system: str
    key: str

    @property
    def authorization(self) -> str:
        """The Authorization header."""
        return "Basic " + base64.b64encode(f"{self.system}:{self.key}".encode()).decode()


@dataclass(slots=True)
class Stage:
    """``callers``: by the names of ``Places.systemer``, "" is the main one. ``doors``: None without a sandbox."""

    transport: Transport
    places: Places
    callers: Mapping[str, Caller]
    doors: Doors | None = None
    newest: str = "UDB-" + "0" * 23
    """The highest number in a receipt so far."""
    today: date | None = None
    lends: bool = False
    """Whether the sandbox lends its clock, so that a run that is killed does not leave it changed."""
    lent: float | None = None
    """When the loan was last extended, by a monotonic clock."""
    used: int = 0
    """How many numbers of a birth date earlier youths may have, at most: the numbers are taken from there on."""
    exchanges: list[Exchange] = field(default_factory=list)
    _serials: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    _correlation_ids: set[str] = field(default_factory=set)

    def set_clock(self, when: date | datetime) -> None:
        """Set the clock. A date is that day's morning; a day that has already begun continues."""
        assert self.doors is not None, "a scenario that sets the clock is run in a sandbox"
        now = when if isinstance(when, datetime) else datetime.combine(when, MORNING, DANISH)
        if isinstance(when, datetime) or self.today != when:
            self.doors.set_clock(now, LOAN if self.lends else None)
            self.lent = monotonic() if self.lends else None
        self.today = danish_date(now) if not isinstance(when, datetime) else None

    def keep_clock(self) -> None:
        """Extend the loan of the clock, now and then."""
        if self.doors is not None and self.lent is not None and monotonic() - self.lent > EXTENDED_AFTER:
            self.doors.extend_loan(LOAN)
            self.lent = monotonic()

    def give_clock_back(self) -> None:
        """Leave the clock as it was found. Raises TargetUnavailable, UdbRefused."""
        # Even if no loan is known: a run may be interrupted before the answer to its first came.
        if self.doors is not None and self.lends:
            self.doors.extend_loan(0)
            self.lent = None

    def invent(self, born: date) -> str:
        """Return an invented CPR number that is free as far as this run knows. Raises UdbRefused when none is left."""
        centuries = _CENTURIES[born.year < 2000]  # noqa: PLR2004 - where the CPR number's 7th digit changes its meaning
        there_are = _PER_DIGIT * len(centuries)
        if self._serials[born] >= there_are:
            raise UdbRefused(NO_NUMBERS)
        # Earlier youths seldom have the same birth date, so a full turn is possible before all are in use.
        digit, rest = divmod((self.used + self._serials[born]) % there_are, _PER_DIGIT)
        self._serials[born] += 1
        return f"{born.day + INVENTED_DAY:02}{born:%m%y}{centuries[digit]}{rest:03}"

    def invented(self, groups: Sequence[Mapping[str, Mapping[str, Any]]]) -> list[dict[str, str]]:
        """Invent all youths of some groups in one import; return their numbers by name, group by group.

        Raises UdbRefused when no number is left.
        """
        numbers = self._tried(groups)
        # Some were in use. Asked group by group, the others are not used up with them.
        return numbers if numbers is not None else [self._of_group(group) for group in groups]

    def _of_group(self, group: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
        for tries in range(_TRIES):
            numbers = self._tried([group])
            if numbers is not None:
                return numbers[0]
            # Numbers in use stand together: each earlier run took the next ones.
            for youth in group.values():
                self._serials[youth["born"]] += min(2**tries, _LONGEST_STEP)
        raise UdbRefused(NO_NUMBERS)

    def _tried(self, groups: Sequence[Mapping[str, Mapping[str, Any]]]) -> list[dict[str, str]] | None:
        """Import the youths of some groups under the next numbers; return None when one of them was in use."""
        numbers = [{name: self.invent(youth["born"]) for name, youth in group.items()} for group in groups]
        rows = [
            self.row(own[name], youth)
            for group, own in zip(groups, numbers, strict=True)
            for name, youth in group.items()
        ]
        return numbers if not rows or self.put(rows).get("added") == len(rows) else None

    def row(self, cprnr: str, youth: Mapping[str, Any]) -> dict[str, str]:
        """Return a youth as a line of the CPR register; ``kommune`` by name or as kommunekode."""
        kommune = youth.get("kommune", "kommune")
        kode = "" if kommune is None else self.places.kommuner.get(kommune, kommune)
        contact = {name: str(youth[name]) for name in ("mail", "telefon") if name in youth}
        return {"cprnr": cprnr, "status": youth.get("status", RESIDENT), "kommunekode": kode, **contact}

    def change_number(self, old: str, new: str, youth: Mapping[str, Any]) -> None:
        """Replace a youth's CPR number by another in the CPR register. Raises UdbRefused."""
        self.put([{"cprnr": old, "status": REPLACED, "nyt_cprnr": new}, self.row(new, youth)])

    def put(self, rows: Iterable[Mapping[str, str]]) -> dict[str, Any]:
        """Import lines of the CPR register; return the result."""
        assert self.doors is not None, "a scenario with youths is run in a sandbox"
        return self.doors.import_cpr(rows)

    def call(
        self,
        service: str,
        operation: str,
        values: Mapping[str, Any],
        transaction: str | None = None,
        version: Version = SOAP12,
        caller: str = "",
    ) -> Answer:
        """Call an operation with a payload by element names. Raises TargetUnavailable."""
        used = transaction or str(uuid4())
        body = etree.tostring(contract.envelope(service, operation, values, used, version), pretty_print=True)
        identifier = {elementer.SYSTEM_NAME: contract.SYSTEM_NAME, elementer.SYSTEM_TRANSACTION_ID: used}
        return self.post(service, operation, body, version, caller=caller, identifier=identifier)

    def ping(self, service: str, version: Version = SOAP12) -> Answer:
        """Call Ping, without credentials."""
        body = etree.tostring(contract.ping(service, version), pretty_print=True)
        return self.post(service, "Ping", body, version, caller=None)

    def post(
        self,
        service: str | None,
        operation: str,
        body: bytes,
        version: Version,
        *,
        caller: str | None = "",
        identifier: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        path: str | None = None,
        method: str = "POST",
    ) -> Answer:
        """Send bytes to a service and read the answer; ``caller`` None: without credentials."""
        sent = {"Content-Type": version.content_type, **(headers or {})}
        if caller is not None and "Authorization" not in sent:
            sent["Authorization"] = self.callers[caller].authorization
        address = path or (SERVICES[service].path if service else "")
        reply = self.exchange(
            _named(service, operation, version) or f"{method} {address}", Request(method, address, body, sent)
        )
        answer = answers.read(reply, service, operation, answers.version_of(reply) or version, identifier or {})
        if operation != "Ping":
            self._judge_correlation(answer)
        return answer

    def exchange(self, what: str, request: Request) -> Reply:
        """Send a request; keep it and its answer for the report."""
        self.keep_clock()
        reply = self.transport.send(request)
        self.exchanges.append(Exchange(what, request.body, replace(reply, body=reply.body[:MOST_KEPT])))
        return reply

    def _judge_correlation(self, answer: Answer) -> None:
        if not answer.correlation_id:
            return
        if answer.correlation_id in self._correlation_ids:
            answer.wrong.append("CorrelationID er allerede brugt til et andet kald.")
        self._correlation_ids.add(answer.correlation_id)


def _named(service: str | None, operation: str, version: Version) -> str:
    """Return a call's name in the report; most operations are named as their service, most calls are over SOAP 1.2."""
    named = operation if not operation or service in {None, operation} else f"{operation} ({service})"
    return named and (named if version is SOAP12 else f"{named}, SOAP {version.number}")
