"""Judge a sender: compare what arrived about each youth of the workbook with what should have."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from lxml import etree

from udb.conformance.sender import workbook
from udb.conformance.sender.workbook import ABOUT, CANCELS, FREE, NAMED, Assignment
from udb.conformance.shared import contract
from udb.conformance.shared.contract import written
from udb.conformance.shared.expect import told
from udb.conformance.shared.outcome import Outcome, PartOutcome
from udb.conformance.shared.places import Places
from udb.conformance.shared.proxy import Passed, Plan, Proxy, value, values
from udb.conformance.shared.receipts import ACCEPTED
from udb.conformance.shared.scenario import shared
from udb.conformance.shared.stage import Exchange, Stage
from udb.conformance.shared.transport import Reply, Request
from udb.conformance.shared.xml import Unreadable, parsed
from udb.domain import elementer
from udb.domain.clock import danish, danish_date
from udb.domain.services import REPORTS
from udb.rules.rule import Alvor
from udb.wsdl.xml.lexical import read_datetime

_FALSE: Final = frozenset({"false", "0"})
_TRUE: Final = frozenset({"true", "1"})
NOTHING: Final = (
    "Der er intet modtaget om den unge. Opgaven er ikke gjort, eller kaldene kom ikke til den adresse, opgavebogen har."
)


def planned(assignments: Sequence[Assignment], stage: Stage) -> Any:
    """Return a plan for the proxy: it cuts the first call about a youth whose task says so, and changes numbers."""
    doomed = {one.cprnr for one in assignments if one.task.cut}
    changing = {one.cprnr: one for one in assignments if one.task.changes is not None}

    def plan(request: Request, _proxy: Proxy) -> Plan:
        about = {number for number in doomed if f">{number}<".encode() in request.body}
        doomed.difference_update(about)
        changes = [one for number, one in changing.items() if f">{number}<".encode() in request.body]
        return Plan(cut=bool(about), then=change(changes[0]) if changes else None)

    def change(assignment: Assignment) -> Callable[[Reply], None]:
        def then(reply: Reply) -> None:
            if f">{ACCEPTED}<".encode() in reply.body and changing.pop(assignment.cprnr, None) is not None:
                workbook.change_number(stage, assignment)

        return then

    return plan


def judged(assignment: Assignment, passed: Sequence[Passed], places: Places) -> Outcome:
    """Return the outcome of a task."""
    numbers = set(assignment.numbers.values())
    own = [
        one
        for one in passed
        if one.operation in REPORTS and value(one.said(), elementer.CPRNR) in numbers and not one.is_trial
    ]
    wrong = _wrong(assignment, own, places) if own else [NOTHING]
    exchanges = tuple(Exchange(f"{one.operation}{_how(one)}", one.request.body, one.reply) for one in own)
    return Outcome(assignment.task.scenario, (PartOutcome(assignment.text, tuple(wrong), exchanges),))


def _how(one: Passed) -> str:
    return " (forbindelsen blev afbrudt før svaret)" if one.plan.cut else ""


def _wrong(assignment: Assignment, own: Sequence[Passed], places: Places) -> list[str]:
    task = assignment.task
    found = [f"{one.operation} fik en fejl: {_fault(one)}." for one in own if one.answered() is None]
    accepted = _once([one for one in own if value(one.answered(), elementer.RESULTAT) == ACCEPTED])
    refused = [
        one for one in own if one.answered() is not None and value(one.answered(), elementer.RESULTAT) != ACCEPTED
    ]
    found += _refusals_wrong(task.refused_first, own, refused)
    if task.cut:
        found += _resent_wrong(own)
    if task.signed:
        found += [f"{one.operation} er ikke signeret." for one in accepted if not one.is_signed]
    wanted = _expected(assignment, accepted, places)
    return found + (_unordered_wrong(wanted, accepted) if task.any_order else _ordered_wrong(wanted, accepted))


def _fault(one: Passed) -> str:
    try:
        root = parsed(one.reply.body)
    except Unreadable:
        return f"HTTP {one.reply.status}"
    parts = [root.findtext(f".//{{*}}{name}") or "" for name in (elementer.ERROR_CODE, elementer.DETAILS)]
    return " ".join(parts).strip()


def _once(accepted: Sequence[Passed]) -> list[Passed]:
    """Return the calls without those that only repeat one: the same id gets the same receipt."""
    by_id = {one.transaction: one for one in reversed(accepted)}
    return [one for one in accepted if by_id[one.transaction] is one]


def _codes(one: Passed, *, refusing: bool = False) -> set[str]:
    """Return the codes of an answer; ``refusing``: without advice, which refuses nothing."""
    answer = one.answered()
    return {
        line.findtext(f"{{*}}{elementer.FEJL_KODE}") or ""
        for line in (() if answer is None else answer.iter(f"{{*}}{elementer.FEJL}"))
        if not refusing or line.findtext(f"{{*}}{elementer.ALVOR}") == Alvor.HAARD
    }


def _refusals_wrong(wanted: frozenset[str], own: Sequence[Passed], refused: Sequence[Passed]) -> list[str]:
    found = []
    if wanted and (not refused or refused[0] is not own[0] or not wanted <= _codes(refused[0])):
        found.append(f"Den første besked skulle være den, opgaven beskriver, og afvises med {told(sorted(wanted))}.")
    others = refused[1:] if wanted else refused
    found += [f"{one.operation} blev afvist: {told(sorted(_codes(one, refusing=True)))}." for one in others]
    contents = [_content(one) for one in refused]
    if len(set(contents)) < len(contents):
        found.append("Den afviste besked er sendt igen uden at være rettet.")
    return found


def _resent_wrong(own: Sequence[Passed]) -> list[str]:
    first, *later = own
    again = [one for one in later if one.transaction == first.transaction]
    if not again:
        return ["Efter den afbrudte forbindelse er beskeden ikke sendt igen med samme SystemTransactionID."]
    return (
        []
        if all(_content(one) == _content(first) for one in again)
        else ["Beskeden er ændret, før den blev sendt igen."]
    )


def _content(one: Passed) -> bytes:
    said = one.said()
    return b"" if said is None else etree.tostring(said, method="c14n", exclusive=True)


def _expected(assignment: Assignment, accepted: Sequence[Passed], places: Places) -> list[dict[str, Any]]:
    """Return the expected messages, with the values of their names."""
    found: list[dict[str, Any]] = []
    for position, message in enumerate(assignment.task.messages):
        who = {elementer.CPRNR: assignment.numbers.get(message.get(ABOUT, ""), assignment.cprnr)}
        if CANCELS in message:
            names = [one.get(NAMED) for one in assignment.task.messages]
            at = names.index(message[CANCELS])
            number = value(accepted[at].answered(), elementer.HAENDELSE_NUMMER) if at < len(accepted) else None
            kind = {"service": found[at]["service"], elementer.ANNULLERING: True, elementer.HAENDELSE_NUMMER: number}
        else:
            said = {name: assignment.events.get(str(one), one) for name, one in message.items()}
            kind = {elementer.ANNULLERING: False, **shared().reports[message["send"]], **said}
            kind[elementer.INSTITUTION_NUMMER] = places.institutioner[kind[elementer.INSTITUTION_NUMMER]]
        found.append({**who, **kind, "nummer": position + 1})
    return found


def _ordered_wrong(wanted: Sequence[Mapping[str, Any]], accepted: Sequence[Passed]) -> list[str]:
    found = [said for message, one in zip(wanted, accepted, strict=False) for said in _differences(message, one)]
    return found + _count_wrong(wanted, accepted)


def _unordered_wrong(wanted: Sequence[Mapping[str, Any]], accepted: Sequence[Passed]) -> list[str]:
    left = list(accepted)
    found = []
    for message in wanted:
        fitting = next((one for one in left if not _differences(message, one)), None)
        if fitting is None:
            found.append(f"Besked {message['nummer']} er ikke modtaget, som den skulle være.")
        else:
            left.remove(fitting)
    return found + _count_wrong(wanted, accepted)


def _count_wrong(wanted: Sequence[Mapping[str, Any]], accepted: Sequence[Passed]) -> list[str]:
    if len(accepted) < len(wanted):
        return [f"Der er modtaget {len(accepted)} af {_messages(len(wanted))}."]
    if len(accepted) > len(wanted):
        return [f"Der er modtaget {_messages(len(accepted))}; der skulle være {len(wanted)}."]
    return []


def _messages(count: int) -> str:
    return f"{count} {'besked' if count == 1 else 'beskeder'}"


def _differences(wanted: Mapping[str, Any], one: Passed) -> list[str]:
    head = f"Besked {wanted['nummer']}"
    if one.operation != wanted["service"]:
        return [f"{head} kom gennem {one.operation}; den skulle komme gennem {wanted['service']}."]
    found = []
    for name, path in contract.paths(one.operation).items():
        if name in wanted and wanted[name] != FREE:
            expected = wanted[name] if isinstance(wanted[name], list) else [wanted[name]]
            said = values(one.said(), path)
            if not _agree(expected, said):
                found.append(f"{head}: {name} er {told(said) if said else 'ikke med'}; {_wanted(expected)}.")
    return found


def _agree(expected: Sequence[Any], said: Sequence[str]) -> bool:
    if expected in ([None], [False]):
        return not said or (expected == [False] and said[0] in _FALSE)
    return len(expected) == len(said) and all(_agrees(one, text) for one, text in zip(expected, said, strict=True))


def _agrees(expected: Any, said: str) -> bool:
    if isinstance(expected, bool):
        return said in (_TRUE if expected else _FALSE)
    if isinstance(expected, datetime):
        return danish(read_datetime(said)) == danish(expected)
    if isinstance(expected, date):
        return danish_date(read_datetime(said)) == expected
    return said == str(expected)


def _wanted(expected: Sequence[Any]) -> str:
    if expected == [None]:
        return "det skulle ikke være med"
    return f"det skulle være {told([one.isoformat() if isinstance(one, date) else written(one) for one in expected])}"
