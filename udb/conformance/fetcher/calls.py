"""A fetcher's calls: what they asked for, and what the answers had."""

from collections.abc import Sequence
from dataclasses import dataclass

from udb.conformance.shared import pages
from udb.conformance.shared.answers import Answer, texts
from udb.conformance.shared.proxy import Passed, value
from udb.conformance.shared.transport import Reply, Request
from udb.domain import elementer

HENT = "HentHaendelser"


@dataclass(frozen=True, slots=True)
class Fetch:
    """One HentHaendelser. ``cursor`` and ``cprnr``: its criterion; ``given``: whether the answer reached the caller."""

    passed: Passed
    cursor: str | None
    cprnr: str | None
    given: bool
    more: bool
    highest: str | None
    numbers: frozenset[str]
    cancelled: frozenset[str]

    @property
    def is_feed(self) -> bool:
        """True unless it is a look-up."""
        return self.cprnr is None

    def repeats(self, other: "Fetch") -> bool:
        """Return whether it repeats another fetch: by the same number, or without criterion under the same id."""
        if self.cursor is None and other.cursor is None:
            return self.passed.transaction == other.passed.transaction
        return self.cursor == other.cursor


def fetches(passed: Sequence[Passed]) -> list[Fetch]:
    """Return the fetches among the calls, in the order in which they began."""
    found = [_fetch(one) for one in passed if one.operation == HENT]
    return sorted(found, key=lambda one: one.passed.begun)


def is_feed(request: Request) -> bool:
    """Return whether a request fetches a page of events."""
    return b"HentHaendelserRequest" in request.body and b"CPRNr>" not in request.body


def _fetch(passed: Passed) -> Fetch:
    said = passed.said()
    answer = Answer(Reply(0, {}, b""), payload=passed.answered())
    events = [event for _, youth in pages.youths(answer) for event in pages.events(youth)]
    given = not passed.plan.cut and answer.payload is not None
    return Fetch(
        passed=passed,
        cursor=value(said, elementer.HAENDELSE_NUMMER),
        cprnr=value(said, elementer.CPRNR),
        given=given,
        more=pages.more(answer),
        highest=pages.highest(answer),
        numbers=frozenset(number for number, _ in events) if given else frozenset(),
        cancelled=frozenset(
            cancelled for _, event in events for cancelled in texts(event, elementer.ANNULLERET_HAENDELSE_NUMMER)
        )
        if given
        else frozenset(),
    )


def given_numbers(found: Sequence[Fetch]) -> set[str]:
    """Return the numbers of all events that the caller received."""
    return {number for one in found for number in one.numbers}
