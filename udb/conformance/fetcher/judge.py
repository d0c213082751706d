"""The situations that a kommune's system is put into, one after the other, and the judgement of its calls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Any, Final

from lxml import etree

from udb.conformance.fetcher import calls
from udb.conformance.fetcher.calls import Fetch
from udb.conformance.shared import reporting
from udb.conformance.shared.outcome import Outcome, PartOutcome
from udb.conformance.shared.proxy import Passed, Plan, Proxy
from udb.conformance.shared.scenario import Scenario
from udb.conformance.shared.stage import Exchange, Stage
from udb.conformance.shared.transport import Reply, Request
from udb.conformance.shared.xml import Unreadable, parsed
from udb.domain import elementer
from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES
from udb.wsdl import faults
from udb.wsdl.endpoint import fault_xml
from udb.wsdl.faults import ServiceFault
from udb.wsdl.soap import SOAP11, SOAP12

HOME: Final = "stille_kommune"
ELSEWHERE: Final = "anden_stille_kommune"
BORN: Final = date(2008, 3, 5)
DAY: Final = date(2026, 11, 16)
MOST_CALLS: Final = 60
_ID: Final = f"{{*}}{elementer.IDENTIFIER}/{{*}}{elementer.SYSTEM_TRANSACTION_ID}"
_NO_ID: Final = "00000000-0000-4000-8000-000000000000"
SLACK: Final = 0.05
"""Seconds by which two machines' clocks, or two threads, may differ."""


@dataclass(slots=True)
class Script:
    """The state that the situations share. ``pause`` and ``delay``: seconds of Retry-After, and of a slow answer."""

    stage: Stage
    pause: float = 2.0
    delay: float = 5.0
    expected: set[str] = field(default_factory=set)
    """The events that the fetcher should have by now."""
    first: tuple[str, str] = ("", "")
    """The first youth and the number of its first report."""
    mover: tuple[str, tuple[str, ...]] = ("", ())
    """The youth who will move in, and the numbers of the reports about it elsewhere."""

    def prepare(self) -> None:
        """Report on a youth elsewhere, so early that a fetcher by number has passed the reports before the move."""
        cprnr = self.youth(ELSEWHERE)
        self.mover = (cprnr, tuple(self.report(cprnr, kind) for kind in ("HF", "STX")))

    def youth(self, kommune: str = HOME) -> str:
        """Invent another youth of a kommune; return the CPR number."""
        (group,) = self.stage.invented([{"ung": {"born": BORN, "kommune": kommune}}])
        return group["ung"]

    def report(self, cprnr: str, kind: str, **said: Any) -> str:
        """Send a report and return its number. Raises UdbRefused when it is not accepted."""
        return reporting.report(self.stage, cprnr, kind, {elementer.HAENDELSE_DATO: DAY, **said})

    def news(self, count: int) -> None:
        """Make ``count`` new events for the fetcher."""
        for _ in range(count):
            self.expected.add(self.report(self.youth(), "HF"))


Planned = Callable[[Request, Proxy], Plan]


@dataclass(frozen=True, slots=True)
class Situation:
    """One situation. ``begin`` makes it and returns the plan for the calls.

    ``done``: whether all fetches so far have ended it; ``judge``: the faults in those since it began. The last field is
    a note for the operator.
    """

    id: str
    name: str
    krav: tuple[str, ...]
    advice: str
    begin: Callable[[Script], Planned]
    done: Callable[[Script, Sequence[Fetch]], bool]
    judge: Callable[[Script, Sequence[Fetch]], list[str]]
    told: Callable[[Script], str] = lambda _script: ""

    @property
    def scenario(self) -> Scenario:
        """The situation as a scenario of the reports."""
        only = (DATA_TIL_KOMMUNE,)
        return Scenario(self.id, self.name, self.krav, self.advice, None, (), last=False, services=only)


def pass_on(_request: Request, _proxy: Proxy) -> Plan:
    """Leave a call as it is."""
    return Plan()


def once(plan: Plan) -> Planned:
    """Return a plan that treats the next fetch of a page, and no other."""
    left = [plan]
    return lambda request, _proxy: left.pop() if left and calls.is_feed(request) else Plan()


def repeating() -> Planned:
    """Return a plan that answers the second fetch of a page with the first page again."""
    seen: list[int] = []

    def plan(request: Request, proxy: Proxy) -> Plan:
        if not calls.is_feed(request):
            return Plan()
        seen.append(len(proxy.passed))
        if len(seen) != 2:  # noqa: PLR2004 - the second
            return Plan()
        before = next((one for one in proxy.passed[seen[0] :] if calls.is_feed(one.request)), None)
        try:
            return Plan() if before is None else Plan(instead=_again(before, request))
        except Unreadable:
            return Plan()

    return plan


def _again(before: Passed, request: Request) -> Reply:
    """Return an earlier page as the answer to another call. Raises Unreadable."""
    asked, answer = parsed(request.body), parsed(before.reply.body)
    for own, other in zip(answer.iterfind(f".//{_ID}"), asked.iterfind(f".//{_ID}"), strict=False):
        own.text = other.text
    return Reply(before.reply.status, before.reply.headers, etree.tostring(answer))


def unavailable(seconds: float, request: Request) -> Reply:
    """Return the fault of a busy database, in the request's SOAP version."""
    version = SOAP11 if SOAP11.namespace.encode() in request.body else SOAP12
    fault = ServiceFault(faults.DATABASE_UNAVAILABLE)
    body = fault_xml.document(version, SERVICES[DATA_TIL_KOMMUNE], _NO_ID, fault)
    headers: Mapping[str, str] = {"content-type": version.content_type, "retry-after": f"{seconds:g}"}
    return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, headers, body)


def outcome(situation: Situation, wrong: Sequence[str], found: Sequence[Fetch]) -> Outcome:
    """Return the outcome of a situation."""
    exchanges = tuple(Exchange(_named(one), one.passed.request.body, one.passed.reply) for one in found)
    return Outcome(situation.scenario, (PartOutcome(situation.name, tuple(wrong), exchanges),))


def _named(one: Fetch) -> str:
    asked = "opslag" if not one.is_feed else "uden kriterium" if one.cursor is None else "efter nummer"
    done = one.passed.plan
    what = "afbrudt" if done.cut else "besvaret af prøven selv" if done.instead else "forsinket" if done.delay else ""
    return f"{calls.HENT}, {asked}" + (f" ({what})" if what else "")
